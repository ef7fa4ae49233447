// The acts of a case: which operation each is, which fields it asks for, and where a whole record is
// written instead. Pure. Names, limits and codes of the fields stand in the schema of records: each
// field here only names the one that it becomes.
import type { Schema, SchemaField } from '../../forms/schema';
import { byte_length, is_date, text_length } from '../../forms/texts';

// How a field is filled in. 'plain': by the type of its field in the schema.
export type Control = 'plain' | 'items' | 'outcome' | 'questions' | 'answers';
export interface ActField {
  name: string;          // in the request of the API
  as: string;            // field of the record's message; its label, type and limits hold
  control: Control;
  needed: boolean;
}
export interface ActForm {
  act: string;           // as NextAct.act
  operation: string;
  message: string;       // of the record
  fields: readonly ActField[];
  whole: boolean;        // can be written as a whole record on the compose page
}

const field = (name: string, as = name, needed = false, control: Control = 'plain'): ActField =>
  ({ name, as, control, needed });
const form = (act: string, message: string, fields: readonly ActField[], whole = false): ActForm =>
  ({ act, operation: `trace_${act}`, message, fields, whole });

const FORMS: readonly ActForm[] = [
  form('ack', 'TraceAck', [field('ref', 'case_ref_requested', true), field('expected_by', 'expected_by', true),
    field('assigned_to'), field('note')]),
  form('ask', 'TraceInfoRequest', [field('missing', 'missing', true, 'questions'), field('wanted_by', 'reply_wanted_by')]),
  form('supply', 'TraceInfoSupply', [field('answers', 'answers', true, 'answers')], true),
  form('delay', 'TraceDelay', [field('ground', 'ground', true), field('reason', 'reason_text', true),
    field('expected_by', 'expected_by', true), field('items', 'item_nos', false, 'items'), field('said_now', 'can_be_said_now')]),
  form('interim', 'TraceInterim', [], true),
  form('answer', 'TraceResponse', [], true),
  form('refuse', 'TraceRefusal', [field('ground', 'ground', true), field('reason', 'reason_text', true),
    field('ref', 'case_ref_requested')]),
  form('clarify', 'TraceClarify', [field('text', 'text', true)]),
  form('reply', 'TraceClarifyReply', [field('text', 'text', true)], true),
  form('correct', 'TraceCorrection', [], true),
  form('withdraw', 'TraceWithdraw', [field('reason', 'reason', true), field('text')]),
  form('close', 'TraceClose', [field('outcome', 'useful', true, 'outcome'), field('next_asked'),
    field('action', 'action_taken'), field('share', 'shared_back')]),
  form('reopen', 'TraceReopen', [field('text', 'new_information', true)]),
];

export const OUTCOMES = ['USEFUL', 'NOT_USEFUL', 'NOT_KNOWN'] as const;

export function form_of(act: string): ActForm | undefined {
  return FORMS.find((each) => each.act === act);
}

// What the compose page is asked for.
export function compose_link(act: string, case_number: string): string {
  return `/compose?${new URLSearchParams({ act, case: case_number }).toString()}`;
}

export function follow_link(case_number: string, to: string): string {
  return `/compose?${new URLSearchParams({ follow: case_number, to }).toString()}`;
}

export interface Question { path: string; text: string }
export interface Given { path: string; value: string; confidence: string; note: string }
export type Filled = string | string[] | number[] | Question[] | Given[];
export type Values = Record<string, Filled>;

export type Trouble = 'NEEDED' | 'TOO_LONG' | 'TOO_SHORT' | 'PAST' | 'NOT_A_DATE';
export interface Found { field: string; index: number; trouble: Trouble; limit: number }

export function start_values(act: ActForm, schema: Schema): Values {
  const out: Values = {};
  for (const each of act.fields) {
    if (each.control === 'questions') out[each.name] = [{ path: '', text: '' }];
    else if (each.control === 'answers') out[each.name] = [{ path: '', value: '', confidence: '', note: '' }];
    else out[each.name] = schema.field(act.message, each.as)?.list ? [] : '';
  }
  return out;
}

// A question may stay open; the others are answered all the same.
export const is_given = (each: Given): boolean => each.value.trim() !== '';

