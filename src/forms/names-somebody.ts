import type { Answers, Json } from '../definitions/bundle.ts';
import type { Question } from './form-types.ts';

/** Does any of these answers name a partner or a member of staff? Only then a check or a print draws on who there is. */
export function namesSomebody(questions: Question[], answers: Answers): boolean {
  return questions.some(({ name, field, parts }) => {
    const value = Object.hasOwn(answers, name) ? answers[name] : undefined;
    return value !== undefined && (field['x-options'] !== undefined || (parts.length > 0 && inside(value).some((part) => namesSomebody(parts, part))));
  });
}

function inside(value: Json): Answers[] {
  return [value].flat().filter((part): part is Answers => part !== null && typeof part === 'object' && !Array.isArray(part));
}
