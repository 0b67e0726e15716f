import type { Answers, Bundle, Json } from '../definitions/bundle.ts';
import type { FormDefinition } from '../definitions/form.types.ts';
import { choosesFrom, fieldsOf, rowFieldsOf, rulesOf, taskById, tasksOf, transitionsOf } from '../definitions/lookup.ts';
import { allBesides, besideField, besideOf } from '../engine/model/beside.ts';
import { exitForm } from '../engine/model/form-names.ts';
import { titleOfRecord } from '../engine/model/instances.ts';
import { caseContext } from '../engine/model/case-context.ts';
import { chosenText } from '../engine/model/case-choices.ts';
import { latestVisit, stepStatus } from '../engine/model/visits.ts';
import type { CaseRecord, CaseState, Day, Moment, PersonId, Waiver } from '../engine/state/case-state.ts';
import type { StepView } from '../engine/model/overview-types.ts';
import { labelOf } from '../engine/model/labels.ts';
import type { Withheld } from '../engine/reading/case-documents.ts';
import { counts } from '../engine/model/second-person.ts';
import type { Model, Source } from '../engine/model/prepare.ts';
import type { Translate } from '../texts.ts';
import { dayOf } from './dutch-time.ts';
import { printFields, withholdFields, type Words } from './print-fields.ts';
import type { PrintedField, PrintedFields } from './printed-field.ts';

/** What the case itself does not know. */
export type DocumentContext = {
  /** `board` is null when the school did not fill it in. */
  school: { name: string; board: string | null };
  /** Number of the case, such as 2026-014. */
  number: string;
  madeOn: Moment;
  madeBy: string;
  /** Names by id of everybody who worked on the case. */
  people: { readonly [id: PersonId]: string };
  t: Translate;
};

/** All that a template can read. The names are Dutch: templates are written by schools. */
export type DocumentData = {
  zaak: { nummer: string; route: string; versie: string; kenmerk: string; geopendOp: Moment; afgeslotenOp: Moment | null; uitkomst: string | null };
  school: { naam: string; bestuur: string | null };
  /** The answers about whom the case is; empty when the route has no subject. */
  onderwerp: PrintedFields;
  /** Every task by id, with its records by the day they are about, then in the order of entering. */
  taken: { [task: string]: RecordData[] };
  /** All steps, in the order of the screen. */
  stappen: StepData[];
  /** Rules that were passed with a written reason. */
  afgezien: WaiverData[];
  /** Motivations that were asked when going to another step, in order. */
  overgangen: TransitionData[];
  gemaakt: { op: Moment; door: string };
  /** What stands beside the records that this document prints, by `bijWat`; empty where whom the case is about is left out. */
  ernaast: BesideData[];
  /** Is whom the case is about left out? */
  zonderNaam: boolean;
  /** Of a document for each of something: the record it is about, or the answers of the row. Absent in others. */
  voor?: RecordData | PrintedFields;
};

/** Which record or row a document is about, and what it leaves out. */
export type About = { source?: Source | null; withheld?: Withheld[] };

/** A record that stands beside another, such as the view of a parent. `bijWat`: the title of that one. */
export type BesideData = Pick<RecordData, 'titel' | 'datum' | 'ingevoerdOp' | 'door' | 'vragen'> & { bijWat: string };

/** The case that all records are looked up in, what stands beside each of them, and how names and answers are written. */
type Writing = { model: Model; whole: CaseState; beside: ReturnType<typeof allBesides>; nameOf: NameOf; words: Words };

export type RecordData = {
  titel: string;
  /** The day it happened: the field the form marks as such, else the day of entering. */
  datum: Day;
  ingevoerdOp: Moment;
  door: string;
  /** Handed in after its step was left. */
  nagekomen: boolean;
  antwoorden: PrintedFields;
  /** The same answers in the order of the form, to print them all. */
  vragen: PrintedField[];
  /** What stands beside it. */
  ernaast: BesideData[];
  /** The title of the record it stands beside itself; null: it stands by itself. */
  bijWat: string | null;
};

export type StepData = {
  nummer: string;
  titel: string;
  /** nog-niet, wacht, loopt, klaar, verlaten or overgeslagen. */
  status: string;
  statusTekst: string;
  /** When it ended or was skipped; else when it was entered; null when it was not reached. */
  op: Moment | null;
  door: string | null;
  /** Why it was skipped. */
  reden: string | null;
};

