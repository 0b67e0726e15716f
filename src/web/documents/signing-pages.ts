import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { paperDraft } from '../../cases/stores/paper-draft.ts';
import { folded } from '../../documents/folded.ts';
import { markOf } from '../../documents/paper.ts';
import type { KeptFile, Signer, Signing, SignWay } from '../../engine/state/document-types.ts';
import { signersOf } from '../../engine/commands/document-versions.ts';
import { AppError } from '../../errors.ts';
import { acceptedScans } from '../../forms/file-kinds.ts';
import { answerTo, keyField } from '../site/answer-to.ts';
import { versionPath } from './document-path.ts';
import { readDrawing, writeDrawing } from './drawing.ts';
import { dayOf, formatWhen } from '../words/format.ts';
import { caseCrumbs, frameOf } from '../site/frame.ts';
import { pairsOf, param, query, seeOther, sendPage, valueIn, visitorOf } from '../site/http.ts';
import { keepPaper } from './keep-paper.ts';
import { namesIn } from '../site/names.ts';
import { caseLink } from '../site/open-case.ts';
import { openVersion, type OpenVersion } from './open-version.ts';
import { readUpload } from '../site/read-upload.ts';
import type { Site } from '../site/site.ts';
import { textField } from '../site/text-field.ts';
import { mostUploadBytes } from '../site/uploads.ts';
import type { SigningPage } from '../views/version-view-models.ts';
import type { ChoiceField, TextField } from '../views/view-parts.ts';

/** The ways of signing a page offers; `not`: did not sign, for one of the reasons that follow. */
const ways = ['typed', 'drawn', 'scanned', 'not', 'later'] as const;
const reasons = ['refused', 'notAsked', 'remote'] as const;
type Way = (typeof ways)[number];

/** What somebody filled in, with what is wrong with it, by the id of the question. */
type Filled = { values: { [name: string]: string }; problems: { [id: string]: string } };

/** Who signs a version of a document, one person at a time. Each way is a page of its own, and only drawing needs JavaScript. */
export function signingPages(app: FastifyInstance, { site }: { site: Site }): void {
  const at = '/cases/:number/documents/:document/versions/:version/signers/:signer';

  app.get(at, { config: { action: 'document.sign' } }, async (request, reply) => {
    const work = await openVersion(site, request, 'viewDocument');
    return sendSigning(site, request, reply, work, wayOf(query(request, 'how')), { values: {}, problems: {} });
  });

  app.post(at, { config: { action: 'document.sign', takesFiles: true }, bodyLimit: mostUploadBytes }, async (request, reply) => {
    const { t } = site;
    const work = await openVersion(site, request, 'viewDocument');
    const { open, version } = work;
    const posted = pairsOf(request);
    const values = Object.fromEntries(['name', 'capacity', 'typed', 'agree', 'reason', 'note', 'path', 'width', 'height'].map((name) => [name, valueIn(posted, name).trim()]));
    const way = wayOf(valueIn(posted, 'way'));
    const again = (problems: Filled['problems']): Promise<FastifyReply> => sendSigning(site, request, reply, work, way, { values, problems });
    const known = signerIn(request, work);
    const signer = known?.signer ?? { name: values['name'] ?? '', capacity: values['capacity'] ?? '' };
    const problems = { ...(signer.name === '' ? { naam: t('papers.problem.name') } : {}), ...problemsOf(site, way, signer, values) };
    if (Object.keys(problems).length > 0) return again(problems);
    const file = await fileOf(site, request, work, way, values);
    if (file !== null && 'problem' in file) return again({ [way === 'drawn' ? 'tekenen' : 'bestand']: file.problem });
    const source = version.source === null ? {} : { source: version.source };
    const how: SignWay = way === 'not' ? (reasons.find((one) => one === values['reason']) ?? 'refused') : way;
    const command = { type: 'sign' as const, document: version.document, ...source, version: version.version, sha256: valueIn(posted, '_seen'), signer, how, note: way === 'not' || way === 'later' ? (values['note'] ?? '') : '', file };
    return answerTo(await site.cases.act(visitorOf(request).reader, open.stored.number, command, { key: valueIn(posted, '_key'), draft: paperDraft(open.stored.id, open.viewer.id, version.document), hasFiles: true }), {
      done: (number) => seeOther(reply, `${versionPath(number, version)}?done=signing`),
      refused: (given) => again({ [way === 'not' ? 'toelichting' : 'knop']: given.map(({ text }) => text).join(' ') })
    });
  });
}

function wayOf(text: string): Way {
  return ways.find((one) => one === text) ?? 'typed';
}

/** Null: somebody whom the document does not name yet. */
function signerIn(request: FastifyRequest, { version, all }: OpenVersion): { signer: Signer; signing: Signing | null } | null {
  if (version !== all.at(-1)) throw new AppError('notFound');
  const place = param(request, 'signer');
  if (place === 'new') return null;
  const found = signersOf(version)[Number(place) - 1];
  if (found === undefined) throw new AppError('notFound');
  return found;
}

function problemsOf({ t }: Site, way: Way, signer: Signer, values: Filled['values']): Filled['problems'] {
  const agreed = values['agree'] === 'yes' ? {} : { akkoord: t('papers.problem.agree') };
  switch (way) {
    case 'typed': return { ...(folded(values['typed'] ?? '') === folded(signer.name) && signer.name !== '' ? {} : { getypt: t('papers.problem.typed') }), ...agreed };
    case 'drawn': return agreed;
    case 'not': return reasons.some((one) => one === values['reason']) ? {} : { reden: t('papers.problem.reason') };
    case 'scanned': case 'later': return {};
    default: return way satisfies never;
  }
}

