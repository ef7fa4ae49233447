// Numbers, dates and times in the reader's form. All reactive to the language.
import { lang } from './lang.svelte';

const cache = new Map<string, unknown>();
function cached<T>(id: string, make: () => T): T {
  let one = cache.get(id) as T | undefined;
  if (one === undefined) {
    one = make();
    cache.set(id, one);
  }
  return one;
}

export function number(value: number | string | bigint): string {
  const format = cached(`n ${lang.locale}`, () => new Intl.NumberFormat(lang.locale));
  return format.format(typeof value === 'string' ? BigInt(value || '0') : value);
}

export function bytes(value: number | string): string {
  let size = Number(value);
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;
  let unit = 0;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return new Intl.NumberFormat(lang.locale, {
    style: 'unit', unit: units[unit], unitDisplay: 'short', maximumFractionDigits: size < 10 ? 1 : 0,
  }).format(size);
}

/** "2026-03-02T09:14:00Z" → Date; undefined for "" and for what is no time. */
export function parse_time(at: string): Date | undefined {
  if (!at) return undefined;
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

type Style = 'date' | 'time' | 'datetime' | 'utc';
const OPTIONS: Record<Style, Intl.DateTimeFormatOptions> = {
  date: { year: 'numeric', month: 'short', day: 'numeric' },
  time: { hour: '2-digit', minute: '2-digit' },
  datetime: { year: 'numeric', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' },
  utc: {
    year: 'numeric', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit',
    second: '2-digit', timeZone: 'UTC', timeZoneName: 'short',
  },
};

/** A point of time in the reader's zone (utc: in UTC, with seconds). */
export function time(at: string, style: Style = 'datetime'): string {
  const date = parse_time(at);
  if (!date) return '';
  return cached(`${style} ${lang.locale}`, () => new Intl.DateTimeFormat(lang.locale, OPTIONS[style]))
    .format(date);
}

/** A day without a time ("2026-03-24"): the same day in every zone. */
export function day(date: string): string {
  if (!/^\d{4}-\d\d-\d\d$/.test(date)) return date;
  return cached(`day ${lang.locale}`, () =>
    new Intl.DateTimeFormat(lang.locale, { ...OPTIONS.date, timeZone: 'UTC' }))
    .format(new Date(date + 'T00:00:00Z'));
}

const MINUTE = 60, HOUR = 3600, DAY = 86400;
const STEPS: [number, number, Intl.RelativeTimeFormatUnit][] = [
  [90, 1, 'second'], [90 * MINUTE, MINUTE, 'minute'], [36 * HOUR, HOUR, 'hour'],
  [60 * DAY, DAY, 'day'], [700 * DAY, 30.44 * DAY, 'month'], [Infinity, 365.25 * DAY, 'year'],
];

/** "in 4 days", "2 hours ago": from now_ms. */
export function relative(at: string, now_ms: number): string {
  const date = parse_time(at);
  if (!date) return '';
  const seconds = (date.getTime() - now_ms) / 1000;
  const [, size, unit] = STEPS.find(([below]) => Math.abs(seconds) < below)!;
  const format = cached(`r ${unit === 'second'} ${lang.locale}`, () =>
    new Intl.RelativeTimeFormat(lang.locale, { numeric: unit === 'second' ? 'auto' : 'always' }));
  if (unit === 'second' && Math.abs(seconds) < 45) return format.format(0, 'second');
  return format.format(Math.round(seconds / size), unit);
}

/** "22 days": a length without a direction. */
export function duration(seconds: number): string {
  const [, size, unit] = STEPS.find(([below]) => Math.abs(seconds) < below)!;
  return new Intl.NumberFormat(lang.locale, { style: 'unit', unit, unitDisplay: 'long' })
    .format(Math.round(Math.abs(seconds) / size));
}

/** "10 years": so many of a unit. */
export function length(count: number, unit: 'day' | 'month' | 'year'): string {
  return new Intl.NumberFormat(lang.locale, { style: 'unit', unit, unitDisplay: 'long' }).format(count);
}

/** Names in the order of the reader's language: "a, b and c". */
export function list(words: string[]): string {
  return cached(`l ${lang.locale}`, () => new Intl.ListFormat(lang.locale, { type: 'conjunction' }))
    .format(words);
}

/** Sorts as the reader's language does; digits by value ("T-9" before "T-10"). */
export function compare(a: string, b: string): number {
  return cached(`c ${lang.locale}`, () => new Intl.Collator(lang.locale, { numeric: true })).compare(a, b);
}
