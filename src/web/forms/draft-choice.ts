import type { FastifyReply, FastifyRequest } from 'fastify';
import { otherDraft, otherPlaces, type Draft, type DraftKey } from '../../cases/stores/case-store.ts';
import type { Pairs, PrintedAnswer } from '../../forms/form-types.ts';
import { compareAnswers, linesOf } from '../words/compare-answers.ts';
import { dayOf, formatWhen } from '../words/format.ts';
import { frameOf } from '../site/frame.ts';
import { pairsOf, seeOther, sendPage, valueIn } from '../site/http.ts';
import { besideText, markText } from './keep-draft.ts';
import type { Site } from '../site/site.ts';
import { textDifference } from '../words/text-difference.ts';
import type { ConflictPage, Link, Notice } from '../views/view-models.ts';

/** Texts of one person for one form, typed on several devices. `path`: of the form; `choice`: of the page that asks which one. `print` shows a text as the check page would. */
export type Versions = { key: DraftKey; path: string; choice: string; title: string; crumbs: Link[]; print: (pairs: Pairs) => PrintedAnswer[] };

/** Shows the draft and another version of it beside each other, and asks which one goes on. Neither goes before that. */
export async function sendDraftChoice(site: Site, request: FastifyRequest, reply: FastifyReply, versions: Versions): Promise<FastifyReply> {
  const { t } = site;
  const found = await twoVersions(site, versions.key);
  if (found === null) return seeOther(reply, versions.path);
  const { draft, other, place } = found;
  const today = dayOf(site.now());
  const [first, second] = [draft, other].map(({ savedAt }) => formatWhen(savedAt, today, t));
  const { same, different } = compareAnswers(versions.print(draft.pairs), versions.print(other.pairs));
  const choices = [
    { value: 'first', text: t('drafts.choice.first', { when: first ?? '' }), hint: t('drafts.choice.goes') },
    { value: 'second', text: t('drafts.choice.second', { when: second ?? '' }), hint: t('drafts.choice.goes') },
    { value: 'later', text: t('changes.conflict.later'), hint: t('drafts.choice.laterHint') }
  ];
  const model: ConflictPage = {
    heading: t('drafts.choice.heading'), intro: t('drafts.choice.intro'), after: t('drafts.choice.after'),
    counts: different.length === 0 ? t('changes.conflict.allSame') : [...(same === 0 ? [] : [t('changes.conflict.same', { n: same })]), t('changes.conflict.different', { n: different.length })].join(' '),
    mineTitle: t('drafts.choice.firstTitle', { when: first ?? '' }), theirsTitle: t('drafts.choice.secondTitle', { when: second ?? '' }),
    answers: different.map(({ pointer, one, other: answer }, index) => {
      const { one: left, other: right } = textDifference(linesOf(one).join('\n'), linesOf(answer).join('\n'));
      return { id: `verschil-${String(index + 1)}`, label: one?.label ?? answer?.label ?? pointer, mine: left, theirs: right };
    }),
    notice: null,
    action: versions.choice, hidden: [{ name: '_draft', value: markText(draft) }, { name: '_beside', value: besideText(place, other) }],
    choice: { id: 'keuze', name: 'choice', label: t('drafts.choice.choose'), hint: null, error: null, multiple: false, choices: choices.map((choice, index) => ({ ...choice, id: index === 0 ? 'keuze' : `keuze-${choice.value}`, checked: false })) },
    button: t('changes.conflict.button'), back: { href: versions.path, text: t('drafts.choice.back') }
  };
  const frame = await frameOf(site, request, { title: versions.title, crumbs: versions.crumbs, current: 'cases' });
  return sendPage(reply, site.render('conflict', { ...model, frame }));
}

/** Goes on with the chosen text; the other one is erased, unless it changed since it was shown. */
export async function chooseDraft(site: Site, request: FastifyRequest, reply: FastifyReply, { key, path, choice: again }: Versions): Promise<FastifyReply> {
  const posted = pairsOf(request);
  const choice = valueIn(posted, 'choice');
  const found = await twoVersions(site, key);
  if (found === null || choice === 'later') return seeOther(reply, path);
  const { draft, other, place } = found;
  const isAsShown = valueIn(posted, '_draft') === markText(draft) && valueIn(posted, '_beside') === besideText(place, other);
  const { drafts } = site.cases;
  if (isAsShown && (choice === 'first' || (choice === 'second' && await drafts.save(key, other.pairs, site.now(), draft) !== null))) await drafts.remove(otherDraft(key, place));
  // Another version that waits, one that changed, or no choice: the question comes again.
  return seeOther(reply, again);
}

/** Says on the page of a form that another version waits for a choice, with the way there. */
export function othersNotice(site: Site, draft: Draft | null, choice: string): { notices: Notice[]; links: Link[] } {
  const { t } = site;
  if (draft === null || draft.others === 0) return { notices: [], links: [] };
  return {
    notices: [{ kind: 'warn', title: t('drafts.choice.heading'), paragraphs: [t('drafts.choice.notice')], bullets: [], numbers: [] }],
    links: [{ href: choice, text: t('drafts.compare') }]
  };
}

async function twoVersions(site: Site, key: DraftKey): Promise<{ draft: Draft; other: Draft; place: number } | null> {
  const { drafts } = site.cases;
  const draft = await drafts.find(key);
  for (const place of otherPlaces) {
    const other = draft === null ? null : await drafts.find(otherDraft(key, place));
    if (draft !== null && other !== null) return { draft, other, place };
  }
  return null;
}
