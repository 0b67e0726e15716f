import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Bundle } from '../definitions/bundle.ts';
import type { Demo } from '../definitions/content.ts';
import { partialsUsed } from '../definitions/make-bundle.ts';
import { nearest } from '../definitions/nearest.ts';
import { checkContent } from '../documents/check-content.ts';
import { paperOf } from '../documents/paper.ts';
import { pdfData } from '../documents/pdf-data.ts';
import { plainText } from '../documents/plain-text.ts';
import { renderDocument, type RenderedDocument } from '../documents/render-document.ts';
import { TemplateError } from '../documents/template-error.ts';
import { caseContext } from '../engine/model/case-context.ts';
import { caseDocuments } from '../engine/reading/case-documents.ts';
import { type Cast, playCommands } from '../engine/scenarios/play.ts';
import { type Model, prepare } from '../engine/model/prepare.ts';
import { StartProblem } from '../errors.ts';
import { makePdfMaker } from '../pdf-maker.ts';
import type { Translate } from '../texts.ts';
import { templatePictures } from '../web/site/template-pictures.ts';

/** `madeOn`: UTC ISO. `outFolder`: where the file comes. */
export type PreviewOptions = { template: string; outFolder: string; madeOn: string; t: Translate };

/**
 * Makes a document of the files as they stand, of the practice case with most to say, and writes it as a PDF: a look before anything
 * is published. A mistake is told as the check tells it. Throws a StartProblem when no practice case makes this document.
 */
export async function previewDocument(folder: string, { template, outFolder, madeOn, t }: PreviewOptions): Promise<{ lines: string[]; ok: boolean }> {
  const { lines, ok, content } = checkContent(folder, t);
  if (!ok || content === null) return { lines, ok: false };
  const name = basename(template, '.hbs');
  const made = content.demos.flatMap((demo) => {
    const bundle = content.workflows.find(({ workflow }) => workflow.id === demo.workflow);
    return bundle === undefined ? [] : documentsOf(prepare(bundle, t), demo, { name, madeOn, t });
  });
  const [best] = made.sort((one, other) => other.html.length - one.html.length);
  if (best === undefined) {
    const within = content.workflows.flatMap(({ documents, partials }) => (Object.hasOwn(partials, name) ? Object.keys(documents).filter((template) => partialsUsed([documents[template] ?? ''], partials).includes(name)) : []));
    if (within.length > 0) throw new StartProblem('upkeep.preview.partial', { name, meant: [...new Set(within)].sort().join(', ') });
    const known = content.workflows.flatMap(({ workflow }) => Object.values(workflow.documents ?? {}).map((document) => document.template));
    throw new StartProblem(known.includes(name) ? 'upkeep.preview.noCase' : 'upkeep.preview.unknown', { name, meant: nearest(name, known) ?? [...new Set(known)].sort().join(', ') });
  }
  const context = { school: { name: best.school, board: null }, number: best.number, t };
  const pictures = templatePictures(best.bundle);
  const paper = paperOf({ tree: best.tree, fallback: best.title, colour: '#0b5563', logo: null, pictures, context });
  const pdfs = makePdfMaker();
  const answer = await pdfs.make({ data: pdfData(paper), logo: null, pictures, standard: 'a-2a', madeOn });
  await pdfs.close();
  const file = join(outFolder, `voorbeeld-${name}.${'pdf' in answer ? 'pdf' : 'txt'}`);
  writeFileSync(file, 'pdf' in answer ? answer.pdf : plainText(paper.blocks));
  return { lines: [t('upkeep.preview.written', { file, title: best.title, case: best.from })], ok: true };
}

type Preview = RenderedDocument & { bundle: Bundle; title: string; from: string; school: string; number: string };

/** Every document of a template that the practice cases of a route make. */
function documentsOf(model: Model, { data }: Demo, { name, madeOn, t }: { name: string; madeOn: string; t: Translate }): Preview[] {
  const people = Object.fromEntries(Object.entries(data.people).map(([key, person]) => [key, { id: key, name: person.name, roles: person.roles }]));
  const cast: Cast = { people, partners: Object.fromEntries((data.partners ?? []).map(({ organisation }) => [organisation, organisation])) };
  const number = `${madeOn.slice(0, 4)}-VOORBEELD`;
  const context = {
    school: { name: data.school.name, board: data.school.board ?? null }, number, madeOn, madeBy: Object.values(people)[0]?.name ?? '', people: Object.fromEntries(Object.values(people).map((person) => [person.id, person.name])), t
  };
  return data.cases.flatMap(({ title: from, commands }) => {
    const { state } = playCommands(model, commands, cast, model.zone.dayOf(madeOn));
    if (state === null) return [];
    const offered = caseDocuments(caseContext(model, state, madeOn, { id: '', roles: [] })).filter(({ id, isReady }) => isReady && model.workflow.documents?.[id]?.template === name);
    return offered.flatMap((about) => {
      try {
        return [{ ...renderDocument({ bundle: model.bundle, state, document: about.id, about, context }), bundle: model.bundle, title: about.title, from, school: data.school.name, number }];
      } catch (error) {
        if (error instanceof TemplateError) throw new StartProblem('upkeep.preview.failed', { text: error.message }, { cause: error });
        throw error;
      }
    });
  });
}
