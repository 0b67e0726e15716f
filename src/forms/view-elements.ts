import type { Answers } from '../definitions/bundle.ts';
import { onceFor } from '../definitions/once.ts';
import type { Tree } from '../engine/conditions/condition-tree.ts';
import { answersContext, holds } from '../engine/conditions/conditions.ts';
import { browserCondition } from './browser-condition.ts';
import type { LayoutElement, Question, References, ViewNode, ViewPlace } from './form-types.ts';
import { idOf, nameIn } from './names.ts';
import { printQuestion } from './print-elements.ts';
import { isRequired, isShown, isWritable, partOf } from './visibility.ts';

const always = JSON.stringify({ all: [] });

/**
 * Draws the elements of a form, a row or a group. What is hidden is there as well, inside a fieldset that is hidden and
 * disabled, so that the browser can show it and posts nothing of it; what may not be changed is only disabled. Each conditional question says that it was on the page.
 */
export function viewElements(elements: LayoutElement[], answers: Answers, place: ViewPlace): ViewNode[] {
  return elements.map((element) => {
    if (element.when === null && element.writable === null) return viewElement(element, answers, place);
    const hidden = !isShown(element, answers, place);
    // What is hidden has no message and takes no focus.
    const inside = viewElement(element, answers, hidden ? { ...place, pointer: null, focus: null } : place);
    const here = { at: place.at, isHere: place.isHere, holds: (tree: Tree) => holds(tree, answersContext(answers, place.now, place.zone)) };
    const [when, writable] = [element.when, element.writable].map((tree) => (tree === null ? always : browserCondition(tree, here)));
    const isKnown = when != null && writable != null;
    const view = {
      partial: 'when', hidden, locked: !isWritable(element, answers, place), asked: namesIn(element, place.at), nodes: [inside],
      when: isKnown ? when : null, writable: isKnown && element.writable !== null ? writable : null
    };
    return inside.isKept === true ? keptWhen(inside, `${String(hidden)} ${String(view.locked)} ${view.asked.join(' ')} ${view.when ?? ''} ${view.writable ?? ''}`, () => view) : view;
  });
}

function viewElement(element: LayoutElement, answers: Answers, place: ViewPlace): ViewNode {
  switch (element.type) {
    case 'group': return { partial: 'group', hidden: false, label: element.label, beside: element.beside, nodes: viewElements(element.elements, answers, element.label === null ? place : { ...place, headingLevel: 3 }) };
    case 'label': return element.roles.length === 0 ? keptLabel(element, String(place.headingLevel), () => labelView(element, place)) : labelView(element, place);
    case 'part': return { partial: 'group', hidden: false, label: null, beside: false, nodes: viewElements(element.elements, partOf(answers, element.question), inGroup(element.question, place)) };
    case 'question': return viewQuestion(element.question, answers, place);
  }
}

function labelView(element: LayoutElement & { type: 'label' }, place: ViewPlace): ViewNode {
  return { partial: 'label', hidden: false, text: element.text, warning: element.warning, level: place.headingLevel, ...callsOf(element.roles, place) };
}

/** The place of the questions of a group that stand apart from it. */
function inGroup(group: Question, place: ViewPlace): ViewPlace {
  const { name } = group;
  return {
    ...place, at: nameIn(place.at, name), pointer: place.pointer === null ? null : nameIn(place.pointer, name),
    isHere: (path) => place.isHere([name, ...path]), takenFrom: () => null, isChangeable: () => place.isChangeable(group)
  };
}

function viewQuestion(question: Question, answers: Answers, place: ViewPlace): ViewNode {
  const { name, label, field, inRow } = question;
  if (field.readOnly === true || !place.isChangeable(question)) {
    const printed = printQuestion(question, answers, { ...place, pointer: '' });
    return { partial: 'shown', hidden: false, label, id: idOf(nameIn(place.at, name)), lines: printed.lines, rows: printed.rows };
  }
  const at = nameIn(place.at, name);
  const pointer = place.pointer === null ? null : nameIn(place.pointer, name);
  const id = idOf(at);
  const error = place.problemAt(pointer, id);
  const required = isRequired(question, answers, place) && !place.allOptional;
  const taken = inRow ? null : place.takenFrom(name);
  const state = { id, error, taken, required, optional: !required && place.marksOptional && name !== '', focus: place.focus === id };
  const view = (): ViewNode => viewControl(question, { ...place, at, pointer }, state);
  const isUntouched = taken === null && !state.focus && !place.posted.isFilled(at) && isPlain(question);
  // The day is in the example of a date.
  return isUntouched ? keptBlank(question, `${at} ${place.today} ${String(required)} ${String(state.optional)} ${error ?? ''}`, view) : view();
}

