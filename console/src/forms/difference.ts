// What a record says otherwise than the one it replaces: field by field, entries of a list by their
// numbers where they have some.
import { canonical } from './canonical';
import { number_field } from './lists';
import { entry, join } from './path';
import type { Schema, SchemaField, SchemaMessage } from './schema';
import { is_object, is_present, marks_of, type Json, type Value } from './values';

export type Mark = 'added' | 'removed' | 'changed';

export interface Side {
  value?: Value; // absent: nothing stands there
  unknown: boolean; // declared so
  path: string;
}

export interface Change {
  mark: Mark;
  trail: Crumb[]; // from the kind down to the field
  field: SchemaField;
  before: Side;
  after: Side;
}

export interface Crumb {
  field: SchemaField;
  number?: number; // of the entry in its list, as the entry says or by its place, from 1
}

interface Ends {
  before: Value | undefined;
  after: Value | undefined;
  before_path: string;
  after_path: string;
}

// Fields of the header that always differ and say nothing of the content.
const NOT_CONTENT = new Set(['supersedes', 'ack_by_ms', 'answer_by_ms']);

export function differences(schema: Schema, before: Json, after: Json): Change[] {
  return new Comparison(schema, new Set(marks_of(before)), new Set(marks_of(after))).records(
    before,
    after,
  );
}

class Comparison {
  private readonly changes: Change[] = [];

  constructor(
    private readonly schema: Schema,
    private readonly marks_before: ReadonlySet<string>,
    private readonly marks_after: ReadonlySet<string>,
  ) {}

  // A correction replaces an answer of another kind: their messages are compared by the names of
  // their fields.
  records(before: Json, after: Json): Change[] {
    const was = this.schema.kind_of(before);
    const is = this.schema.kind_of(after);
    if (was && is)
      this.messages(this.schema.message(was.message), this.schema.message(is.message), {
        before: before[was.field],
        after: after[is.field],
        before_path: was.field,
        after_path: is.field,
      }, []);
    const header = this.schema.message('Header');
    this.messages(
      header,
      header && { ...header, fields: header.fields.filter((f) => !NOT_CONTENT.has(f.name)) },
      { before: before.header, after: after.header, before_path: 'header', after_path: 'header' },
      [],
    );
    return this.changes;
  }

  private messages(
    was: SchemaMessage | undefined,
    is: SchemaMessage | undefined,
    ends: Ends,
    trail: Crumb[],
  ): void {
    const fields = [...(is?.fields ?? [])];
    const names = new Set(fields.map((field) => field.name));
    if (was !== is && was?.name !== is?.name)
      fields.push(...(was?.fields ?? []).filter((field) => !names.has(field.name)));
    const at = (value: Value | undefined, name: string) =>
      is_object(value) ? value[name] : undefined;
    for (const field of fields)
      this.field(field, {
        before: at(ends.before, field.name),
        after: at(ends.after, field.name),
        before_path: join(ends.before_path, field.name),
        after_path: join(ends.after_path, field.name),
      }, trail);
  }

  private field(field: SchemaField, ends: Ends, trail: Crumb[]): void {
    const sides = this.sides(field, ends);
    const [was, is] = sides.map((side) => side.value !== undefined || side.unknown);
    if (!was && !is) return;
    if (was !== is || sides.some((side) => side.unknown)) {
      const mark = !was ? 'added' : !is ? 'removed' : 'changed';
      if (mark !== 'changed' || sides[0].unknown !== sides[1].unknown)
        this.add(mark, field, sides, [...trail, { field }]);
      return;
    }
    if (field.list) this.list(field, ends, trail);
    else if (field.type === 'MESSAGE') this.inside(field, ends, [...trail, { field }]);
    else if (!same_value(ends.before, ends.after))
      this.add('changed', field, sides, [...trail, { field }]);
  }

