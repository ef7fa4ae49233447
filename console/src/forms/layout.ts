// How a form is laid out: which sections, in what order, with what help. A layout only arranges:
// what the schema asks for and no layout names still appears, and a kind without one gets a plain
// layout of its own.
import { join } from './path';
import { ROOT, type Schema, type SchemaField, type SchemaKind, type SchemaMessage } from './schema';
import type { Choice } from './search';
import type { FormOptions } from './model.svelte';
import { MARKS } from './values';

export interface Section {
  id: string;
  title: string; // as shown
  intro?: string;
  fields: string[]; // paths without list entries, in order
  folded?: boolean; // filled already: a line says with what, and it opens to be changed
}

export interface MessageLayout {
  order?: readonly string[]; // these first
  promote?: readonly string[]; // optional fields that stand among the others all the same
  omit?: readonly string[]; // filled by the page or the node
  group?: readonly { title: string; fields: readonly string[] }[]; // of the further fields
}

export interface ListLayout {
  fixed?: boolean; // nothing is added, taken out, copied or moved
  keep_set?: boolean; // entries are taken out and put back; the page adds what may be added
  start?: () => Record<string, unknown>; // a new entry
  add?: string; // words of the button
}

export interface Layout {
  sections: Section[];
  messages?: { readonly [message: string]: MessageLayout };
  lists?: { readonly [field: string]: ListLayout }; // "TraceResponse.results"
  help?: { readonly [field: string]: string }; // "WeaponItem.serial_raw": as shown
  options?: FormOptions;
  // Codes that are no choice here: "ItemResult.completeness".
  not_offered?: { readonly [field: string]: readonly string[] };
  // A line under a code that is chosen from a few: what it means; '' = none.
  notes?: (list: string, code: string) => string;
  // Title of an entry of a list; undefined: a plain one.
  title?: (path: string, index: number) => string | undefined;
  // Choices for a text without a code list; undefined: none. free: other texts may stand as well.
  choices?: (field: string, path: string) => { list: Choice[]; free: boolean } | undefined;
}

export function field_key(message: SchemaMessage, field: SchemaField): string {
  return `${message.name}.${field.name}`;
}

// Can a person fill it in? Bytes and what is made of them cannot.
export function is_for_people(schema: Schema, field: SchemaField, depth = 0): boolean {
  if (field.type === 'BYTES' || depth > 12) return false;
  if (field.type !== 'MESSAGE') return true;
  const inside = schema.message(field.message)?.fields ?? [];
  return inside.every((each) => is_for_people(schema, each, depth + 1));
}

export function fields_in_order(type: SchemaMessage, layout: MessageLayout = {}): SchemaField[] {
  const place = (field: SchemaField) => {
    const at = layout.order?.indexOf(field.name) ?? -1;
    return at < 0 ? 1000 : at;
  };
  return type.fields
    .filter((field) => !layout.omit?.includes(field.name))
    .map((field, i) => ({ field, i }))
    .sort((a, b) => place(a.field) - place(b.field) || a.i - b.i)
    .map((each) => each.field);
}

// A message of up to three plain fields stands in one row.
export function is_small(schema: Schema, message: string): boolean {
  const fields = schema.message(message)?.fields ?? [];
  return (
    fields.length > 0 &&
    fields.length <= 3 &&
    fields.every((each) => !each.list && (each.type !== 'MESSAGE' || is_small(schema, each.message)))
  );
}

// A date that may be a year alone, with the word "about" beside it.
export function is_partial_date(schema: Schema, message: string): boolean {
  const fields = schema.message(message)?.fields ?? [];
  return fields[0]?.type === 'PARTIAL_DATE' && fields.slice(1).every((each) => each.type === 'BOOL');
}

const FEW = 7;
const FEW_TO_TICK = 12;

// Do the choices of a field stand in sight, or does one type to find them?
export function is_in_sight(field: SchemaField, choices: number, free: boolean): boolean {
  return !free && !field.suggest && choices <= (field.list ? FEW_TO_TICK : FEW);
}

// Words for the sections that every kind has.
export interface PlainWords {
  content: string;
  header: string;
}

// For a kind that nobody laid out: the plain fields of its message, a section for each large part
// of it, then the header, then what in the header is large.
export function plain_layout(schema: Schema, kind: SchemaKind, words: PlainWords): Layout {
  const header = schema.message(ROOT)?.fields.find((field) => field.name === 'header');
  return {
    sections: [
      ...sections_of(schema, kind.field, kind.message, words.content),
      ...(header ? sections_of(schema, 'header', header.message, words.header) : []),
    ].filter((section) => section.fields.length > 0),
  };
}

function sections_of(schema: Schema, path: string, message: string, title: string): Section[] {
  const fields = (schema.message(message)?.fields ?? []).filter((f) => is_for_people(schema, f));
  const is_large = (field: SchemaField) =>
    field.type === 'MESSAGE' && (field.list ? field.required : !is_small(schema, field.message));
  return [
    { id: path, title, fields: fields.filter((f) => !is_large(f)).map((f) => join(path, f.name)) },
    ...fields.filter(is_large).map((field) => ({
      id: `${path}-${field.name}`,
      title: field.label,
      fields: [join(path, field.name)],
    })),
  ];
}

// The layout with what it left out: fields of the kind and of the header that no section names, and
// that are not left out on purpose, go into the last section of their message.
export function completed(schema: Schema, kind: SchemaKind, layout: Layout): Layout {
  const named = layout.sections.flatMap((section) => section.fields);
  const sections = layout.sections.map((section) => ({ ...section, fields: [...section.fields] }));
  for (const root of schema.message(ROOT)?.fields ?? []) {
    if (root.name === MARKS || (root.name !== 'header' && root.name !== kind.field)) continue;
    const omit = layout.messages?.[root.message]?.omit ?? [];
    const home =
      sections.findLast((section) => section.fields.some((f) => f.startsWith(`${root.name}.`))) ??
      sections.at(-1);
    for (const field of schema.message(root.message)?.fields ?? []) {
      const path = join(root.name, field.name);
      const known = named.some((each) => each === path || each.startsWith(`${path}.`));
      if (!known && !omit.includes(field.name)) home?.fields.push(path);
    }
  }
  return { ...layout, sections };
}
