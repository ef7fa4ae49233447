// What a question for further information can be about: the weapons and the parts of the request,
// each with its fields, by the schema.
import { entry, is_within, join } from '../../forms/path';
import type { Schema, SchemaField } from '../../forms/schema';
import { is_object, type Json } from '../../forms/values';

export interface AskSubject {
  path: string;          // trace_request.items[0]
  label: string;
  message: string;
  whole: boolean;        // can be asked about as one; else a field of it has to be named
}
export interface AskedField { path: string; label: string }

// Numbers what is asked about; not a thing to be asked.
const NOT_ASKED = new Set(['item_no']);

const can_be_asked = (field: SchemaField): boolean => !field.attachment && !NOT_ASKED.has(field.name);

// item: the words for weapon number N. The request itself comes last: its own plain fields.
export function ask_subjects(schema: Schema, request: Json, item: (no: number) => string): AskSubject[] {
  const kind = schema.kind_of(request);
  const body = kind && request[kind.field];
  if (!kind || !is_object(body)) return [];
  const out: AskSubject[] = [];
  const fields = schema.message(kind.message)?.fields ?? [];
  for (const field of fields) {
    const values = body[field.name];
    if (field.type !== 'MESSAGE' || field.attachment) continue;
    if (!field.list) out.push({ path: join(kind.field, field.name), label: field.label, message: field.message, whole: true });
    else if (Array.isArray(values))
      values.forEach((value, i) => out.push({
        path: entry(join(kind.field, field.name), i),
        label: item(is_object(value) ? Number(value['item_no'] ?? i + 1) : i + 1),
        message: field.message,
        whole: true,
      }));
  }
  const weapons = out.filter((each) => each.path.endsWith(']'));
  const parts = out.filter((each) => !each.path.endsWith(']'));
  return [...weapons, ...parts, { path: kind.field, label: kind.label, message: kind.message, whole: false }];
}

// The parts of the request are asked about as such, not as fields of it.
export function asked_fields(schema: Schema, subject: AskSubject): AskedField[] {
  return (schema.message(subject.message)?.fields ?? [])
    .filter((field) => can_be_asked(field) && (subject.whole || field.type !== 'MESSAGE'))
    .map((field) => ({ path: join(subject.path, field.name), label: field.label }));
}

// What a path is about, of these.
export function subject_of(subjects: readonly AskSubject[], path: string): AskSubject | undefined {
  return subjects.find((each) => is_within(path, each.path));
}

// "weapon 1", "serial number": what a path is about, and its field; the path itself where the request
// has no such place.
export function place_of(schema: Schema, subjects: readonly AskSubject[], path: string): { subject: string; field: string } {
  const subject = subject_of(subjects, path);
  const field = schema.at(path)?.field.label;
  if (!field) return { subject: '', field: path };
  return subject && subject.whole && subject.path !== path ? { subject: subject.label, field } : { subject: '', field: subject?.path === path ? subject.label : field };
}