type ControlState = { id: string; error: string | null; taken: string | null; required: boolean; /** A row that is one answer is left out when it is empty. */ optional: boolean; focus: boolean };

/** Does the view of a question, while it is empty, hang on nothing but its form, what it is called here and what is asked of it? */
const isPlain = onceFor(({ control, field, choices }: Question): boolean => (
  control.holds === 'value' && control.takesFiles !== true && field['x-options'] === undefined && choices?.some(({ text }) => text === '') !== true
));

/** So many nodes of one thing are kept: a question may stand in rows. */
const mostKept = 50;
const keptBlank = keeper();
const keptLabel = keeper();
const keptWhen = keeper();

/** Gives the same node for the same key, so that it is drawn once. The key names all that the node hangs on besides what it is kept of. */
function keeper(): (of: object, key: string, make: () => ViewNode) => ViewNode {
  const nodesOf = onceFor((_of: object) => new Map<string, ViewNode>());
  return (of, key, make) => {
    const nodes = nodesOf(of);
    const known = nodes.get(key);
    if (known !== undefined) return known;
    const node = { ...make(), isKept: true };
    if (nodes.size >= mostKept) nodes.clear();
    nodes.set(key, node);
    return node;
  };
}

function viewControl(question: Question, here: ViewPlace, { id, error, taken, required, optional, focus }: ControlState): ViewNode {
  const { label, field, control, options, inRow } = question;
  const own = control.view(question, here);
  const hint = own['hint'] ?? field.description ?? null;
  // The spread comes last: names after one take the engine a hundred times as long.
  return {
    partial: control.name, hidden: false, id, name: here.at, label, error, required, inRow, hint,
    optional,
    help: options.help ?? null,
    taken,
    helpTitle: options.helpTitle ?? here.t('forms.help'),
    autocomplete: field['x-autocomplete'] ?? 'off',
    focus,
    describedBy: [hint === null ? [] : [`${id}-uitleg`], taken === null ? [] : [`${id}-bron`], error === null ? [] : [`${id}-fout`], own['count'] == null ? [] : [`${id}-aantal`]].flat().join(' '),
    ...own
  };
}

/** The questions, and the warning, that a condition decides about; what a further condition inside decides about says so itself. */
function namesIn(element: LayoutElement, at: string): string[] {
  switch (element.type) {
    case 'question': return [nameIn(at, element.question.name)];
    case 'label': return element.warning ? [nameIn(at, `_${element.id}`)] : [];
    case 'group': return unconditional(element.elements, at);
    case 'part': return unconditional(element.elements, nameIn(at, element.question.name));
  }
}

function unconditional(elements: LayoutElement[], at: string): string[] {
  return elements.flatMap((child) => (child.when === null && child.writable === null ? namesIn(child, at) : []));
}

/** Whom to call: the partners of these roles that have a number, in the order of the roles, and which roles have none (semantics 25). */
function callsOf(roles: string[], { references, t }: { references: References; t: ViewPlace['t'] }): { numbers: { name: string; phone: string; tel: string }[]; missing: string | null } {
  const found = roles.map((role) => ({ role, calls: callable(role, references) }));
  const numbers = [...new Set(found.flatMap(({ calls }) => calls))].map(({ name, phone }) => ({ name, phone, tel: phone.replace(/[^\d+]/g, '') }));
  const silent = found.filter(({ calls }) => calls.length === 0).map(({ role }) => references.partnerRoles[role] ?? role);
  if (silent.length === 0) return { numbers, missing: null };
  return { numbers, missing: t(numbers.length === 0 ? 'forms.label.noNumber' : 'forms.label.noNumberOf', { roles: silent.join(', ') }) };
}

function callable(role: string, { partners, national }: References): { name: string; phone: string }[] {
  const withNumber = (list: { name: string; roles: string[]; phone: string | null }[]): { name: string; phone: string }[] => (
    list.flatMap((partner) => (partner.roles.includes(role) && partner.phone !== null && partner.phone !== '' ? [{ ...partner, phone: partner.phone }] : []))
  );
  const own = withNumber(partners);
  return own.length > 0 ? own : withNumber(national);
}
