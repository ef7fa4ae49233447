// The rules that stand in the schema, applied at once while somebody types. The names of the rules
// and what they mean are those of node/record/validate.cc; rules between fields are the node's
// alone and come with POST /v1/records/check.
import { entry, join, parse_path } from './path';
import { may_be_unknown, wanted_in, type Wanted } from './needs';
import {
  is_text,
  max_bytes,
  max_items,
  ROOT,
  type Schema,
  type SchemaField,
  type SchemaMessage,
} from './schema';
import {
  byte_length,
  is_blank,
  is_date,
  is_desk,
  is_language,
  is_partial_date,
  is_party,
  is_plain_text,
  is_sha256,
  is_user_country,
  looks_like_country,
  text_length,
} from './texts';
import { is_object, is_present, marks_of, type Json, type Value } from './values';

export interface Problem {
  rule: string; // REQUIRED, TOO_LONG, …; its words are the message forms.rule.<rule>
  path: string;
  args: Record<string, string | number>; // of that message
}

// Codes and countries there are; undefined: not loaded, then not judged.
export interface Known {
  has_code(list: string, code: string): boolean | undefined;
  has_country(code: string): boolean | undefined;
}

// record: as values.ts prunes it.
export function check_record(schema: Schema, known: Known, record: Json): Problem[] {
  return new Checker(schema, known, record).run();
}

class Checker {
  private readonly problems: Problem[] = [];
  private readonly marks: Set<string>;
  private readonly used = new Set<string>();

  constructor(
    private readonly schema: Schema,
    private readonly known: Known,
    private readonly record: Json,
  ) {
    this.marks = new Set(marks_of(record));
  }

  run(): Problem[] {
    const root = this.schema.message(ROOT);
    if (root) this.message(root, this.record, '');
    for (const mark of this.marks)
      if (!this.used.has(mark)) this.add(this.schema.at(mark) ? 'NOT_PROMPTED' : 'PATH', mark);
    return this.problems;
  }

  private add(rule: string, path: string, args: Problem['args'] = {}): void {
    this.problems.push({ rule, path, args });
  }

  private message(type: SchemaMessage, message: Json, base: string): void {
    const wanted = wanted_in(type, message);
    for (const field of type.fields) {
      if (base === '' && this.is_other_kind(field)) continue;
      const path = join(base, field.name);
      this.field(field, message[field.name], path, wanted.get(field.name) ?? { standing: 'plain' });
    }
  }

  // Of the kinds of a record, only the one that stands in it is looked at.
  private is_other_kind(field: SchemaField): boolean {
    return !(field.name in this.record) && this.schema.kinds.some((k) => k.field === field.name);
  }

  private field(field: SchemaField, value: Value | undefined, path: string, wanted: Wanted): void {
    const marked = this.marks.has(path);
    if (marked && may_be_unknown(field, wanted)) this.used.add(path);
    // A message is there as soon as it stands, even around nothing: so it is for the node.
    if (!is_object(value) && !is_present(this.schema, value, field))
      return this.absent(field, path, wanted, marked);
    if (field.attachment) return this.add('ATTACHMENT', path);
    if (marked) this.add('MARKED_AND_GIVEN', path);
    if (wanted.standing === 'forbidden') this.add('ONLY_WITH', path);
    if (field.list) this.list(field, value, path);
    else this.value(field, value!, path);
  }

  private absent(field: SchemaField, path: string, wanted: Wanted, marked: boolean): void {
    if (field.required) return this.add('REQUIRED', path);
    const needed = wanted.standing === 'needed';
    if (!needed && !field.prompted) return;
    if (marked && may_be_unknown(field, wanted)) return;
    this.add(needed ? 'NEEDED' : 'PROMPTED', path);
  }

  private list(field: SchemaField, value: Value | undefined, path: string): void {
    if (!Array.isArray(value)) return this.add('JSON', path);
    if (value.length > max_items(field))
      return this.add('TOO_MANY', path, { max: max_items(field), count: value.length });
    const seen = new Set<Value>();
    for (const [i, each] of value.entries()) {
      this.value(field, each, entry(path, i));
      if (field.code_list && seen.has(each)) this.add('CODE_TWICE', entry(path, i));
      seen.add(each);
    }
  }

  private value(field: SchemaField, value: Value, path: string): void {
    if (field.type === 'MESSAGE') {
      const type = this.schema.message(field.message);
      if (type && is_object(value)) this.message(type, value, path);
      else if (type) this.add('JSON', path);
      return;
    }
    if (field.type === 'NUMBER') return this.number(field, value, path);
    if (is_text(field)) this.text(field, typeof value === 'string' ? value : '', path);
  }

  private number(field: SchemaField, value: Value, path: string): void {
    const number = read_number(value);
    if (number === undefined) return this.add('NUMBER', path);
    const min = field.min === '' ? undefined : BigInt(field.min);
    const max = field.max === '' ? undefined : BigInt(field.max);
    if ((min !== undefined && number < min) || (max !== undefined && number > max))
      this.add('RANGE', path, { min: field.min || '0', max: field.max });
  }

  private text(field: SchemaField, text: string, path: string): void {
    if (field.code_list) {
      if (this.known.has_code(field.code_list, text) === false) this.add('CODE', path);
      return;
    }
    const used = byte_length(text);
    if (used > max_bytes(field))
      return this.add('TOO_LONG', path, { max: max_bytes(field), count: used });
    if (!is_plain_text(text)) return this.add('TEXT', path);
    if (is_blank(text)) return this.add('BLANK', path);
    if (field.min_chars && text_length(text) < field.min_chars)
      this.add('TOO_SHORT', path, { min: field.min_chars, count: text_length(text) });
    if (!this.has_format(field, text)) this.add(`FORMAT_${field.type}`, path);
  }

  private has_format(field: SchemaField, text: string): boolean {
    switch (field.type) {
      case 'DATE':
        return is_date(text);
      case 'PARTIAL_DATE':
        return is_partial_date(text);
      case 'COUNTRY':
        return (
          is_user_country(text) || (this.known.has_country(text) ?? looks_like_country(text))
        );
      case 'PARTY':
        return is_party(text);
      case 'DESK':
        return is_desk(text);
      case 'LANGUAGE':
        return is_language(text);
      case 'FIELD_PATH':
        return (parse_path(text)?.length ?? 0) > 0;
      case 'SHA256':
        return is_sha256(text);
      default:
        return true;
    }
  }
}

// A whole number as JSON has it, a number or its text; undefined: it is none.
export function read_number(value: Value): bigint | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : undefined;
  if (typeof value !== 'string' || !/^-?\d{1,20}$/.test(value)) return undefined;
  return BigInt(value);
}
