// The schema of records as the node describes it (GET /v1/schema), made ready for look-ups. Nothing
// in this folder knows a kind: what there is to fill in stands in the schema alone.
import { parsePath, type Step } from './path';

export interface SchemaKind {
  name: string;
  label: string;
  field: string;
  message: string;
  life: string;
  case_root: boolean;
}

export interface SchemaField {
  name: string;
  label: string;
  type: string; // one of FieldType; a newer node may name others, which are shown as text
  message: string;
  list: boolean;
  required: boolean;
  prompted: boolean;
  code_list: string;
  max_bytes: number;
  min_chars: number;
  max_items: number;
  min: string;
  max: string;
  personal: boolean;
  attachment: boolean;
  optional: boolean;
  suggest: string;
}

export interface SchemaNeed {
  field: string;
  codes: string[];
  fields: string[];
  only: boolean;
  may_be_unknown: boolean;
  unless_field: string;
  unless_code: string;
}

export interface SchemaMessage {
  name: string;
  fields: SchemaField[];
  needs: SchemaNeed[];
}

export interface SchemaResponse {
  lang: string;
  kinds: SchemaKind[];
  messages: SchemaMessage[];
}

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

export function isText(field: SchemaField): boolean {
  return TEXT_TYPES.has(field.type) || !['NUMBER', 'BOOL', 'BYTES', 'MESSAGE'].includes(field.type);
}

export function maxBytes(field: SchemaField): number {
  return field.max_bytes || DEFAULT_TEXT_BYTES;
}

export function maxItems(field: SchemaField): number {
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
  private readonly byKind = new Map<string, SchemaKind>();
  private readonly byMessage = new Map<string, SchemaMessage>();
  private readonly byField = new Map<string, Map<string, SchemaField>>();

  constructor(response: SchemaResponse) {
    this.lang = response.lang;
    this.kinds = response.kinds;
    for (const kind of response.kinds) this.byKind.set(kind.name, kind);
    for (const message of response.messages) {
      this.byMessage.set(message.name, message);
      this.byField.set(message.name, new Map(message.fields.map((field) => [field.name, field])));
    }
  }

  kind(name: string): SchemaKind | undefined {
    return this.byKind.get(name);
  }

  message(name: string): SchemaMessage | undefined {
    return this.byMessage.get(name);
  }

  field(message: string, name: string): SchemaField | undefined {
    return this.byField.get(message)?.get(name);
  }

  // The kind that a record holds, by its field.
  kindOf(record: object): SchemaKind | undefined {
    return this.kinds.find((kind) => kind.field in record);
  }

  // The field a path names; undefined: no such field, or an index where no list is.
  at(path: string): Place | undefined {
    const steps = parsePath(path);
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