export type WaiverData = { regel: string; reden: string; door: string; op: Moment };

export type TransitionData = { stap: string | null; titel: string; op: Moment; door: string; vragen: PrintedField[] };

const statusIds: { [status in StepView['status']]: string } = {
  ahead: 'nog-niet', waiting: 'wacht', active: 'loopt', completed: 'klaar', left: 'verlaten', skipped: 'overgeslagen'
};

/**
 * Gives what templates read of a case. Every task, and every field of its form, is there, filled with null or an empty list,
 * so that a name that does not exist can be told from a question without an answer. `whole`: the case with the records that are left out;
 * `prints`: does the document print the records of this task?
 */
export function documentData(model: Model, state: CaseState, context: DocumentContext, { source = null, withheld = [] }: About = {}, { whole = state, prints = () => true }: { whole?: CaseState; prints?: (task: string) => boolean } = {}): DocumentData {
  const { bundle, workflow } = model;
  const isWithheld = withheld.includes('identity');
  const nameOf = namer(context);
  const words = wordsOf(model, whole, context, isWithheld);
  const writing = { model, whole, beside: allBesides(model, whole), nameOf, words };
  const taken = Object.fromEntries(tasksOf(workflow).map(({ id }) => [id, recordsData(state, id, writing)]));
  return {
    zaak: {
      nummer: context.number, route: workflow.title, versie: workflow.version, kenmerk: bundle.hash.slice(0, 8),
      geopendOp: state.openedAt, afgeslotenOp: state.closedAt,
      uitkomst: state.outcome === null ? null : (workflow.outcomes[state.outcome]?.title ?? state.outcome)
    },
    school: { naam: context.school.name, bestuur: context.school.board },
    onderwerp: subjectData(bundle, state, isWithheld, words),
    taken,
    stappen: Object.entries(workflow.steps).map(([id]) => stepData(model, state, id, nameOf, context.t)),
    afgezien: state.waivers.map((waiver) => waiverData(bundle, waiver, nameOf)),
    overgangen: transitionData(bundle, state, nameOf, words),
    gemaakt: { op: context.madeOn, door: context.madeBy },
    ernaast: isWithheld ? [] : source === null ? Object.entries(taken).flatMap(([id, records]) => (prints(id) ? records.flatMap(({ ernaast }) => ernaast) : [])) : source.record === null ? [] : besideData(source.record, writing),
    zonderNaam: isWithheld,
    ...(source === null ? {} : { voor: sourceData(source, writing) })
  };
}

/** Gives the part of the data that is about one record or row, as a template reads it. */
export function sourcePart(model: Model, state: CaseState, context: DocumentContext, source: Source): Pick<DocumentData, 'voor'> {
  return { voor: sourceData(source, { model, whole: state, beside: allBesides(model, state), nameOf: namer(context), words: wordsOf(model, state, context, false) }) };
}

/** What was chosen from the case reads as it is now; who is chosen from the subject is left out where the subject is. */
function wordsOf(model: Model, state: CaseState, { t, madeOn }: DocumentContext, isWithheld: boolean): Words {
  const context = caseContext(model, state, madeOn, { id: '', roles: [] });
  const { subject } = model.workflow;
  return { t, chosen: (field, answer) => chosenText(context, field, answer), leavesOut: (field) => isWithheld && subject !== undefined && choosesFrom(field)?.split('.')[0] === subject };
}

type NameOf = (id: PersonId | null) => string;

function namer({ people, t }: DocumentContext): NameOf {
  return (id) => (id === null ? t('documents.system') : Object.hasOwn(people, id) ? (people[id] ?? '') : t('documents.unknownPerson'));
}

function sourceData({ value, path, record }: Source, writing: Writing): RecordData | PrintedFields {
  const { model, words } = writing;
  const form = model.bundle.forms[record?.form ?? ''];
  if (form === undefined || record === null) return {};
  if (path.length === 1) return recordData(record, form, model.tasks.get(record.task)?.title ?? form.title, writing);
  const { field } = labelOf(model, path, { form: null, row: null });
  return field === null ? {} : (printFields({ ...form, schema: { ...form.schema, properties: rowFieldsOf(form, field) ?? {} } }, isAnswers(value) ? value : {}, words));
}

function isAnswers(value: Json | undefined): value is Answers {
  return value !== undefined && value !== null && typeof value === 'object' && !Array.isArray(value);
}

