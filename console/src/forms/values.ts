// A record as JSON, and its fields by path. A record is what protobuf calls the JSON of
// focal.v1.Record: snake_case names, numbers above 32 bits as text.
import { entry, format_path, is_within, join, parse_path, remap_path, type Step } from './path';
import type { Schema, SchemaField } from './schema';
import { ROOT } from './schema';

export type Value = string | number | boolean | null | Value[] | { [name: string]: Value };
export type Json = { [name: string]: Value };

export const MARKS = 'unknown_fields';

export function is_object(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

// A copy that shares nothing; records hold plain data only.
export function clone<T>(value: T): T {
  return value === undefined ? value : (JSON.parse(JSON.stringify(value)) as T);
}

function child(value: Value | undefined, step: Step): Value | undefined {
  if (!is_object(value)) return undefined;
  const found = value[step.name];
  if (step.index === undefined) return found;
  return Array.isArray(found) ? found[step.index] : undefined;
}

export function get_at(record: Json, path: string): Value | undefined {
  let value: Value | undefined = record;
  for (const step of parse_path(path) ?? []) value = child(value, step);
  return value;
}

// Makes the messages on the way. undefined takes the field away; a list entry is then left as an
// empty one of its kind, since the others keep their places.
export function set_at(record: Json, path: string, value: Value | undefined): void {
  const steps = parse_path(path);
  if (!steps?.length) return;
  let at: Json = record;
  for (const step of steps.slice(0, -1)) at = descend(at, step);
  const last = steps[steps.length - 1]!;
  if (last.index === undefined) {
    if (value === undefined) delete at[last.name];
    else at[last.name] = value;
    return;
  }
  const list = list_at(at, last.name);
  list[last.index] = value === undefined ? '' : value;
}

function list_at(at: Json, name: string): Value[] {
  if (!Array.isArray(at[name])) at[name] = [];
  return at[name] as Value[];
}

function descend(at: Json, step: Step): Json {
  if (step.index === undefined) {
    if (!is_object(at[step.name])) at[step.name] = {};
    return at[step.name] as Json;
  }
  const list = list_at(at, step.name);
  if (!is_object(list[step.index])) list[step.index] = {};
  return list[step.index] as Json;
}

// Does a value stand there? As node/record/validate.cc has it: without presence of its own, a
// default value is an absent one. A message stands if anything in it does.
export function is_present(schema: Schema, value: Value | undefined, field?: SchemaField): boolean {
  if (value === undefined || value === null || value === '') return false;
  if (Array.isArray(value)) return value.length > 0;
  if (is_object(value))
    return Object.entries(value).some(([name, each]) =>
      is_present(schema, each, field && schema.field(field.message, name)),
    );
  if (field?.optional) return true;
  return value !== false && value !== 0 && !(value === '0' && field?.type === 'NUMBER');
}

export function marks_of(record: Json): string[] {
  const marks = record[MARKS];
  return Array.isArray(marks) ? marks.filter((each) => typeof each === 'string') : [];
}

export function is_marked(record: Json, path: string): boolean {
  return marks_of(record).includes(path);
}

export function set_mark(record: Json, path: string, unknown: boolean): void {
  const rest = marks_of(record).filter((each) => each !== path);
  set_marks(record, unknown ? [...rest, path] : rest);
}

export function set_marks(record: Json, marks: string[]): void {
  if (marks.length) record[MARKS] = marks;
  else delete record[MARKS];
}

export function marks_within(record: Json, base: string): string[] {
  return marks_of(record).filter((path) => is_within(path, base));
}

// The marks after the entries of a list were moved; see remap_path.
export function remap_marks(
  record: Json,
  list: string,
  places: readonly (number | undefined)[],
): void {
  const moved = marks_of(record)
    .map((path) => remap_path(path, list, places))
    .filter((path) => path !== undefined);
  set_marks(record, moved);
}

// What is sent: without what is empty. A message that is required, or holds nothing but marks,
// stands as {}: so the rules speak of the fields in it. Entries of lists keep their places, but
// empty plain ones at the end are left out. Names that the schema does not know are kept.
export function pruned(schema: Schema, record: Json): Json {
  const out = new Pruner(schema, marks_of(record)).message(ROOT, record, '');
  add_marked_messages(out, marks_of(record));
  const kind = schema.kind_of(record);
  if (kind && !(kind.field in out)) out[kind.field] = {};
  return out;
}

class Pruner {
  constructor(
    private readonly schema: Schema,
    private readonly marks: readonly string[],
  ) {}

  message(name: string, value: Json, path: string): Json {
    const out: Json = {};
    for (const [each, inside] of Object.entries(value)) {
      const field = this.schema.field(name, each);
      const kept = field ? this.value(inside, field, join(path, each)) : clone(inside);
      if (kept !== undefined) out[each] = kept;
    }
    for (const field of this.schema.message(name)?.fields ?? [])
      if (field.required && field.type === 'MESSAGE' && !field.list && !(field.name in out))
        out[field.name] = this.message(field.message, {}, join(path, field.name));
    return out;
  }

  private value(value: Value, field: SchemaField, path: string): Value | undefined {
    if (Array.isArray(value)) return this.list(value, field, path);
    if (!is_object(value)) return is_present(this.schema, value, field) ? value : undefined;
    const marked = this.marks.some((mark) => mark !== path && is_within(mark, path));
    if (!marked && !is_present(this.schema, value, field)) return undefined;
    return this.message(field.message, value, path);
  }

  private list(values: Value[], field: SchemaField, path: string): Value | undefined {
    const out = values.map((each, i) =>
      is_object(each) ? this.message(field.message, each, entry(path, i)) : each,
    );
    while (out.length && (out.at(-1) === '' || out.at(-1) === null)) out.pop();
    return out.length ? out : undefined;
  }
}

// The messages around a mark stand, even where the form never made them.
function add_marked_messages(record: Json, marks: string[]): void {
  for (const mark of marks) {
    const steps = parse_path(mark);
    if (!steps || steps.length < 2) continue;
    const owner = format_path(steps.slice(0, -1));
    if (steps.slice(0, -1).some((step, i) => step.index !== undefined && !entry_at(record, steps, i)))
      continue;
    if (get_at(record, owner) === undefined) set_at(record, owner, {});
  }
}

function entry_at(record: Json, steps: readonly Step[], i: number): boolean {
  return get_at(record, format_path(steps.slice(0, i + 1))) !== undefined;
}
