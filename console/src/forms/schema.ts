// The schema of records as the node describes it (GET /v1/schema), made ready for look-ups. Nothing
// in this folder knows a kind: what there is to fill in stands in the schema alone.
import type {
  SchemaField,
  SchemaKind,
  SchemaMessage,
  SchemaNeed,
  SchemaResponse,
} from '../api';
import { parse_path, type Step } from './path';

export type { SchemaKind, SchemaField, SchemaNeed, SchemaMessage, SchemaResponse };

export const ROOT = 'Record';
// Where the schema names no limit; node/record/schema.h has the same two.
export const DEFAULT_TEXT_BYTES = 4000;
export const DEFAULT_LIST_ITEMS = 64;

const TEXT_TYPES = new Set([
  'TEXT',
  'CODE',
  'DATE',
  'PARTIAL_DATE',
  'COUNTRY',
  'PARTY',
  'DESK',
  'LANGUAGE',
  'FIELD_PATH',
  'SHA256',
]);

export function is_text(field: SchemaField): boolean {
  return TEXT_TYPES.has(field.type) || !['NUMBER', 'BOOL', 'BYTES', 'MESSAGE'].includes(field.type);
}

// Bytes; a text that can be longer gets a box of several lines.
export const LONG_TEXT = 300;

export function max_bytes(field: SchemaField): number {
  return field.max_bytes || DEFAULT_TEXT_BYTES;
}

export function max_items(field: SchemaField): number {
  return field.max_items || DEFAULT_LIST_ITEMS;
}

// What a path leads to.
export interface Place {
  owner: SchemaMessage; // the message that has the field
  field: SchemaField;
  steps: Step[];
}

export class Schema {
  readonly lang: string;
  readonly kinds: readonly SchemaKind[];
  private readonly by_kind = new Map<string, SchemaKind>();
  private readonly by_message = new Map<string, SchemaMessage>();
  private readonly by_field = new Map<string, Map<string, SchemaField>>();

  constructor(response: SchemaResponse) {
    this.lang = response.lang;
    this.kinds = response.kinds;
    for (const kind of response.kinds) this.by_kind.set(kind.name, kind);
    for (const message of response.messages) {
      this.by_message.set(message.name, message);
      this.by_field.set(message.name, new Map(message.fields.map((field) => [field.name, field])));
    }
  }

  kind(name: string): SchemaKind | undefined {
    return this.by_kind.get(name);
  }

  message(name: string): SchemaMessage | undefined {
    return this.by_message.get(name);
  }

  field(message: string, name: string): SchemaField | undefined {
    return this.by_field.get(message)?.get(name);
  }

  // The kind that a record holds, by its field.
  kind_of(record: object): SchemaKind | undefined {
    return this.kinds.find((kind) => kind.field in record);
  }

  // The field a path names; undefined: no such field, or an index where no list is.
  at(path: string): Place | undefined {
    const steps = parse_path(path);
    if (!steps) return undefined;
    let owner = this.message(ROOT);
    for (const [i, step] of steps.entries()) {
      const field = owner && this.field(owner.name, step.name);
      if (!owner || !field || (step.index !== undefined && !field.list)) return undefined;
      if (i === steps.length - 1) return { owner, field, steps };
      if (field.type !== 'MESSAGE' || (field.list && step.index === undefined)) return undefined;
      owner = this.message(field.message);
    }
    return undefined;
  }
}
