// Lists in a record: entries added, copied, moved, taken out and put back. The marks of what is
// unknown move with their entries.
import { entry, join } from './path';
import { isPresent, clone, getAt, isObject, marksOf, remapMarks, setAt, setMarks } from './values';
import type { Json, Value } from './values';
import type { Schema, SchemaField } from './schema';

export function entriesAt(record: Json, list: string): Value[] {
  const found = getAt(record, list);
  return Array.isArray(found) ? found : [];
}

// What is needed to put an entry back.
export interface Removed {
  list: string;
  index: number;
  value: Value;
  marks: string[]; // of the entry, as they were
}

export function removeEntry(record: Json, list: string, index: number): Removed {
  const before = entriesAt(record, list);
  const removed = {
    list,
    index,
    value: clone(before[index] ?? null),
    marks: marksOf(record).filter((path) => path.startsWith(`${entry(list, index)}.`)),
  };
  const places = before.map((_, i) => (i === index ? undefined : i > index ? i - 1 : i));
  remapMarks(record, list, places);
  setAt(record, list, before.toSpliced(index, 1));
  return removed;
}

export function insertEntry(record: Json, list: string, index: number, value: Value): void {
  const before = entriesAt(record, list);
  remapMarks(record, list, before.map((_, i) => (i >= index ? i + 1 : i)));
  setAt(record, list, before.toSpliced(index, 0, value));
}

export function restoreEntry(record: Json, removed: Removed): void {
  insertEntry(record, removed.list, removed.index, clone(removed.value));
  setMarks(record, [...marksOf(record), ...removed.marks]);
}

export function moveEntry(record: Json, list: string, from: number, to: number): number[] {
  const order = entriesAt(record, list).map((_, i) => i);
  order.splice(to, 0, ...order.splice(from, 1));
  const before = entriesAt(record, list);
  const places = before.map((_, i) => order.indexOf(i));
  remapMarks(record, list, places);
  setAt(record, list, order.map((i) => before[i]!));
  return places;
}

// A copy of an entry with its marks, behind it.
export function copyEntry(record: Json, list: string, index: number): void {
  const from = entry(list, index);
  const marks = marksOf(record).filter((path) => path.startsWith(`${from}.`));
  insertEntry(record, list, index + 1, clone(entriesAt(record, list)[index] ?? null));
  const to = entry(list, index + 1);
  setMarks(record, [...marksOf(record), ...marks.map((path) => to + path.slice(from.length))]);
}

// The field of an entry that numbers it, if it has one: the first of its message, a number that
// must stand and begins at 1.
export function numberField(schema: Schema, list: SchemaField): string | undefined {
  const first = schema.message(list.message)?.fields[0];
  const numbers = first?.type === 'NUMBER' && !first.list && first.required && first.min === '1';
  return numbers ? first.name : undefined;
}

function numberOf(value: Value | undefined, name: string): number {
  return isObject(value) ? Number(value[name] ?? 0) : 0;
}

export function nextNumber(entries: readonly Value[], name: string): number {
  return entries.reduce<number>((most, each) => Math.max(most, numberOf(each, name)), 0) + 1;
}

// 1, 2, 3, … in the order of the list.
export function renumber(record: Json, list: string, name: string): void {
  for (const i of entriesAt(record, list).keys()) setAt(record, join(entry(list, i), name), i + 1);
}

// A message with nothing in it but its number.
export function isEmptyEntry(schema: Schema, list: SchemaField, value: Value): boolean {
  if (!isObject(value)) return value === '' || value === null;
  const number = numberField(schema, list);
  return Object.entries(value).every(
    ([name, each]) =>
      name === number || !isPresent(schema, each, schema.field(list.message, name)),
  );
}
