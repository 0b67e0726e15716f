import type { FastifyRequest } from 'fastify';
import type { OpenCase } from '../../cases/cases.ts';
import type { DraftKey } from '../../cases/stores/case-store.ts';
import { mostFiles, sha256Of } from '../../cases/stores/file-store.ts';
import { type FileAnswer, filesIn } from '../../forms/file-answer.ts';
import { fileQuestion, postedFiles, withFile } from '../../forms/file-places.ts';
import type { CompiledForm, FieldProblem, Pairs } from '../../forms/form-types.ts';
import { pairsOf, valueIn } from '../site/http.ts';
import { readUpload } from '../site/read-upload.ts';
import type { Site } from '../site/site.ts';

type Posted = {
  pairs: Pairs;
  /** What the files are added to. */
  draft: DraftKey;
  /** Gives the files that may be referred to although they were not added here: filesOf. Asked of a form with files only. */
  known: () => FileAnswer[];
  prefix?: string;
  /** Nothing may hold it up. */
  isEmergency?: boolean;
};

/**
 * Stores the files of a post and gives its pairs with a reference to each. A reference that is neither of this draft nor known goes, and
 * what is not taken is said at its question; everything else that was posted stays. Asks the database nothing for a form without files.
 */
export async function takeFiles(site: Site, request: FastifyRequest, form: CompiledForm, { pairs, draft, known, prefix = '', isEmergency = false }: Posted): Promise<{ pairs: Pairs; problems: FieldProblem[] }> {
  if (!form.takesFiles) return { pairs, problems: [] };
  const { t, cases } = site;
  const own = await cases.files.ofDraft(draft);
  const checked = checkReferences(site, form, pairs, [...known(), ...own], prefix);
  const { problems } = checked;
  let taken = checked.pairs;
  for (const upload of request.files) {
    const { field, content } = upload;
    const question = fileQuestion(form, field, prefix);
    if (question === null) continue;
    const problem = (code: string, shown: string): void => { problems.push({ pointer: field.slice(prefix.length), text: t(`forms.file.refused.${code}`, { name: shown, most: mostFiles }) }); };
    const kind = await readUpload(site, request, upload, { isEmergency });
    if ('refused' in kind) {
      problem(kind.refused, kind.name);
      continue;
    }
    const file: FileAnswer = { id: cases.newId(), naam: kind.name, type: kind.type, bytes: content.length, sha256: sha256Of(content) };
    if (!await cases.files.add(draft, file, content, site.now())) {
      problem('quota', kind.name);
      continue;
    }
    const before = taken;
    taken = withFile(question, taken, field, file);
    await forget(site, draft, filesGone(form, before, taken, prefix));
  }
  const [, removed = ''] = /^remove:(.*)$/s.exec(valueIn(pairsOf(request), '_action')) ?? [];
  await forget(site, draft, postedFiles(form, taken, prefix).flatMap(({ name, file }) => (name === removed && file !== null ? [file] : [])));
  return { pairs: taken, problems };
}

/** The files in the records of a case that this person may read. */
export function filesOf({ cases }: Pick<Site, 'cases'>, open: OpenCase): FileAnswer[] {
  return open.stored.state.records.filter((record) => cases.maySee(open, record)).flatMap(({ answers }) => filesIn(answers));
}

/** A reference stands for the file as it was stored, whatever else the post says of it. */
function checkReferences({ t }: Site, form: CompiledForm, pairs: Pairs, allowed: FileAnswer[], prefix: string): { pairs: Pairs; problems: FieldProblem[] } {
  const byId = new Map(allowed.map((file) => [file.id, file]));
  const posted = new Map(postedFiles(form, pairs, prefix).map((one) => [one.name, one]));
  const problems: FieldProblem[] = [];
  const checked = pairs.flatMap((pair): Pairs => {
    const place = posted.get(pair[0]);
    if (place === undefined) return [pair];
    const file = byId.get(place.file?.id ?? '');
    if (file !== undefined) return [[pair[0], JSON.stringify(file)]];
    // A form that is sent without its files has their names.
    if (place.file === null) return [];
    problems.push({ pointer: place.pointer, text: t('forms.file.gone', { title: place.question.label }) });
    return [];
  });
  return { pairs: checked, problems };
}

/** What another file took the place of. */
function filesGone(form: CompiledForm, before: Pairs, after: Pairs, prefix: string): FileAnswer[] {
  const left = new Set(postedFiles(form, after, prefix).map(({ file }) => file?.id));
  return postedFiles(form, before, prefix).flatMap(({ file }) => (file === null || left.has(file.id) ? [] : [file]));
}

async function forget({ cases }: Site, draft: DraftKey, files: FileAnswer[]): Promise<void> {
  for (const { id } of files) await cases.files.remove(draft, id);
}
