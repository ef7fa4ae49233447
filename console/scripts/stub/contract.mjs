// Holds what the stub says to the messages of proto/*.proto: every plain field present, no field that
// the message does not have, whole numbers of 64 bits as text.
import { API, load_protos } from '../api_source.mjs';

const root = load_protos([API]);
const LONG = new Set(['int64', 'uint64', 'sint64', 'fixed64', 'sfixed64']);
const DEFAULTS = { string: '', bytes: '', bool: false };

/** @param {string} name of a message @returns the value with its defaults; throws on a field too many */
export function fill(name, value) {
  return fill_type(root.lookupType(`${API}.${name}`), value ?? {}, name);
}

function fill_type(type, value, path) {
  for (const key of Object.keys(value))
    if (!type.fields[key]) throw new Error(`${path}.${key}: ${type.name} has no such field`);
  const out = {};
  for (const field of type.fieldsArray) {
    const given = value[field.name];
    if (field.repeated) out[field.name] = (given ?? []).map((one, i) => scalar_or_message(field, one, `${path}.${field.name}[${i}]`));
    else if (given !== undefined && given !== null) out[field.name] = scalar_or_message(field, given, `${path}.${field.name}`);
    else if (!field.resolvedType) out[field.name] = DEFAULTS[field.type] ?? (LONG.has(field.type) ? '0' : 0);
  }
  return out;
}

function scalar_or_message(field, value, path) {
  if (field.type === 'google.protobuf.Struct') return value;
  if (field.resolvedType) return fill_type(field.resolvedType, value, path);
  const wanted = LONG.has(field.type) || field.type === 'string' || field.type === 'bytes' ? 'string'
    : field.type === 'bool' ? 'boolean' : 'number';
  if (LONG.has(field.type) && typeof value === 'number') return String(value);
  if (typeof value !== wanted) throw new Error(`${path}: ${wanted} wanted, not ${JSON.stringify(value)}`);
  return value;
}

/** Unknown fields of a request, as the node refuses them: a Problem's words, or undefined. */
export function refuse_unknown(name, value, path = '') {
  const type = root.lookupType(`${API}.${name}`);
  return unknown_in(type, value, path);
}
function unknown_in(type, value, path) {
  for (const [key, one] of Object.entries(value ?? {})) {
    const field = type.fields[key];
    const here = path ? `${path}.${key}` : key;
    if (!field) return here;
    if (!field.resolvedType || field.type === 'google.protobuf.Struct') continue;
    for (const each of Array.isArray(one) ? one : [one]) {
      const found = unknown_in(field.resolvedType, each, here);
      if (found) return found;
    }
  }
  return undefined;
}
