// A record as it is shown: every field by the schema, with its label. Pure. It knows no kind and no
// message: what a later version adds is shown by its schema alone, and what the schema does not
// know by its bare name.
import { hex_of } from './hex';
import { is_small } from './layout';
import { unit_of } from './units';
import { entry, is_within, join } from './path';
import { get_at, is_object, is_present, marks_of, type Json, type Value } from './values';
import { ROOT, type Schema, type SchemaField } from './schema';

// One value and how it is to be read.
export type Shown =
  | { as: 'words'; text: string }                 // somebody's words
  | { as: 'code'; list: string; code: string }
  | { as: 'country'; code: string }
  | { as: 'date'; value: string }                 // 2014, 2014-06, 2014-06-11
  | { as: 'time'; at: string }                    // as in the API
  | { as: 'number'; text: string }
  | { as: 'yes' | 'no' | 'unknown' }              // unknown: declared so
  | { as: 'bytes'; hex: string }
  | { as: 'path'; path: string; label: string };  // names a field; label: what that is called
export interface Labelled { label: string; shown: Shown }
export interface Row {
  label: string;
  path: string;
  personal: boolean;
  values: Labelled[];    // label: empty where the row's own says it
}
// Rows and parts of a message, in the order of its fields.
export interface Part {
  label: string;
  path: string;
  rows: Row[];
  parts: Part[];
}

const MOST_DEPTH = 12;   // of messages in messages; the schema has five

export function part_of(schema: Schema, record: Json): Part {
  const marks = new Set(marks_of(record));
  const viewer = new Viewer(schema, marks);
  const kind = schema.kind_of(record);
  const out = viewer.message(ROOT, record, '', kind?.label ?? '', 0);
  const rows = out.rows.filter((row) => row.path !== 'unknown_fields');
  for (const mark of marks) rows.push(unknown_row(schema, mark));
  return { ...out, rows };
}

// A message inside a record, without those of its fields that stand elsewhere on the page.
export function part_at(schema: Schema, record: Json, path: string, except: readonly string[] = []): Part {
  const value = get_at(record, path);
  const message = schema.at(path)?.field.message ?? '';
  if (!is_object(value)) return { label: '', path, rows: [], parts: [] };
  const rest = Object.fromEntries(Object.entries(value).filter(([name]) => !except.includes(name)));
  const marks = new Set(marks_of(record).filter((mark) =>
    is_within(mark, path) && !except.some((name) => is_within(mark, join(path, name)))));
  return new Viewer(schema, marks).message(message, rest, path, '', 1);
}

// What a path is called: the label of its field; the path itself where there is none.
export function path_label(schema: Schema, path: string): string {
  return schema.at(path)?.field.label ?? path;
}

function unknown_row(schema: Schema, path: string): Row {
  return {
    label: path_label(schema, path), path, personal: false, values: [{ label: '', shown: { as: 'unknown' } }],
  };
}

function time_of(ms: string): Shown {
  const number = Number(ms);
  const date = new Date(number);
  return Number.isNaN(date.getTime()) || number <= 0 ? { as: 'number', text: ms } : { as: 'time', at: date.toISOString() };
}

function number_of(field: SchemaField, text: string): Shown {
  const unit = unit_of(field);
  if (unit === 'time') return time_of(text);
  if (unit !== 'tenths' || !/^-?\d+$/.test(text)) return { as: 'number', text };
  const size = text.replace('-', '').padStart(2, '0');
  return { as: 'number', text: `${text.startsWith('-') ? '-' : ''}${size.slice(0, -1)}.${size.slice(-1)}` };
}

class Viewer {
  constructor(private readonly schema: Schema, private readonly marks: Set<string>) {}

  message(name: string, value: Json, path: string, label: string, depth: number): Part {
    const out: Part = { label, path, rows: [], parts: [] };
    const fields = this.schema.message(name)?.fields ?? [];
    for (const field of fields) this.field(field, value[field.name], join(path, field.name), out, depth);
    const known = new Set(fields.map((field) => field.name));
    for (const [each, inside] of Object.entries(value))
      if (!known.has(each)) out.rows.push(this.strange(each, inside, join(path, each)));
    return out;
  }

  private field(field: SchemaField, value: Value | undefined, path: string, out: Part, depth: number): void {
    const unknown = this.marks.delete(path);
    if (unknown) out.rows.push({ ...this.row(field, path), values: [{ label: '', shown: { as: 'unknown' } }] });
    if (!is_present(this.schema, value, field) || value === undefined) return;
    if (field.type !== 'MESSAGE' || depth >= MOST_DEPTH) {
      const values = Array.isArray(value) ? value : [value];
      out.rows.push({ ...this.row(field, path), values: values.map((each) => ({ label: '', shown: this.shown(field, each) })) });
    } else if (Array.isArray(value)) {
      value.forEach((each, i) => this.inside(field, each, entry(path, i), `${field.label} ${i + 1}`, out, depth));
    } else {
      this.inside(field, value, path, field.label, out, depth);
    }
  }

  private inside(field: SchemaField, value: Value, path: string, label: string, out: Part, depth: number): void {
    if (!is_object(value)) out.rows.push({ ...this.row(field, path), values: [{ label: '', shown: this.shown(field, value) }] });
    // Header and kind of a record are parts of their own, however small.
    else if (depth > 0 && !field.list && is_small(this.schema, field.message)) out.rows.push(this.small(field, value, path, label));
    else out.parts.push(this.message(field.message, value, path, label, depth + 1));
  }

  private small(field: SchemaField, value: Json, path: string, label: string): Row {
    const row = { ...this.row(field, path), label };
    const inner = this.message(field.message, value, path, label, MOST_DEPTH - 1);
    const first = this.schema.message(field.message)?.fields[0]?.name;
    const add = (part: Part): void => {
      for (const each of part.rows) for (const one of each.values)
        row.values.push({ label: one.label || (each.path === join(path, first ?? '') ? '' : each.label), shown: one.shown });
      part.parts.forEach(add);
    };
    add(inner);
    return row;
  }

  private row(field: SchemaField, path: string): Row {
    return { label: field.label || field.name, path, personal: field.personal, values: [] };
  }

  private shown(field: SchemaField, value: Value): Shown {
    if (typeof value === 'boolean') return { as: value ? 'yes' : 'no' };
    const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
    if (field.code_list) return { as: 'code', list: field.code_list, code: text };
    switch (field.type) {
      case 'COUNTRY': return { as: 'country', code: text };
      case 'DATE':
      case 'PARTIAL_DATE': return { as: 'date', value: text };
      case 'NUMBER': return number_of(field, text);
      case 'BYTES': return { as: 'bytes', hex: hex_of(text) };
      case 'FIELD_PATH': return { as: 'path', path: text, label: path_label(this.schema, text) };
      default: return { as: 'words', text };
    }
  }

  private strange(name: string, value: Value, path: string): Row {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return { label: name, path, personal: false, values: [{ label: '', shown: { as: 'words', text } }] };
  }
}
