import type { Answers, Json } from '../../definitions/bundle.ts';
import { own } from '../../definitions/json-values.ts';
import type { Asked, CaseRecord, CaseState, Mapping, Moment } from './case-state.ts';

/** What a move says of the case itself; see the event caseMoved. */
export type Moved = { from: string; mapping: Mapping; fired: string[]; asked: Omit<Asked, 'since'>[]; released: string[] };

/**
 * Gives the state of a case in another version of its route. Knows no definition, so that a move can be rebuilt from its event.
 * Records stay what they were: what they become for the new version stands beside how they were entered.
 */
export function movedState(state: CaseState, { from, mapping, fired, asked, released }: Moved, at: Moment): CaseState {
  const step = (id: string): string => own(mapping.steps, id) ?? id;
  const task = (id: string): string => own(mapping.tasks, id)?.task ?? id;
  const moved: CaseState = {
    ...state,
    visits: state.visits.map((visit) => ({ ...visit, step: step(visit.step) })),
    records: state.records.map((record) => movedRecord(record, mapping, from)),
    skipped: Object.fromEntries(Object.entries(state.skipped).map(([id, mark]) => [step(id), mark])),
    fired: [...state.fired.map((key) => movedKey(key, step, task)), ...fired],
    told: state.told.map((told) => ({ ...told, task: told.task === null ? null : task(told.task), step: told.step === null ? null : step(told.step) })),
    handed: state.handed.map((handed) => ({ ...handed, task: task(handed.task) })).filter((handed) => !released.includes(handed.task)),
    asked: state.asked.map((one) => ({ ...one, task: task(one.task) })),
    earlier: [...state.earlier ?? [], from]
  };
  return withAsked(moved, asked, at);
}

/** Gives the state in which these tasks are asked; those that were asked before are since then. */
export function withAsked(state: CaseState, tasks: Omit<Asked, 'since'>[], at: Moment): CaseState {
  const before = ({ task, source, visit }: Omit<Asked, 'since'>): Asked | undefined => state.asked.find((one) => one.task === task && one.source === source && one.visit === visit);
  return { ...state, asked: tasks.map((one) => before(one) ?? { ...one, since: at }) };
}

/** Gives a record as it was entered, under the version it was entered under. */
export function asEntered({ entered, ...record }: CaseRecord): CaseRecord {
  const { bundle: _, ...then } = entered ?? { bundle: '' };
  return { ...record, ...then };
}

/** Gives answers as another version reads them. `task`: whose they are. */
function movedAnswers(answers: Answers, task: string, mapping: Pick<Mapping, 'fields' | 'answers'>): Answers {
  const entries = Object.entries(answers).flatMap(([name, value]): [string, Json][] => {
    const path = `${task}.${name}`;
    const target = own(mapping.fields, path);
    if (target === null) return [];
    const moved = movedValue(value, path, mapping);
    return moved === undefined ? [] : [[target ?? name, moved]];
  });
  return Object.fromEntries(entries);
}

function movedRecord(record: CaseRecord, mapping: Mapping, from: string): CaseRecord {
  const target = own(mapping.tasks, record.task);
  const answers = movedAnswers(record.answers, record.task, mapping);
  const isSame = JSON.stringify(answers) === JSON.stringify(record.answers);
  const then = {
    bundle: from,
    ...(target === undefined ? {} : { task: record.task, form: record.form }),
    ...(isSame ? {} : { answers: record.answers })
  };
  return {
    ...record, ...(target === undefined ? {} : target), ...(isSame ? {} : { answers }),
    // What an earlier move kept is what was entered.
    entered: { ...then, ...record.entered }
  };
}

/** Undefined: nothing of it is left. */
function movedValue(value: Json, path: string, mapping: Pick<Mapping, 'fields' | 'answers'>): Json | undefined {
  if (Array.isArray(value)) {
    const moved = value.flatMap((one) => movedValue(one, path, mapping) ?? []);
    return [...new Map(moved.map((one) => [JSON.stringify(one), one])).values()];
  }
  if (value !== null && typeof value === 'object') return movedAnswers(value, path, mapping);
  const target = own(own(mapping.answers, path) ?? {}, String(value));
  return target === undefined ? value : (target ?? undefined);
}

/** Keys of terms name the task or step they are about. */
function movedKey(key: string, step: (id: string) => string, task: (id: string) => string): string {
  const [kind = '', about = '', ...rest] = key.split(':');
  if (kind !== 'reminded' && kind !== 'escalated') return key;
  return [kind, about.startsWith('step ') ? `step ${step(about.slice(5))}` : task(about), ...rest].join(':');
}
