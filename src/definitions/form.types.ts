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
   * A part of this file: #/$defs/name.
   */
  $ref?: string;
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
  default?: {
    [k: string]: unknown;
  };
  /**
   * The only answer.
   */
  const?: {
    [k: string]: unknown;
  };
  /**
   * The possible answers.
   *
   * @minItems 1
   */
  enum?: unknown[];
  /**
   * The possible answers with their titles.
   *
   * @minItems 1
   */
  oneOf?: FieldOption[];
  /**
   * Form of a text answer.
   */
  format?: 'date' | 'time' | 'date-time' | 'email' | 'uri' | 'uuid' | 'partial-date';
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
   * Shown, never asked.
   */
  readOnly?: boolean;
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
   * The field that says whose words this row holds.
   */
  'x-of'?: string;
  /**
   * Roles that may read and write this field.
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
export interface FieldOption {
  /**
   * The stored answer.
   */
  const: string | number | boolean | null;
  /**
   * The answer as people read it.
   */
  title?: string;
  /**
   * One sentence under the answer.
   */
  description?: string;
}
/**
 * A condition over fields of this form, in a row over fields of the row.
 */
export interface Condition {
  [k: string]: unknown;
}
/**
 * The answers come from data: the partner directory or the staff.
 */
export interface OptionSource {
  /**
   * Where the answers come from.
   */
  source: 'partners' | 'staff' | 'rows' | 'records';
  /**
   * Only partners or staff with one of these roles.
   */
  roles?: string[];
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
   * The field of a control, as #/properties/name.
   */
  scope?: string;
  /**
   * Heading of a group or page, or another question for a control.
   */
  label?: string | boolean;
  /**
   * Text of a label, in Markdown.
   */
  text?: string;
  /**
   * What stands inside.
   */
  elements?: UiElement[];
  when?: Condition;
  /**
   * A JSON Forms rule.
   */
  rule?: {};
  options?: ElementOptions;
}
/**
 * How an element looks.
 */
export interface ElementOptions {
  /**
   * Which control or kind of label.
   */
  format?: 'radio' | 'select' | 'checkbox' | 'checkboxes' | 'date-parts' | 'warning' | 'note';
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
   * How categories are shown.
   */
  variant?: 'page' | 'stepper';
  detail?: UiElement;
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
