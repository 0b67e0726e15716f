// Generated from form.schema.json by "npm run types". Do not edit.

/**
 * The questions of one form. One file in forms/.
 */
export interface FormDefinition {
  /**
   * What kind of file this is. For a form: ./.schemas/form.json.
   */
  $schema?: string;
  /**
   * Name of the form, equal to the file name without .json.
   */
  id: string;
  /**
   * Version of this file for people.
   */
  version: string;
  /**
   * Language of the texts, such as nl.
   */
  language: string;
  /**
   * Heading of the form.
   */
  title: string;
  /**
   * One or two sentences under the heading.
   */
  description?: string;
  /**
   * One line that stands for a record of this form in lists and on the timeline, such as {naam}, groep {groep}. A part between commas whose fields are all empty is left out.
   */
  summary?: string;
  schema: ObjectField;
  uischema?: UiElement;
  /**
   * Paths, such as schema.properties.datum, that an overlay may tighten and never drop.
   */
  lock?: string[];
}
export interface ObjectField {
  /**
   * Always object.
   */
  type: 'object';
  /**
   * The questions, keyed by field name.
   */
  properties: {
    [k: string]: Field;
  };
  /**
   * Questions that must be answered when they are asked.
   */
  required?: string[];
  /**
   * false: no other fields.
   */
  additionalProperties?: boolean;
  /**
   * Parts that fields refer to with $ref.
   */
  $defs?: {
    [k: string]: Field;
  };
  /**
   * The same, as older files call it.
   */
  definitions?: {
    [k: string]: Field;
  };
  /**
   * A note for who reads the file.
   */
  $comment?: string;
  /**
   * Not shown: the form has its own.
   */
  title?: string;
  /**
   * Not shown: the form has its own.
   */
  description?: string;
  /**
   * Further questions and demands, all of them.
   *
   * @minItems 1
   */
  allOf?: Field[];
  /**
   * At least one of these must fit the answers.
   *
   * @minItems 1
   */
  anyOf?: Field[];
  /**
   * Exactly one of these must fit the answers.
   *
   * @minItems 1
   */
  oneOf?: Field[];
  not?: Field;
  if?: Field;
  then?: Field;
  else?: Field;
  /**
   * Which questions must be answered once another is.
   */
  dependentRequired?: {
    [k: string]: string[];
  };
  /**
   * Questions and demands once a question is answered.
   */
  dependentSchemas?: {
    [k: string]: Field;
  };
  /**
   * Both of these, as older files write them.
   */
  dependencies?: {
    [k: string]: string[] | Field;
  };
  /**
   * Fewest questions answered.
   */
  minProperties?: number;
  /**
   * Most questions answered.
   */
  maxProperties?: number;
  /**
   * Own error texts: { pointer: { keyword: text } }.
   */
  'x-messages'?: {
    [k: string]: {
      [k: string]: string;
    };
  };
}
export interface Field {
  /**
   * A part of this file: #/$defs/name or #/definitions/name.
   */
  $ref?: string;
  /**
   * A note for who reads the file.
   */
  $comment?: string;
  /**
   * Kind of answer.
   */
  type?:
    | ('string' | 'number' | 'integer' | 'boolean' | 'object' | 'array' | 'null')
    | ('string' | 'number' | 'integer' | 'boolean' | 'object' | 'array' | 'null')[];
  /**
   * The question.
   */
  title?: string;
  /**
   * The hint under the question.
   */
  description?: string;
  /**
   * Example answers.
   */
  examples?: unknown[];
  /**
   * First value of a new record.
   */
  default?: string | number | boolean | null | {} | unknown[];
  /**
   * The only answer, or the answer of an option.
   */
  const?: string | number | boolean | null | {} | unknown[];
  /**
   * The possible answers.
   *
   * @minItems 1
   */
  enum?: unknown[];
  /**
   * The possible answers with their titles, or groups of questions to choose from.
   *
   * @minItems 1
   */
  oneOf?: Field[];
  /**
   * The same, where more than one may fit.
   *
   * @minItems 1
   */
  anyOf?: Field[];
  /**
   * Further keywords, all of them.
   *
   * @minItems 1
   */
  allOf?: Field[];
  not?: Field;
  if?: Field;
  then?: Field;
  else?: Field;
  /**
   * Form of a text answer; with type object, file: a file that is added.
   */
  format?: 'date' | 'time' | 'date-time' | 'email' | 'uri' | 'uuid' | 'partial-date' | 'file';
  /**
   * Fewest characters.
   */
  minLength?: number;
  /**
   * Most characters.
   */
  maxLength?: number;
  /**
   * Pattern the text must match; runs in linear time.
   */
  pattern?: string;
  /**
   * Smallest number.
   */
  minimum?: number;
  /**
   * Largest number.
   */
  maximum?: number;
  /**
   * The number must be larger than this.
   */
  exclusiveMinimum?: number;
  /**
   * The number must be smaller than this.
   */
  exclusiveMaximum?: number;
  /**
   * The number must be a multiple of this.
   */
  multipleOf?: number;
  items?: Field;
  /**
   * Fewest rows or answers.
   */
  minItems?: number;
  /**
   * Most rows or answers.
   */
  maxItems?: number;
  /**
   * With a list of fixed answers: tick boxes.
   */
  uniqueItems?: boolean;
  contains?: Field;
  /**
   * Fewest rows or answers that are so.
   */
  minContains?: number;
  /**
   * Most rows or answers that are so.
   */
  maxContains?: number;
  /**
   * The questions of a row or group.
   */
  properties?: {
    [k: string]: Field;
  };
  /**
   * Questions of the row or group that must be answered.
   */
  required?: string[];
  /**
   * false: no other fields.
   */
  additionalProperties?: boolean;
  /**
   * Which questions of the row or group must be answered once another is.
   */
  dependentRequired?: {
    [k: string]: string[];
  };
  /**
   * Questions and demands once a question is answered.
   */
  dependentSchemas?: {
    [k: string]: Field;
  };
  /**
   * Both of these, as older files write them.
   */
  dependencies?: {
    [k: string]: string[] | Field;
  };
  /**
   * Fewest questions of the row or group answered.
   */
  minProperties?: number;
  /**
   * Most questions of the row or group answered.
   */
  maxProperties?: number;
  /**
   * Shown, never asked.
   */
  readOnly?: boolean;
  /**
   * Asked, never shown again.
   */
  writeOnly?: boolean;
  when?: Condition;
  /**
   * The field in a sentence, with its article: de datum van het gesprek.
   */
  'x-name'?: string;
  /**
   * This field says when the thing happened.
   */
  'x-date'?: boolean;
  /**
   * Not before today.
   */
  'x-min'?: 'today';
  /**
   * Not after today.
   */
  'x-max'?: 'today';
  /**
   * Whose knowledge this is: seen oneself, said by the subject, heard from others, or a judgement.
   */
  'x-source'?: 'own' | 'subject' | 'third-party' | 'judgement';
  /**
   * The question that says whose words these are: a name, or a row chosen from the case.
   */
  'x-of'?: string;
  /**
   * Tells two pupils of one name apart: with another answer here, two cases are not about the same one.
   */
  'x-identifies'?: boolean;
  /**
   * The only roles that read and fill in this question.
   *
   * @minItems 1
   */
  'x-access'?: string[];
  'x-options'?: OptionSource;
  /**
   * Own term for this field.
   */
  'x-retention'?: {};
  /**
   * Special category of personal data.
   */
  'x-special'?: 'health' | 'sexual-life' | 'criminal';
  /**
   * Code in a public data set.
   */
  'x-code'?: string;
  /**
   * The autocomplete attribute; off for names of third parties.
   */
  'x-autocomplete'?: string;
  /**
   * Own error texts by keyword.
   */
  'x-messages'?: {
    [k: string]: string;
  };
}
/**
 * A condition over fields of this form, in a row over fields of the row.
 */