  private sides(field: SchemaField, ends: Ends): [Side, Side] {
    const side = (value: Value | undefined, path: string, marks: ReadonlySet<string>): Side => ({
      path,
      unknown: marks.has(path),
      ...(is_present(this.schema, value, field) && { value: value! }),
    });
    return [
      side(ends.before, ends.before_path, this.marks_before),
      side(ends.after, ends.after_path, this.marks_after),
    ];
  }

  private add(mark: Mark, field: SchemaField, sides: [Side, Side], trail: Crumb[]): void {
    this.changes.push({ mark, trail, field, before: sides[0], after: sides[1] });
  }

  private inside(field: SchemaField, ends: Ends, trail: Crumb[]): void {
    const type = this.schema.message(field.message);
    this.messages(type, type, ends, trail);
  }

  private list(field: SchemaField, ends: Ends, trail: Crumb[]): void {
    const before = Array.isArray(ends.before) ? ends.before : [];
    const after = Array.isArray(ends.after) ? ends.after : [];
    if (field.type !== 'MESSAGE') {
      if (same_list(field, before, after)) return;
      return this.add('changed', field, this.sides(field, ends), [...trail, { field }]);
    }
    const number = number_field(this.schema, field);
    for (const [i, j] of pairs(before, after, number)) {
      const shown = j === undefined ? before[i!] : after[j];
      const crumb = { field, number: entry_number(shown, number, (j ?? i)!) };
      this.entry(field, [...trail, crumb], {
        before: i === undefined ? undefined : before[i],
        after: j === undefined ? undefined : after[j],
        before_path: entry(ends.before_path, i ?? 0),
        after_path: entry(ends.after_path, j ?? 0),
      });
    }
  }

  private entry(field: SchemaField, trail: Crumb[], ends: Ends): void {
    if (ends.before !== undefined && ends.after !== undefined)
      return this.inside(field, ends, trail);
    const mark = ends.before === undefined ? 'added' : 'removed';
    const side = (value: Value | undefined, path: string): Side => ({
      path,
      unknown: false,
      ...(value !== undefined && { value }),
    });
    const sides: [Side, Side] = [
      side(ends.before, ends.before_path),
      side(ends.after, ends.after_path),
    ];
    this.add(mark, { ...field, list: false }, sides, trail);
  }
}

function entry_number(value: Value | undefined, name: string | undefined, index: number): number {
  const said = name && is_object(value) ? Number(value[name]) : 0;
  return said || index + 1;
}

// Entries of two lists that belong together: by number, else equal ones first and the others in
// their order. [i, undefined]: gone; [undefined, j]: new.
function pairs(
  before: readonly Value[],
  after: readonly Value[],
  number: string | undefined,
): [number | undefined, number | undefined][] {
  const key = (value: Value) => (number && is_object(value) ? String(value[number]) : canonical(value));
  const free = new Map<string, number[]>();
  for (const [i, value] of before.entries())
    free.set(key(value), [...(free.get(key(value)) ?? []), i]);
  const found = after.map((value) => free.get(key(value))?.shift());
  const left = number ? [] : before.map((_, i) => i).filter((i) => !found.includes(i));
  const out = found.map((i, j): [number | undefined, number] => [i ?? left.shift(), j]);
  const used = new Set(out.map(([i]) => i));
  return [...out, ...before.flatMap((_, i): [number, undefined][] => (used.has(i) ? [] : [[i, undefined]]))];
}

function same_value(before: Value | undefined, after: Value | undefined): boolean {
  if (typeof before === 'number' || typeof after === 'number') return String(before) === String(after);
  return before === after;
}

// The order of codes says nothing; that of other lists does.
function same_list(field: SchemaField, before: readonly Value[], after: readonly Value[]): boolean {
  const plain = (values: readonly Value[]) => {
    const texts = values.map(String);
    return canonical(field.code_list ? texts.sort() : texts);
  };
  return plain(before) === plain(after);
}
