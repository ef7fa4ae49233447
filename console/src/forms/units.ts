// Numbers whose names end in their unit: times in milliseconds, tenths of a degree. What people
// read and write is the time and the degree.
import { latin_digits } from './texts';
import { read_number } from './check';
import type { SchemaField } from './schema';
import type { Value } from './values';

export type Unit = 'time' | 'tenths' | 'plain';

// As node/desk/sheet_fields.cc has it.
export function unit_of(field: SchemaField): Unit {
  if (field.name.endsWith('_ms')) return 'time';
  return field.name.endsWith('_tenths') ? 'tenths' : 'plain';
}

// What stands in the control.
export function number_text(field: SchemaField, value: Value | undefined): string {
  const number = value === undefined ? undefined : read_number(value);
  if (number === undefined) return typeof value === 'string' ? value : '';
  if (unit_of(field) !== 'tenths') return String(number);
  const size = number < 0n ? -number : number;
  return `${number < 0n ? '-' : ''}${size / 10n}.${size % 10n}`;
}

// What goes into the record: a number, as text where it has more than 31 bits. What is no number
// is kept as it was typed, so that it is not lost and the check can say so.
export function number_value(field: SchemaField, typed: string): Value | undefined {
  const text = latin_digits(typed).replace(/[\s\u00a0\u202f]/g, '').replace('−', '-');
  if (text === '') return undefined;
  if (unit_of(field) === 'tenths') return tenths(text);
  return /^-?\d{1,18}$/.test(text) ? whole(text) : typed;
}

function whole(text: string): Value {
  const number = Number(text);
  return Math.abs(number) < 2 ** 31 ? number : String(BigInt(text));
}

function tenths(text: string): Value {
  const match = /^(-?)(\d{1,6})(?:[.,](\d))?$/.exec(text);
  if (!match) return text;
  const size = Number(match[2]) * 10 + Number(match[3] ?? 0);
  return match[1] && size ? -size : size;
}

// "2026-03-02T09:14" in the reader's zone, for a control of the browser; empty: no time.
export function local_time(value: Value | undefined): string {
  const number = value === undefined ? undefined : read_number(value);
  if (!number) return '';
  const date = new Date(Number(number));
  if (Number.isNaN(date.getTime())) return '';
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

export function time_value(local: string): Value | undefined {
  const ms = local === '' ? NaN : new Date(local).getTime();
  return Number.isNaN(ms) ? undefined : String(ms);
}
