// Lists in a record: entries added, copied, moved, taken out and put back. The marks of what is
// unknown move with their entries.
import { entry, join } from './path';
import { is_present, clone, get_at, is_object, marks_of, remap_marks, set_at, set_marks } from './values';
import type { Json, Value } from './values';
import type { Schema, SchemaField } from './schema';

export function entries_at(record: Json, list: string): Value[] {
  const found = get_at(record, list);
  return Array.isArray(found) ? found : [];
}

// What is needed to put an entry back.
export interface Removed {
  list: string;
  index: number;
  value: Value;
  marks: string[]; // of the entry, as they were
}

export function remove_entry(record: Json, list: string, index: number): Removed {
  const before = entries_at(record, list);
  const removed = {
    list,
    index,
    value: clone(before[index] ?? null),
    marks: marks_of(record).filter((path) => path.startsWith(`${entry(list, index)}.`)),
  };
  const places = before.map((_, i) => (i === index ? undefined : i > index ? i - 1 : i));
  remap_marks(record, list, places);
  set_at(record, list, before.toSpliced(index, 1));
  return removed;
}

export function insert_entry(record: Json, list: string, index: number, value: Value): void {
  const before = entries_at(record, list);
  remap_marks(record, list, before.map((_, i) => (i >= index ? i + 1 : i)));
  set_at(record, list, before.toSpliced(index, 0, value));
}

export function restore_entry(record: Json, removed: Removed): void {
  insert_entry(record, removed.list, removed.index, clone(removed.value));
  set_marks(record, [...marks_of(record), ...removed.marks]);
}

export function move_entry(record: Json, list: string, from: number, to: number): number[] {
  const order = entries_at(record, list).map((_, i) => i);
  order.splice(to, 0, ...order.splice(from, 1));
  const before = entries_at(record, list);
  const places = before.map((_, i) => order.indexOf(i));
  remap_marks(record, list, places);
  set_at(record, list, order.map((i) => before[i]!));
  return places;
}

// A copy of an entry with its marks, behind it.
export function copy_entry(record: Json, list: string, index: number): void {
  const from = entry(list, index);
  const marks = marks_of(record).filter((path) => path.startsWith(`${from}.`));
  insert_entry(record, list, index + 1, clone(entries_at(record, list)[index] ?? null));
  const to = entry(list, index + 1);
  set_marks(record, [...marks_of(record), ...marks.map((path) => to + path.slice(from.length))]);
}

// The field of an entry that numbers it, if it has one: the first of its message, a number that
// must stand and begins at 1.
export function number_field(schema: Schema, list: SchemaField): string | undefined {
  const first = schema.message(list.message)?.fields[0];
  const numbers = first?.type === 'NUMBER' && !first.list && first.required && first.min === '1';
  return numbers ? first.name : undefined;
}

function number_of(value: Value | undefined, name: string): number {
  return is_object(value) ? Number(value[name] ?? 0) : 0;
}

export function next_number(entries: readonly Value[], name: string): number {
  return entries.reduce<number>((most, each) => Math.max(most, number_of(each, name)), 0) + 1;
}

// 1, 2, 3, … in the order of the list.
export function renumber(record: Json, list: string, name: string): void {
  for (const i of entries_at(record, list).keys()) set_at(record, join(entry(list, i), name), i + 1);
}

// A message with nothing in it but its number.
export function is_empty_entry(schema: Schema, list: SchemaField, value: Value): boolean {
  if (!is_object(value)) return value === '' || value === null;
  const number = number_field(schema, list);
  return Object.entries(value).every(
    ([name, each]) =>
      name === number || !is_present(schema, each, schema.field(list.message, name)),
  );
}
