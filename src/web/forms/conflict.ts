import type { FastifyReply, FastifyRequest } from 'fastify';
import type { OpenCase } from '../../cases/cases.ts';
import type { DraftKey } from '../../cases/stores/case-store.ts';
import type { Answers } from '../../definitions/bundle.ts';
import type { CaseRecord } from '../../engine/state/case-state.ts';
import { decode } from '../../forms/decode.ts';
import type { CompiledForm, Pairs, PrintedAnswer } from '../../forms/form-types.ts';
import { printAnswers } from '../../forms/print-answers.ts';
import { prune } from '../../forms/visibility.ts';
import { compareAnswers, linesOf } from '../words/compare-answers.ts';
import { capitalise, dayOf, formatWhen } from '../words/format.ts';
import { caseCrumbs, frameOf } from '../site/frame.ts';
import { sendPage, visitorOf } from '../site/http.ts';
import { namesIn } from '../site/names.ts';
import { caseLink } from '../site/open-case.ts';
import { referencesIn } from '../site/references.ts';
import type { Site } from '../site/site.ts';
import { keyField } from '../site/answer-to.ts';
import { textDifference } from '../words/text-difference.ts';
import type { ChoiceField, ConflictPage } from '../views/view-models.ts';

/** How the own text can be kept: beside the other record, as a correction of it, as its next version; null: it cannot be. */
export type Keeping = 'beside' | 'correction' | 'version' | null;

/** A post about what somebody else recorded or changed meanwhile. */
export type Conflict = {
  open: OpenCase;
  /** What stands in the case now. */
  theirs: CaseRecord;
  form: CompiledForm;
  /** What was typed; a draft keeps it. */
  pairs: Pairs;
  only?: string[];
  keeping: Keeping;
  /** Where the choice posts to, and what it carries along. `revision` is that of now. */
  action: string;
  revision: string;
  what?: 'update' | 'correction';
};

/** The key of the draft of a correction: apart from that of filling in later questions. */
export function correctionDraft(draft: DraftKey): DraftKey {
  return { ...draft, task: `correction:${draft.task}` };
}

/** Shows both texts and asks what to do with the own one (semantics 8). Neither text is lost, and nobody is blamed. */
export async function sendConflict(site: Site, request: FastifyRequest, reply: FastifyReply, conflict: Conflict, status = 409): Promise<FastifyReply> {
  const { t } = site;
  const { open, theirs, form, pairs, only, keeping } = conflict;
  const { reader } = visitorOf(request);
  const now = site.now();
  const last = theirs.updatedBy ?? theirs.by;
  const name = (await namesIn(site, open, [last]))(last);
  const when = formatWhen(theirs.updatedAt, dayOf(now), t);
  const options = { references: await referencesIn(site, open), now, ...(only === undefined ? {} : { only }) };
  const mine = prune(form.elements, decode(form, pairs, { base: only === undefined ? {} : theirs.answers, ...(only === undefined ? {} : { only }) }), { now, zone: form.zone }).answers;
  const print = (answers: Answers): PrintedAnswer[] => printAnswers(form, answers, options);
  const { same, different } = compareAnswers(print(mine), print(theirs.answers));
  const own = last === reader.id;
  const words = { name, form: form.definition.title, when };
  const model: ConflictPage = {
    heading: own ? t('changes.conflict.headingYou') : t('changes.conflict.heading', { name: capitalise(name) }),
    intro: t(own ? 'changes.conflict.introYou' : theirs.version > 1 ? 'changes.conflict.introChanged' : 'changes.conflict.intro', { ...words, name: capitalise(name) }),
    after: own ? t('changes.conflict.afterYou') : t('changes.conflict.after', { name }),
    counts: different.length === 0 ? t('changes.conflict.allSame') : [...(same === 0 ? [] : [t('changes.conflict.same', { n: same })]), t('changes.conflict.different', { n: different.length })].join(' '),
    mineTitle: t('changes.conflict.mine'),
    theirsTitle: own ? t('changes.conflict.theirsYou', words) : t('changes.conflict.theirs', words),
    answers: different.map(({ pointer, one, other }, index) => {
      const { one: left, other: right } = textDifference(linesOf(one).join('\n'), linesOf(other).join('\n'));
      return { id: `verschil-${String(index + 1)}`, label: one?.label ?? other?.label ?? pointer, mine: left, theirs: right };
    }),
    notice: keeping === null ? t('changes.conflict.mayNot') : null,
    action: conflict.action,
    hidden: [keyField(site), { name: '_rev', value: conflict.revision }, ...(conflict.what === undefined ? [] : [{ name: 'what', value: conflict.what }])],
    choice: choiceOf(site, keeping),
    button: t('changes.conflict.button'),
    back: { href: `/cases/${open.stored.number}`, text: t('changes.conflict.look') }
  };
  const frame = await frameOf(site, request, { title: t('changes.conflict.title', { number: open.stored.number }), crumbs: caseCrumbs(site, caseLink(site, open)), current: 'cases' });
  return sendPage(reply, site.render('conflict', { ...model, frame }), status);
}

/** Asks once more before a text is thrown away. */
export async function sendDiscard(site: Site, request: FastifyRequest, reply: FastifyReply, { open, action, what, back }: Pick<Conflict, 'open' | 'action' | 'what'> & { back: string }): Promise<FastifyReply> {
  const { t } = site;
  const frame = await frameOf(site, request, { title: t('changes.conflict.title', { number: open.stored.number }), crumbs: caseCrumbs(site, caseLink(site, open)), current: 'cases' });
  return sendPage(reply, site.render('message', {
    frame, heading: t('changes.discard.heading'), paragraphs: [t('changes.discard.text')], code: null, notices: [],
    form: {
      action, button: t('changes.discard.button'),
      hidden: [{ name: 'choice', value: 'discard' }, { name: 'sure', value: 'yes' }, ...(what === undefined ? [] : [{ name: 'what', value: what }])]
    },
    links: [{ href: back, text: t('changes.discard.back') }]
  }));
}

function choiceOf({ t }: Site, keeping: Keeping): ChoiceField {
  const values = [...(keeping === null ? [] : [keeping]), 'later', 'discard'];
  return {
    id: 'keuze', name: 'choice', label: t('changes.conflict.choose'), hint: null, error: null, multiple: false,
    choices: values.map((value, index) => ({
      id: index === 0 ? 'keuze' : `keuze-${value}`, value: value === keeping ? 'keep' : value, checked: index === 0,
      text: t(`changes.conflict.${value}`), hint: t(`changes.conflict.${value}Hint`)
    }))
  };
}
