// Writes src/api/generated/: a TypeScript type for every message of the local API and the table of its
// operations. Run by `npm run generate`.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import protobuf from 'protobufjs';
import { API, HERE, load_protos, operations } from './api_source.mjs';

const HEAD = '// Made by scripts/generate_api.mjs; not to be changed by hand.\n';

const SCALARS = {
  string: 'string', bytes: 'string', bool: 'boolean', double: 'number', float: 'number',
  int32: 'number', uint32: 'number', sint32: 'number', fixed32: 'number', sfixed32: 'number',
  int64: 'string', uint64: 'string', sint64: 'string', fixed64: 'string', sfixed64: 'string',
};

function type_of(field) {
  if (SCALARS[field.type]) return SCALARS[field.type];
  if (field.type === 'google.protobuf.Struct') return 'Json';
  return full_name(field.resolvedType);
}

// RetentionShowResponse.Class → RetentionShowResponse_Class
function full_name(type) {
  return type.fullName.replace(/^\./, '').replace(API + '.', '').replaceAll('.', '_');
}

function doc(text, indent) {
  const line = (text ?? '').replaceAll('*/', '* /').replace(/\s+/g, ' ').trim();
  return line ? `${indent}/** ${line} */\n` : '';
}

function write_type(type, out) {
  let text = `${doc(type.comment, '')}export interface ${full_name(type)} {\n`;
  for (const field of type.fieldsArray) {
    let name = type_of(field);
    if (field.repeated) name = `${name}[]`;
    // A message that is not set is absent; plain fields are always there.
    const optional = !field.repeated && !SCALARS[field.type];
    text += `${doc(field.comment, '  ')}  ${field.name}${optional ? '?' : ''}: ${name};\n`;
  }
  out.push(text + '}\n');
  for (const nested of type.nestedArray) if (nested instanceof protobuf.Type) write_type(nested, out);
}

function types(namespace) {
  const out = [HEAD, '/** A free JSON object. */\nexport type Json = Record<string, any>;\n'];
  for (const type of namespace.nestedArray) if (type instanceof protobuf.Type) write_type(type, out);
  return out.join('\n');
}

const JSON_TYPES = { boolean: 'boolean', integer: 'number', number: 'number', string: 'string' };
function parameter_type(schema) {
  return schema.type === 'array' ? `${JSON_TYPES[schema.items.type]}[]` : JSON_TYPES[schema.type];
}
function request_type(request) {
  if (!Array.isArray(request)) return `T.${request}`;
  return `{ ${request.map(([name, schema]) => `${name}: ${parameter_type(schema)}`).join('; ')} }`;
}

function operations_file(table) {
  const names = table.filter((one) => !one.stream).map(({ name, method, path, request, response }) =>
    `  ${name}: { method: '${method}', path: '${path}' } as Op<${request_type(request)}, T.${response}>,`);
  const streams = table.filter((one) => one.stream).map(({ name, path }) => `  ${name}: '${path}',`);
  return `${HEAD}import type * as T from './types';

/** Method, address and messages of an operation; the types live at compile time only. */
export interface Op<Request, Response> {
  method: 'GET' | 'POST';
  path: string;
  readonly request?: Request;
  readonly response?: Response;
}

export const OPERATIONS = {
${names.join('\n')}
};

/** Addresses of the streams of events (stream.svelte.ts). */
export const STREAMS = {
${streams.join('\n')}
};
`;
}

// Untouched when nothing changed, so that nobody builds again for it.
function write_if_new(name, text) {
  const file = join(HERE, '..', 'src/api/generated', name);
  if (!existsSync(file) || readFileSync(file, 'utf8') !== text) writeFileSync(file, text);
}

const namespace = load_protos().lookup(API);
const table = operations();
for (const { name, request, response } of table)
  for (const message of [request, response])
    if (!Array.isArray(message) && !namespace.get(message)) throw new Error(`${name}: no message ${message} in proto/`);
mkdirSync(join(HERE, '..', 'src/api/generated'), { recursive: true });
write_if_new('types.ts', types(namespace));
write_if_new('operations.ts', operations_file(table));
