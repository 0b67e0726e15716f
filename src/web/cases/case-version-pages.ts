import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { OpenCase } from '../../cases/cases.ts';
import type { Route } from '../../cases/library.ts';
import type { MovedCase } from '../../cases/move-cases.ts';
import { choiceMade, type Choices, type Need, needKey, noChoices, readNeed } from '../../engine/state/move-choices.ts';
import { targetsOf } from '../../engine/versions/move-targets.ts';
import { needText } from '../../engine/versions/need-text.ts';
import { AppError } from '../../errors.ts';
import type { Pairs } from '../../forms/form-types.ts';
import { mayMove, newerVersion } from './case-version.ts';
import { formatList } from '../words/format.ts';
import { caseCrumbs, frameOf } from '../site/frame.ts';
import { pairsOf, seeOther, sendPage, visitorOf } from '../site/http.ts';
import { caseLink, openCase } from '../site/open-case.ts';
import type { Site } from '../site/site.ts';
import type { ChoiceField, QuestionPage } from '../views/view-models.ts';

/**
 * Moving a restricted case to the published version of its route, and back: by people who may see all of it, since the command that
 * moves the others may not know of it (semantics 26).
 */
export function caseVersionPages(app: FastifyInstance, { site }: { site: Site }): void {
  app.get('/cases/:number/version', { config: { action: 'case.move' } }, async (request, reply) => {
    const open = await openRestricted(site, request);
    const to = newerVersion(site, open);
    if (to === null) return sendUndo(site, request, reply, open);
    return sendMove(site, request, reply, { open, to, choices: [], isPosted: false }, await tried(site, request, { open, to, choices: [] }, false));
  });

  app.post('/cases/:number/version', { config: { action: 'case.move' } }, async (request, reply) => {
    const open = await openRestricted(site, request);
    const to = newerVersion(site, open);
    // Somebody moved it just before.
    if (to === null) return seeOther(reply, `/cases/${open.stored.number}?done=versionMoved`);
    const choices = choicesIn(pairsOf(request), to);
    const outcome = await tried(site, request, { open, to, choices }, true);
    if (outcome.type === 'goes' || outcome.type === 'there') return seeOther(reply, `/cases/${open.stored.number}?done=versionMoved`);
    return sendMove(site, request, reply, { open, to, choices, isPosted: true }, outcome);
  });

  app.post('/cases/:number/version/undo', { config: { action: 'case.move' } }, async (request, reply) => {
    const open = await openRestricted(site, request);
    const undone = await site.moves.undo(open.stored.id, { by: visitorOf(request).person.id, write: true });
    if (undone?.outcome.type === 'undone') return seeOther(reply, `/cases/${open.stored.number}?done=versionUndone`);
    throw new AppError('refused', site.t('versions.page.cannotUndo'));
  });
}

type Chosen = { need: Need; becomes: string | null };
type Work = { open: OpenCase; to: Route; choices: Chosen[] };

/** Stands for null in a post. */
const nothing = '-';

async function openRestricted(site: Site, request: FastifyRequest): Promise<OpenCase> {
  const open = await openCase(site, request, 'view');
  if (!mayMove(open)) throw new AppError('notFound');
  return open;
}

async function tried(site: Site, request: FastifyRequest, { open, to, choices }: Work, write: boolean): Promise<MovedCase['outcome']> {
  const all = choices.reduce((made, { need, becomes }) => choiceMade(made, need, becomes), noChoices);
  const moved = await site.moves.move(open.stored.id, to.hash, all, { by: visitorOf(request).person.id, write });
  if (moved === null) throw new AppError('notFound');
  return moved.outcome;
}

/** The choices in a post, in its order; what is not offered was not chosen. */
function choicesIn(pairs: Pairs, { model }: Route): Chosen[] {
  const found: Chosen[] = [];
  for (const [name, value] of pairs) {
    const need = readNeed(name);
    const made = found.reduce((all, one) => choiceMade(all, one.need, one.becomes), noChoices);
    if (need === null || !optionsOf(need, model, made).some((option) => option.value === value)) continue;
    found.push({ need, becomes: value === nothing ? null : value });
  }
  return found;
}