async function fileOf(site: Site, request: FastifyRequest, { open, version }: OpenVersion, way: Way, values: Filled['values']): Promise<KeptFile | { problem: string } | null> {
  const { t } = site;
  const full = { problem: t('papers.full') };
  if (way === 'drawn') {
    const drawing = readDrawing({ path: values['path'] ?? '', width: values['width'] ?? '', height: values['height'] ?? '' });
    if (drawing === null) return { problem: t('papers.problem.drawn') };
    return await keepPaper(site, open, version.document, { name: 'handtekening.svg', type: 'image/svg+xml', content: writeDrawing(drawing) }) ?? full;
  }
  if (way !== 'scanned') return null;
  const upload = request.files.findLast(({ field }) => field === 'file');
  if (upload === undefined) return { problem: t('papers.choose') };
  const kind = await readUpload(site, request, upload);
  if ('refused' in kind) return { problem: t(`forms.file.refused.${kind.refused}`, { name: kind.name, most: 0 }) };
  return await keepPaper(site, open, version.document, { ...kind, content: upload.content }) ?? full;
}

async function sendSigning(site: Site, request: FastifyRequest, reply: FastifyReply, work: OpenVersion, way: Way, { values, problems }: Filled): Promise<FastifyReply> {
  const { t } = site;
  const { open, version, content } = work;
  const { number } = open.stored;
  const known = signerIn(request, work);
  const name = known?.signer.name ?? t('papers.somebody');
  const here = versionPath(number, version);
  const action = `${here}/signers/${known === null ? 'new' : param(request, 'signer')}`;
  const nameOf = await namesIn(site, open, [known?.signing?.by ?? null]);
  const error = (id: string): string | null => problems[id] ?? null;
  const field = (id: string, own: string, label: string, more: Partial<TextField> = {}): TextField => textField({ id, name: own, label: t(`papers.field.${label}`), value: values[own] ?? '', error: error(id), ...more });
  const agree: ChoiceField = {
    id: 'akkoord', name: 'agree', label: t('papers.agree'), hint: null, error: error('akkoord'), multiple: true,
    choices: [{ id: 'akkoord', value: 'yes', text: t('papers.agreeText', { version: version.version, mark: markOf(version.sha256) }), hint: null, checked: values['agree'] === 'yes' }]
  };
  const model: SigningPage = {
    heading: t('papers.signing', { name }), meta: t('papers.signingMeta', { title: content.title, version: version.version, mark: markOf(version.sha256) }), fingerprint: version.sha256,
    problems: Object.entries(problems).map(([id, text]) => ({ text, href: `#${id}` })),
    before: known?.signing == null ? null : t('papers.before', { what: t(`papers.sign.${known.signing.how}`, { when: formatWhen(known.signing.at, dayOf(site.now()), t), name: nameOf(known.signing.by) }) }),
    ways: ways.map((one) => ({ href: `${action}?how=${one}`, text: t(`papers.way.${one}`), current: one === way })),
    action, hidden: [keyField(site), { name: '_seen', value: version.sha256 }, { name: 'way', value: way }],
    intro: t(`papers.intro.${way}`, { name, version: version.version }).split('\n'),
    fields: [
      ...(known === null ? [field('naam', 'name', 'name'), field('hoedanigheid', 'capacity', 'capacity', { optional: true })] : []),
      ...(way === 'typed' ? [field('getypt', 'typed', 'typed', { hint: known === null ? null : t('papers.field.typedHint', { name }) })] : [])
    ],
    choice: way === 'not' ? { id: 'reden', name: 'reason', label: t('papers.field.reason'), hint: null, error: error('reden'), multiple: false, choices: reasons.map((value, index) => ({ id: index === 0 ? 'reden' : `reden-${value}`, value, text: t(`papers.reason.${value}`), hint: null, checked: values['reason'] === value })) } : null,
    note: way === 'not' ? field('toelichting', 'note', 'why', { rows: 3 }) : way === 'later' ? field('toelichting', 'note', 'when', { hint: t('papers.field.whenHint'), optional: true }) : null,
    draw: way === 'drawn' ? { module: '/assets/signature_pad/signature_pad.min.js', error: error('tekenen') } : null,
    file: way === 'scanned' ? { id: 'bestand', name: 'file', label: t('papers.field.scan'), hint: t('papers.field.scanHint'), accept: acceptedScans, error: error('bestand') } : null,
    print: way === 'scanned' ? { href: version.pdf === null ? `${here}?print=1` : `${here}/pdf`, text: t('papers.printFirst', { version: version.version }) } : null,
    agree: way === 'typed' || way === 'drawn' ? agree : null,
    button: t(`papers.button.${way}`), back: { href: here, text: t('papers.backToVersion', { version: version.version }) }
  };
  const hasProblems = model.problems.length > 0;
  return sendPage(reply, site.render('signing', {
    ...model, frame: await frameOf(site, request, { title: t('papers.signingTitle', { number }), crumbs: caseCrumbs(site, caseLink(site, open)), current: 'cases', hasProblems })
  }), hasProblems ? 422 : 200);
}
