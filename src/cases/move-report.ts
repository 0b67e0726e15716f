import type { Need } from '../engine/state/move-choices.ts';
import { needText } from '../engine/versions/need-text.ts';
import type { Model } from '../engine/model/prepare.ts';
import type { MovedCase } from './move-cases.ts';
import type { AskedNeed } from './move-plan.ts';

/** Gives what a move did, or would do, in sentences: how many, then case by case with why. Numbers only, never a name. */
export function moveLines(moved: readonly MovedCase[], { after, modelOf, isDone }: { after: Model; modelOf: (hash: string) => Model; isDone: boolean }): string[] {
  const { t } = after;
  const count = (...types: MovedCase['outcome']['type'][]): number => moved.filter(({ outcome }) => types.includes(outcome.type)).length;
  const there = count('there');
  return [
    t('versions.move.summary', {
      goes: t(`versions.move.${isDone ? 'moved' : 'goes'}`, { n: count('goes') }), stays: t('versions.move.stays', { n: count('stays', 'busy') }), asks: t('versions.move.asks', { n: count('asks') })
    }),
    ...(there === 0 ? [] : [t('versions.move.there', { n: there })]),
    ...moved.flatMap(({ number, from, outcome }): string[] => {
      switch (outcome.type) {
        case 'goes': return [t(`versions.move.case.${isDone ? 'moved' : 'goes'}${outcome.asked.length === 0 ? '' : 'Asked'}`, { number, tasks: outcome.asked.join(', ') })];
        case 'stays': return [t('versions.move.case.stays', { number, reason: outcome.reason })];
        case 'asks': return [t('versions.move.case.asks', { number, needs: outcome.needs.map((need) => needText(modelOf(from), after, need)).join(' ') })];
        case 'busy': return [t('versions.move.case.busy', { number })];
        default: return [];
      }
    })
  ];
}

/** Gives what undoing did, or would do. Cases that never moved are not named. */
export function undoLines(moved: readonly MovedCase[], { t, isDone }: { t: Model['t']; isDone: boolean }): string[] {
  const undone = moved.filter(({ outcome }) => outcome.type === 'undone');
  const cannot = moved.filter(({ outcome }) => outcome.type === 'later' || outcome.type === 'busy');
  return [
    t('versions.move.undoSummary', { undone: t(`versions.move.${isDone ? 'undone' : 'canUndo'}`, { n: undone.length }), cannot: t('versions.move.cannot', { n: cannot.length }) }),
    ...undone.map(({ number }) => t(`versions.move.case.${isDone ? 'undone' : 'canUndo'}`, { number })),
    ...cannot.map(({ number, outcome }) => t(`versions.move.case.${outcome.type}`, { number }))
  ];
}

/** Gives every choice that cases ask for, once, with how many ask for it. */
export function askedNeeds(moved: readonly MovedCase[], modelOf: (hash: string) => Model): AskedNeed[] {
  const found = new Map<string, AskedNeed>();
  const add = (need: Need, from: string): void => {
    const key = JSON.stringify(need);
    const known = found.get(key);
    found.set(key, { need, before: known?.before ?? modelOf(from), cases: (known?.cases ?? 0) + 1 });
  };
  for (const { from, outcome } of moved) {
    for (const need of outcome.type === 'asks' ? outcome.needs : []) add(need, from);
  }
  return [...found.values()];
}
