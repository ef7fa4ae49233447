// What a column of a seizure list can hold: the fields of a weapon that a cell can hold, by the names that
// the node gives them (node/desk/seizure_fields.h). Pure.
import type { Schema, SchemaField, SchemaMessage } from '../../forms/schema';

const WEAPON = 'WeaponItem';
const RAW = '_raw';

export interface ListField {
  name: string; // "serial", "country_of_import.year"
  labels: string[]; // of the field and, where that is not its main part, of the part
}

// The part of a message that a cell without a further name means.
function main_part(type: SchemaMessage): string | undefined {
  return ['code', 'value', 'country'].find((name) => type.fields.some((field) => field.name === name));
}

export function list_fields(schema: Schema): ListField[] {
  const out: ListField[] = [];
  const add = (type: SchemaMessage, field: SchemaField, names: string[], labels: string[]): void => {
    const is_main = type.name !== WEAPON && main_part(type) === field.name;
    const own_names = is_main ? names : [...names, field.name];
    const own_labels = is_main ? labels : [...labels, field.label];
    const inside = field.type === 'MESSAGE' ? schema.message(field.message) : undefined;
    if (!inside) {
      const name = own_names.join('.');
      out.push({ name: name.endsWith(RAW) ? name.slice(0, -RAW.length) : name, labels: own_labels });
    } else if (!field.list) for (const part of inside.fields) add(inside, part, own_names, own_labels);
  };
  const weapon = schema.message(WEAPON);
  for (const field of weapon?.fields ?? [])
    if (field.name !== 'item_no' && !field.attachment) add(weapon!, field, [], []);
  return out;
}