export interface Condition {
  [k: string]: unknown;
}
/**
 * The answers come from data: the partner directory, the staff, or rows or records of the case.
 */
export interface OptionSource {
  /**
   * Where the answers come from. beside: any record of the case; what is handed in stands beside it on its page, in the dossier and in documents that print it.
   */
  source: 'partners' | 'staff' | 'rows' | 'records' | 'beside';
  /**
   * Only partners or staff with one of these roles.
   */
  roles?: string[];
  /**
   * Which rows or records of the case: a list such as leerling.ouders, or a task.
   */
  of?: string;
}
export interface UiElement {
  /**
   * Kind of element.
   */
  type:
    | 'Control'
    | 'VerticalLayout'
    | 'HorizontalLayout'
    | 'Group'
    | 'Categorization'
    | 'Category'
    | 'Label'
    | 'ListWithDetail';
  /**
   * The field of a control, as #/properties/name; of a group as #/properties/group/properties/name.
   */
  scope?: string;
  /**
   * Heading of a group or page, or another question for a control; also as { text } of JSON Forms.
   */
  label?: string | boolean | LabelText;
  /**
   * Text of a label, in Markdown.
   */
  text?: string;
  /**
   * What stands inside.
   */
  elements?: UiElement[];
  when?: Condition;
  rule?: LayoutRule;
  options?: ElementOptions;
}
export interface LabelText {
  /**
   * The heading or question.
   */
  text?: string;
  /**
   * Always true: a question is never without its words.
   */
  show?: true;
}
/**
 * A rule as JSON Forms writes it, beside or in place of when: shows, hides, or lets be changed or not while its condition holds.
 */
