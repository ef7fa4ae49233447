// The rules that stand in the schema, applied at once while somebody types. The names of the rules
// and what they mean are those of node/record/validate.cc; rules between fields are the node's
// alone and come with POST /v1/records/check.
import { entry, join, parsePath } from './path';
import { mayBeUnknown, wantedIn, type Wanted } from './needs';
import {
  isText,
  maxBytes,
  maxItems,
  ROOT,
  type Schema,
  type SchemaField,
  type SchemaMessage,
} from './schema';
import {
  byteLength,
  isBlank,
  isDate,
  isDesk,
  isLanguage,
  isPartialDate,
  isParty,
  isPlainText,
  isSha256,
  isUserCountry,
  looksLikeCountry,
  textLength,
} from './texts';
import { isObject, isPresent, marksOf, type Json, type Value } from './values';

export interface Problem {
  rule: string; // REQUIRED, TOO_LONG, …; its words are the message forms.rule.<rule>
  path: string;
  args: Record<string, string | number>; // of that message
}

// Codes and countries there are; undefined: not loaded, then not judged.
export interface Known {
  hasCode(list: string, code: string): boolean | undefined;
  hasCountry(code: string): boolean | undefined;
}

// record: as values.ts prunes it.
export function checkRecord(schema: Schema, known: Known, record: Json): Problem[] {
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
    this.marks = new Set(marksOf(record));
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
    const wanted = wantedIn(type, message);
    for (const field of type.fields) {
      if (base === '' && this.isOtherKind(field)) continue;
      const path = join(base, field.name);
      this.field(field, message[field.name], path, wanted.get(field.name) ?? { standing: 'plain' });
    }
  }

  // Of the kinds of a record, only the one that stands in it is looked at.
  private isOtherKind(field: SchemaField): boolean {
    return !(field.name in this.record) && this.schema.kinds.some((k) => k.field === field.name);
  }

  private field(field: SchemaField, value: Value | undefined, path: string, wanted: Wanted): void {
    const marked = this.marks.has(path);
    if (marked && mayBeUnknown(field, wanted)) this.used.add(path);
    // A message is there as soon as it stands, even around nothing: so it is for the node.
    if (!isObject(value) && !isPresent(this.schema, value, field))
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
    if (marked && mayBeUnknown(field, wanted)) return;
    this.add(needed ? 'NEEDED' : 'PROMPTED', path);
  }

  private list(field: SchemaField, value: Value | undefined, path: string): void {
    if (!Array.isArray(value)) return this.add('JSON', path);
    if (value.length > maxItems(field))
      return this.add('TOO_MANY', path, { max: maxItems(field), count: value.length });
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
      if (type && isObject(value)) this.message(type, value, path);
      else if (type) this.add('JSON', path);
      return;
    }
    if (field.type === 'NUMBER') return this.number(field, value, path);
    if (isText(field)) this.text(field, typeof value === 'string' ? value : '', path);
  }

  private number(field: SchemaField, value: Value, path: string): void {
    const number = readNumber(value);
    if (number === undefined) return this.add('NUMBER', path);
    const min = field.min === '' ? undefined : BigInt(field.min);
    const max = field.max === '' ? undefined : BigInt(field.max);
    if ((min !== undefined && number < min) || (max !== undefined && number > max))
      this.add('RANGE', path, { min: field.min || '0', max: field.max });
  }

  private text(field: SchemaField, text: string, path: string): void {
    if (field.code_list) {
      if (this.known.hasCode(field.code_list, text) === false) this.add('CODE', path);
      return;
    }
    const used = byteLength(text);
    if (used > maxBytes(field))
      return this.add('TOO_LONG', path, { max: maxBytes(field), count: used });
    if (!isPlainText(text)) return this.add('TEXT', path);
    if (isBlank(text)) return this.add('BLANK', path);
    if (field.min_chars && textLength(text) < field.min_chars)
      this.add('TOO_SHORT', path, { min: field.min_chars, count: textLength(text) });
    if (!this.hasFormat(field, text)) this.add(`FORMAT_${field.type}`, path);
  }

  private hasFormat(field: SchemaField, text: string): boolean {
    switch (field.type) {
      case 'DATE':
        return isDate(text);
      case 'PARTIAL_DATE':
        return isPartialDate(text);
      case 'COUNTRY':
        return (
          isUserCountry(text) || (this.known.hasCountry(text) ?? looksLikeCountry(text))
        );
      case 'PARTY':
        return isParty(text);
      case 'DESK':
        return isDesk(text);
      case 'LANGUAGE':
        return isLanguage(text);
      case 'FIELD_PATH':
        return (parsePath(text)?.length ?? 0) > 0;
      case 'SHA256':
        return isSha256(text);
      default:
        return true;
    }
  }
}

// A whole number as JSON has it, a number or its text; undefined: it is none.
export function readNumber(value: Value): bigint | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : undefined;
  if (typeof value !== 'string' || !/^-?\d{1,20}$/.test(value)) return undefined;
  return BigInt(value);
}
