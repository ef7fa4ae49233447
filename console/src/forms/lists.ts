// Lists in a record: entries added, copied, moved, taken out and put back. The marks of what is
// unknown move with their entries.
import { canonical } from './canonical';
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

// Entries in which nothing stands but what stands in the entry at index too, and their numbers.
export function like_empty(schema: Schema, record: Json, list: string, index: number): number[] {
  const field = schema.at(list)?.field;
  const entries = entries_at(record, list);
  const from = entries[index];
  if (!field || !is_object(from)) return [];
  const number = number_field(schema, field);
  const is_said = ([name, value]: [string, Value]) =>
    name === number ||
    !is_present(schema, value, schema.field(field.message, name)) ||
    canonical(value) === canonical(from[name]);
  const is_empty = (each: Value, i: number) =>
    is_object(each) &&
    marks_inside(record, entry(list, i)).length === 0 &&
    Object.entries(each).every(is_said) &&
    canonical(each) !== canonical({ ...from, ...number_of_entry(each, number) });
  return entries.flatMap((each, i) => (i !== index && is_empty(each, i) ? [i] : []));
}

function number_of_entry(value: Json, name: string | undefined): Json {
  return name && name in value ? { [name]: value[name]! } : {};
}

function marks_inside(record: Json, path: string): string[] {
  return marks_of(record).filter((mark) => mark.startsWith(`${path}.`));
}

// Says in other entries what one says; each keeps its number.
export function spread_entry(
  schema: Schema,
  record: Json,
  list: string,
  index: number,
  to: readonly number[],
): void {
  const field = schema.at(list)?.field;
  const entries = entries_at(record, list);
  const from = entries[index];
  if (!field || !is_object(from)) return;
  const number = number_field(schema, field);
  const source = entry(list, index);
  const marks = marks_inside(record, source);
  for (const i of to) {
    const path = entry(list, i);
    const old = entries[i];
    set_at(record, path, { ...clone(from), ...(is_object(old) && number_of_entry(old, number)) });
    set_marks(record, [...marks_of(record), ...marks.map((mark) => path + mark.slice(source.length))]);
  }
}