export interface LayoutRule {
  /**
   * What happens while the condition holds.
   */
  effect: 'SHOW' | 'HIDE' | 'ENABLE' | 'DISABLE' | 'READONLY' | 'WRITABLE';
  condition: RuleCondition;
}
/**
 * When a rule of JSON Forms has its effect: what one answer fits, or several conditions together.
 */
export interface RuleCondition {
  /**
   * LEAF: with expectedValue. AND, OR: with conditions. Absent, or SCHEMA: with schema.
   */
  type?: 'LEAF' | 'AND' | 'OR' | 'SCHEMA';
  /**
   * All of these (AND), or one of these (OR).
   *
   * @minItems 1
   */
  conditions?: RuleCondition[];
  /**
   * The answer, as #/properties/name or #/properties/group/properties/name; # for all answers.
   */
  scope?: string;
  /**
   * The answer that is waited for.
   */
  expectedValue?: string | number | boolean;
  /**
   * JSON Schema that the answer must fit. Most of its keywords also fit an answer that is not there.
   */
  schema?: {
    [k: string]: unknown;
  };
  /**
   * true: an answer that is not there does not fit.
   */
  failWhenUndefined?: boolean;
}
/**
 * How an element looks.
 */
export interface ElementOptions {
  /**
   * Which control or kind of label.
   */
  format?: 'radio' | 'select' | 'checkbox' | 'checkboxes' | 'date-parts' | 'body' | 'warning' | 'note';
  /**
   * Several lines.
   */
  multi?: boolean;
  /**
   * Lines of a text area.
   */
  rows?: number;
  /**
   * Short answers beside each other.
   */
  inline?: boolean;
  /**
   * Width of the field.
   */
  width?: 'short' | 'medium' | 'full';
  /**
   * How categories are shown: pages in any order, or one step after another, each checked before the next.
   */
  variant?: 'page' | 'stepper';
  /**
   * Written by JSON Forms; there are always buttons to go on and back.
   */
  showNavButtons?: true;
  /**
   * Yes or no as one box, as JSON Forms writes it; the same as the format checkbox.
   */
  toggle?: true;
  /**
   * Written by JSON Forms; what is too long is always refused, and nothing that was typed is cut off.
   */
  restrict?: true;
  /**
   * Written by JSON Forms; a hint is always shown.
   */
  showUnfocusedDescription?: true;
  /**
   * Written by JSON Forms; there are no asterisks: what may stay empty says so.
   */
  hideRequiredAsterisk?: true;
  /**
   * true: shown, and never changed by who fills in the form.
   */
  readonly?: boolean;
  /**
   * Layout of one row, or of a group. GENERATED, DEFAULT: in the order of the questions.
   */
  detail?: UiElement | ('GENERATED' | 'DEFAULT');
  /**
   * The field that names a row.
   */
  elementLabelProp?: string;
  /**
   * Text of the button that adds a row.
   */
  addLabel?: string;
  /**
   * Long guidance, folded.
   */
  help?: string;
  /**
   * Title of the folded guidance.
   */
  helpTitle?: string;
  /**
   * With a label: show these partner roles with their telephone numbers.
   */
  partners?: string[];
}
