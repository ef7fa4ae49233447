// Words around fields in the reader's language.
import { code_label, country_label, format, lang, t } from '../i18n';
import { hex_of } from './hex';
import type { Schema, SchemaField } from './schema';
import { number_text, unit_of } from './units';
import { is_object, is_present, type Value } from './values';

/** A label as the catalogue has it, to begin a line with. */
export function sentence(label: string): string {
  const first = [...label][0] ?? '';
  return first.toLocaleUpperCase(lang.current) + label.slice(first.length);
}

/** H1, A and 4 are shown beside their words: people know them by the letter. */
export function with_letter(code: string, label: string): string {
  return /^([A-Z]?\d|[A-Z])$/.test(code) && label !== code ? `${code} – ${label}` : label;
}

export function code_words(list: string, code: string): string {
  return with_letter(code, code_label(list, code));
}

export function country_words(code: string): string {
  if (code === 'ZZ') return t('forms.country.unknown');
  const label = country_label(code);
  return label === code ? code : `${label} (${code})`;
}

/** "Spain (ES)": whom something reaches, by name. */
export function party_words(party: string, fallback = ''): string {
  const name = country_label(party);
  return name === party ? (fallback ? `${fallback} (${party})` : party) : `${name} (${party})`;
}

/** 2014, 2014-06 or 2014-06-11 in the reader's form; anything else as it is. */
export function date_words(value: string): string {
  const match = /^(\d{4})-(\d{2})(-\d{2})?$/.exec(value);
  if (!match) return value;
  const date = new Date(`${match[1]}-${match[2]}${match[3] ?? '-01'}T00:00:00Z`);
  if (Number.isNaN(date.getTime())) return value;
  return new Intl.DateTimeFormat(lang.locale, {
    timeZone: 'UTC',
    year: 'numeric',
    month: 'long',
    ...(match[3] && { day: 'numeric' }),
  }).format(date);
}

/** "Arabic"; what is no language tag, as it is. */
export function language_words(tag: string): string {
  try {
    return sentence(new Intl.DisplayNames(lang.locale, { type: 'language' }).of(tag) ?? tag);
  } catch {
    return tag;
  }
}

/** One plain value in words. */
export function value_words(field: SchemaField, value: Value | undefined): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'boolean') return t(value ? 'forms.yes' : 'forms.no');
  if (field.type === 'NUMBER') return number_words(field, value);
  const text = String(value);
  if (field.code_list) return code_words(field.code_list, text);
  if (field.type === 'COUNTRY') return country_words(text);
  if (field.type === 'DATE' || field.type === 'PARTIAL_DATE') return date_words(text);
  if (field.type === 'LANGUAGE') return language_words(text);
  return field.type === 'BYTES' ? hex_of(text) : text;
}

function number_words(field: SchemaField, value: Value): string {
  const text = number_text(field, value);
  if (unit_of(field) === 'time') {
    const date = new Date(Number(text));
    return Number.isNaN(date.getTime()) ? text : format.time(date.toISOString(), 'datetime');
  }
  return /^-?\d+$/.test(text) ? format.number(text) : text;
}

const SUMMARY_PARTS = 4;

/** What a message is about, in a line: its first plain values. */
export function summary(schema: Schema, message: string, value: Value | undefined): string {
  return parts_of(schema, message, value).slice(0, SUMMARY_PARTS).join(' · ');
}

function parts_of(schema: Schema, message: string, value: Value | undefined): string[] {
  if (!is_object(value)) return [];
  const out: string[] = [];
  for (const field of schema.message(message)?.fields ?? []) {
    const each = value[field.name];
    if (out.length >= SUMMARY_PARTS || !is_present(schema, each, field)) continue;
    if (field.type === 'NUMBER' || field.type === 'BOOL' || field.type === 'BYTES') continue;
    if (field.type === 'MESSAGE') {
      if (!field.list) out.push(...parts_of(schema, field.message, each));
      continue;
    }
    const texts = (Array.isArray(each) ? each : [each]).map((one) => value_words(field, one));
    out.push(shortened(texts.filter((text) => text !== '').join(', ')));
  }
  return out;
}

const SHORT = 60;

function shortened(text: string): string {
  const letters = [...text];
  return letters.length > SHORT ? `${letters.slice(0, SHORT - 1).join('')}…` : text;
}
