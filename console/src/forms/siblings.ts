// Fields that belong together by their names: what was seen, and the code it stands for
// (calibre_raw and calibre_code, make and make_code).
import type { SchemaField, SchemaMessage } from './schema';

/** The field for the code of a text that the node helps with; undefined: the message has none. */
export function code_sibling(type: SchemaMessage, field: SchemaField): SchemaField | undefined {
  if (!field.suggest || field.type !== 'TEXT') return undefined;
  const name = `${field.name.replace(/_raw$/, '')}_code`;
  return type.fields.find((each) => each.name === name && !each.list);
}

/** Is it shown beside such a text, and so not by itself? */
export function is_beside(type: SchemaMessage, field: SchemaField): boolean {
  return type.fields.some((each) => code_sibling(type, each)?.name === field.name);
}