function subjectData({ workflow, forms }: Bundle, state: CaseState, isWithheld: boolean, words: Words): PrintedFields {
  const form = workflow.subject === undefined ? undefined : forms[workflow.subject];
  if (form === undefined) return {};
  if (isWithheld) return withholdFields(form, words);
  return printFields(form, state.records.findLast((record) => record.task === workflow.subject)?.answers ?? {}, words);
}

function recordsData(state: CaseState, task: string, writing: Writing): RecordData[] {
  const { model } = writing;
  const { workflow, forms } = model.bundle;
  const definition = taskById(workflow, task)?.task;
  return state.records.filter((record) => record.task === task && counts(model, state, record)).flatMap((record) => {
    const form = forms[record.form];
    return form === undefined ? [] : [recordData(record, form, definition?.title ?? form.title, writing)];
  }).sort((one, other) => (one.datum < other.datum ? -1 : one.datum > other.datum ? 1 : 0));
}

/** What stands beside a record, without the question that says so. */
function besideData(record: CaseRecord, writing: Writing): BesideData[] {
  const { model, whole, beside } = writing;
  const { forms } = model.bundle;
  const bijWat = titleOfRecord({ model, state: whole }, record);
  return (beside.get(record.id) ?? []).flatMap((one): BesideData[] => {
    const form = forms[one.form];
    if (form === undefined) return [];
    const { titel, datum, ingevoerdOp, door, antwoorden } = recordData(one, form, form.title, writing);
    return [{ bijWat, titel, datum, ingevoerdOp, door, vragen: Object.entries(antwoorden).flatMap(([name, field]) => (name === besideField(form) ? [] : [field])) }];
  });
}

function recordData(record: CaseRecord, form: FormDefinition, titel: string, writing: Writing): RecordData {
  const { model, whole, nameOf, words } = writing;
  const of = besideOf(model.bundle, record);
  const other = of === null ? undefined : whole.records.find(({ id }) => id === of);
  const antwoorden = printFields(form, record.answers, words);
  const dateField = Object.entries(fieldsOf(form)).find(([, field]) => field['x-date'] === true)?.[0];
  const happened = dateField === undefined ? undefined : record.answers[dateField];
  return {
    titel,
    datum: typeof happened === 'string' && happened !== '' ? happened.slice(0, 10) : dayOf(record.at),
    ingevoerdOp: record.at, door: nameOf(record.by), nagekomen: record.late,
    antwoorden, vragen: Object.values(antwoorden),
    ernaast: other === undefined ? besideData(record, writing) : [], bijWat: other === undefined ? null : titleOfRecord({ model, state: whole }, other)
  };
}

function stepData(model: Model, state: CaseState, id: string, nameOf: NameOf, t: Translate): StepData {
  const definition = model.steps.get(id)?.definition;
  const status = stepStatus(model, state, id);
  const visit = latestVisit(state, id);
  const skipped = status === 'skipped' ? state.skipped[id] : undefined;
  const by = skipped?.by ?? visit?.endedBy ?? null;
  return {
    nummer: definition?.label ?? '', titel: definition?.title ?? id,
    status: statusIds[status], statusTekst: t(`documents.step.${status}`),
    op: skipped?.at ?? visit?.endedAt ?? visit?.enteredAt ?? null,
    door: by === null ? null : nameOf(by),
    reden: skipped?.reason ?? null
  };
}

function waiverData({ workflow }: Bundle, waiver: Waiver, nameOf: NameOf): WaiverData {
  const message = rulesOf(workflow).find(({ id }) => id === waiver.rule)?.rule.message ?? waiver.rule;
  // A message may name the answer at hand; of a rule that was passed long ago only the sentence is left.
  return { regel: message.replace(/\{[^}]*\}/g, '…'), reden: waiver.reason, door: nameOf(waiver.by), op: waiver.at };
}

function transitionData({ workflow, forms }: Bundle, state: CaseState, nameOf: NameOf, words: Words): TransitionData[] {
  const places = transitionsOf(workflow);
  return state.records.flatMap((record) => {
    const form = forms[record.form];
    const place = places.find((place) => record.task === exitForm(place));
    if (form === undefined || place === undefined) return [];
    return [{
      stap: place.step === null ? null : (workflow.steps[place.step]?.title ?? place.step), titel: place.transition.title,
      op: record.at, door: nameOf(record.by), vragen: Object.values(printFields(form, record.answers, words))
    }];
  });
}
