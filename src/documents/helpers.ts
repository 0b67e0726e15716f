import { isScalar } from '../definitions/json-values.ts';
import Handlebars from 'handlebars';
import type { Translate } from '../texts.ts';
import { formatDay, formatTime } from './dutch-time.ts';
import { isPrintedField } from './printed-field.ts';

/** What a helper gets from Handlebars after its own values. */
export type HelperOptions = Handlebars.HelperOptions;

type Helper = (...values: unknown[]) => unknown;

/** The helpers that open a block: {{#if}}, {{#unless}}, {{#each}}, {{#with}}. */
export const blockHelpers: readonly string[] = ['if', 'unless', 'each', 'with'];

/** The helpers that print or compare: all that a template can call. */
export const helperNames: readonly string[] = ['datum', 'tijd', 'antwoord', 'ja-nee', 'is'];

/**
 * Makes the helpers of templates. Each takes a question with its answer (such as antwoorden.datum) or a bare value,
 * prints a sentence of its own when there is no answer, and throws when the field does not exist.
 */
export function makeHelpers(t: Translate): { [name: string]: Helper } {
  return {
    /**
     * A day or a moment in words.
     * @example {{datum gemaakt.op}} gives: woensdag 18 maart 2026
     */
    datum: (value) => printed(value, t, formatDay),

    /**
     * The time of a moment, or a time of the day.
     * @example {{tijd antwoorden.tijd}} gives: 14.32 uur
     */
    tijd: (value) => printed(value, t, (moment) => t('documents.time', { time: formatTime(moment) })),

    /**
     * The answer to a question as people read it: titles of the chosen answers, dates in words, each line on its own.
     * With leeg="..." another text stands where there is no answer; leeg="" leaves the place empty.
     * @example {{antwoord antwoorden.uitkomst}} gives: Andere oorzaak
     */
    antwoord: (field, options) => {
      const lines = linesOf(present(field));
      // Known helpers always get their options last.
      const { hash } = options as HelperOptions;
      const empty = typeof hash['leeg'] === 'string' ? hash['leeg'] : missingWords(field, t);
      return new Handlebars.SafeString((lines.length === 0 ? [empty] : lines).map(Handlebars.Utils.escapeExpression).join('<br>'));
    },

    /**
     * Yes, no, or that it was not answered.
     * @example {{ja-nee antwoorden.getekend}} gives: ja
     */
    'ja-nee': (value) => {
      const answer = bare(present(value));
      return t(answer === true ? 'documents.yes' : answer === false ? 'documents.no' : isWithheld(value) ? 'documents.withheld' : 'documents.noAnswer');
    },

    /**
     * Is the answer one of these values? For a question with several answers: is one of them?
     * @example {{#if (is antwoorden.bron "ander" "ouder")}}Van een ander{{/if}}
     */
    is: (value, ...rest) => {
      const answer = bare(present(value));
      const wanted = rest.slice(0, -1);
      return Array.isArray(answer) ? answer.some((part) => wanted.includes(part)) : wanted.includes(answer);
    }
  };
}

function printed(value: unknown, t: Translate, print: (text: string) => string): string {
  const answer = bare(present(value));
  return typeof answer === 'string' && answer !== '' ? print(answer) : missingWords(value, t);
}

function missingWords(field: unknown, t: Translate): string {
  return t(isWithheld(field) ? 'documents.withheld' : 'documents.noAnswer');
}

function isWithheld(field: unknown): boolean {
  return isPrintedField(field) && field.weggelaten;
}

function linesOf(field: unknown): readonly string[] {
  if (isPrintedField(field)) return field.regels;
  if (Array.isArray(field)) return field.map(String);
  return field === null || field === '' ? [] : [isScalar(field) ? String(field) : ''];
}

function bare(value: unknown): unknown {
  return isPrintedField(value) ? value.waarde : value;
}

/** Undefined reaches a helper only when a field does not exist: every declared field is filled with null. */
function present(value: unknown): unknown {
  if (value === undefined) throw new MissingField();
  return value;
}

/** A helper was given a field that does not exist. The gate adds the place. */
export class MissingField extends Error {
  constructor() {
    super('missing field');
    this.name = 'MissingField';
  }
}