// What is sent: without what was left empty.
export function request_of(act: ActForm, case_number: string, values: Values): Record<string, unknown> {
  const out: Record<string, unknown> = { case_number: case_number };
  for (const { name, control } of act.fields) {
    const value = control === 'answers' ? (values[name] as Given[]).filter(is_given) : values[name];
    if (typeof value === 'string') {
      if (value.trim() !== '') out[name] = value.trim();
    } else if (value && value.length > 0) {
      out[name] = value;
    }
  }
  return out;
}

function text_trouble(text: string, rule: SchemaField | undefined): Omit<Found, 'field' | 'index'> | undefined {
  if (rule?.min_chars && text_length(text) < rule.min_chars) return { trouble: 'TOO_SHORT', limit: rule.min_chars };
  if (rule?.max_bytes && byte_length(text) > rule.max_bytes) return { trouble: 'TOO_LONG', limit: rule.max_bytes };
  return undefined;
}

// The first thing wrong with each field, so that nobody has to send to find out. The node has the
// last word. today: the day at the node, 2026-03-02.
export function troubles(act: ActForm, values: Values, schema: Schema, today: string): Found[] {
  const out: Found[] = [];
  const add = (name: string, trouble: Omit<Found, 'field' | 'index'> | undefined, index = -1): void => {
    if (trouble) out.push({ field: name, index, ...trouble });
  };
  for (const { name, as, control, needed } of act.fields) {
    const rule = schema.field(act.message, as);
    const value = values[name] ?? '';
    if (control === 'questions') {
      const limits = rule && schema.field(rule.message, 'question');
      (value as Question[]).forEach(({ path, text }, i) =>
        add(name, !path || text.trim() === '' ? { trouble: 'NEEDED', limit: 0 } : text_trouble(text, limits), i));
      if (value.length === 0) add(name, { trouble: 'NEEDED', limit: 0 });
    } else if (control === 'answers') {
      const limits = rule && schema.field(rule.message, 'value');
      const given = value as Given[];
      given.forEach((each, i) => add(name, text_trouble(each.value, limits), i));
      if (!given.some(is_given)) add(name, { trouble: 'NEEDED', limit: 0 });
    } else if (typeof value !== 'string') {
      if (needed && value.length === 0) add(name, { trouble: 'NEEDED', limit: 0 });
    } else if (value.trim() === '') {
      if (needed || is_needed_now(act, as, values, schema)) add(name, { trouble: 'NEEDED', limit: 0 });
    } else if (rule?.type === 'DATE') {
      add(name, date_trouble(value, today));
    } else {
      add(name, text_trouble(value, rule));
    }
  }
  return out;
}

function date_trouble(value: string, today: string): Omit<Found, 'field' | 'index'> | undefined {
  if (!is_date(value)) return { trouble: 'NOT_A_DATE', limit: 0 };
  return value < today ? { trouble: 'PAST', limit: 0 } : undefined;
}

// By the needs of the message: a reason OTHER needs words.
function is_needed_now(act: ActForm, as: string, values: Values, schema: Schema): boolean {
  return (schema.message(act.message)?.needs ?? []).some((need) => {
    const said = act.fields.find((each) => each.as === need.field);
    const value = said && values[said.name];
    return need.fields.includes(as) && typeof value === 'string' && need.codes.includes(value);
  });
}

// ---- what the case offers ------------------------------------------------------

export interface NextFacts { act?: string; command?: string; text?: string }
export interface Offer {
  act: string;
  to: string;            // of a follow-up: the State that the answer points to
  text: string;          // English, of the node
}

// The party that a follow-up would go to stands in the command only.
const to_of = (command: string): string => / --to ([A-Z][A-Z0-9-]{1,11})(?: |$)/.exec(command)?.[1] ?? '';

// The acts that the case allows and the person may do, in the order of the node: the first is the
// one that is shown as the button.
export function offers_of(next: readonly NextFacts[], operations: ReadonlySet<string>): Offer[] {
  return next
    .map((each) => ({ act: each.act ?? '', to: each.act === 'follow' ? to_of(each.command ?? '') : '', text: each.text ?? '' }))
    .filter((each) => operations.has(`trace_${each.act}`));
}

// The button that leads, when it is our turn: the node's first act, and once a request is
// acknowledged the answer, which it is about, before questions and delays. Out of turn nothing
// leads, or the button would ask to withdraw what is only waited for.
export function leading(offers: readonly Offer[], turn: string): Offer | undefined {
  if (turn !== 'OURS') return undefined;
  const first = offers[0];
  return first?.act === 'ack' ? first : offers.find((each) => each.act === 'answer') ?? first;
}