function optionsOf(need: Need, model: Route['model'], choices: Choices): { value: string; text: string }[] {
  const { t } = model;
  if (need.kind === 'event') return [{ value: 'now', text: t('versions.page.now') }, { value: 'never', text: t('versions.page.never') }];
  const targets = targetsOf(model, need, choices).map(({ id, title }) => ({ value: id, text: title }));
  return need.kind === 'step' ? targets : [...targets, { value: nothing, text: t('versions.page.nothing') }];
}

async function sendMove(site: Site, request: FastifyRequest, reply: FastifyReply, { open, to, choices, isPosted }: Work & { isPosted: boolean }, outcome: MovedCase['outcome']): Promise<FastifyReply> {
  const { t } = site;
  const { number } = open.stored;
  const asked = outcome.type === 'asks' ? outcome.needs : [];
  const made = choices.reduce((all, { need, becomes }) => choiceMade(all, need, becomes), noChoices);
  const fields = [...choices, ...asked.map((need) => ({ need, becomes: undefined }))].map(({ need, becomes }, index): ChoiceField => ({
    id: `keuze-${String(index)}`, name: needKey(need), label: needText(open.route.model, to.model, need), hint: null, multiple: false,
    error: isPosted && becomes === undefined ? t('versions.page.needed') : null,
    choices: optionsOf(need, to.model, made).map(({ value, text }, at) => ({
      id: at === 0 ? `keuze-${String(index)}` : `keuze-${String(index)}-${String(at)}`, value, text, hint: null, checked: becomes !== undefined && value === (becomes ?? nothing)
    }))
  }));
  const stays = outcome.type === 'stays' ? outcome.reason : outcome.type === 'busy' ? t('versions.page.busy') : null;
  const notices: QuestionPage['notices'] = stays === null ? [] : [{ kind: 'error', title: t('versions.page.stays'), paragraphs: [stays], bullets: [], numbers: [] }];
  const next = outcome.type === 'goes' && outcome.asked.length > 0 ? [t('versions.page.asked', { tasks: formatList(outcome.asked) })] : [];
  return sendQuestion(site, request, reply, open, {
    heading: t('versions.page.heading'), paragraphs: [t('versions.page.text', { from: open.route.model.workflow.version, to: to.model.workflow.version }), t('versions.page.kept'), ...next],
    action: `/cases/${number}/version`, hidden: [], problems: fields.filter(({ error }) => error !== null).map(({ id, error }) => ({ text: error ?? '', href: `#${id}` })),
    notices, choices: fields, fields: [], button: t('versions.page.button'), back: { href: `/cases/${number}`, text: t('web.case.back') }
  }, isPosted);
}

async function sendUndo(site: Site, request: FastifyRequest, reply: FastifyReply, open: OpenCase): Promise<FastifyReply> {
  const { t } = site;
  const { number } = open.stored;
  if ((await site.cases.events(open, ['caseMoved'])).at(-1)?.sequence !== open.stored.tail.count) throw new AppError('notFound');
  return sendQuestion(site, request, reply, open, {
    heading: t('versions.page.undoHeading'), paragraphs: [t('versions.page.undoText')], action: `/cases/${number}/version/undo`, hidden: [], problems: [], notices: [], choices: [], fields: [],
    button: t('versions.page.undoButton'), back: { href: `/cases/${number}`, text: t('web.case.back') }
  }, false);
}

async function sendQuestion(site: Site, request: FastifyRequest, reply: FastifyReply, open: OpenCase, page: QuestionPage, isRefused: boolean): Promise<FastifyReply> {
  const title = site.t('versions.page.title', { number: open.stored.number });
  const frame = await frameOf(site, request, { title, crumbs: caseCrumbs(site, caseLink(site, open)), hasProblems: isRefused, current: 'cases' });
  return sendPage(reply, site.render('question', { ...page, frame }), isRefused ? 422 : 200);
}
