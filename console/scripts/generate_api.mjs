// Writes src/api/generated/: a TypeScript type for every message of the local API and the table of its
// operations. From proto/*.proto and the routes in node/api/desk_routes.h, or, where it exists, from
// docs/openapi.json. Run by `npm run generate`; the root of the project is the folder above, or FOCAL_ROOT.
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import protobuf from 'protobufjs';
import { EXTRA } from './extra_operations.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = process.env.FOCAL_ROOT ?? join(here, '..', '..');
const PACKAGE = 'focal.api.v1';
const HEAD = '// Made by scripts/generate_api.mjs; not to be changed by hand.\n';

const SCALARS = {
  string: 'string', bytes: 'string', bool: 'boolean', double: 'number', float: 'number',
  int32: 'number', uint32: 'number', sint32: 'number', fixed32: 'number', sfixed32: 'number',
  int64: 'string', uint64: 'string', sint64: 'string', fixed64: 'string', sfixed64: 'string',
};

function load_messages() {
  const loaded = new protobuf.Root();
  loaded.resolvePath = (_from, to) => (to.startsWith('google/') ? to : join(root, to));
  const files = readdirSync(join(root, 'proto')).map((name) => join('proto', name)).filter((name) =>
    name.endsWith('.proto') && readFileSync(join(root, name), 'utf8').includes(`package ${PACKAGE};`));
  loaded.loadSync(files, { keepCase: true, alternateCommentMode: true });
  return loaded.lookup(PACKAGE);
}

function type_of(field) {
  if (SCALARS[field.type]) return SCALARS[field.type];
  if (field.type === 'google.protobuf.Struct') return 'Json';
  const resolved = field.resolve().resolvedType;
  return full_name(resolved);
}

// RetentionShowResponse.Class → RetentionShowResponse_Class
function full_name(type) {
  return type.fullName.replace(/^\./, '').replace(PACKAGE + '.', '').replaceAll('.', '_');
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

function types_from_proto(namespace) {
  const out = [HEAD, '/** A free JSON object. */\nexport type Json = Record<string, any>;\n'];
  for (const type of namespace.nestedArray) if (type instanceof protobuf.Type) write_type(type, out);
  return out.join('\n');
}

// FOCAL_…ROUTE(name, "GET", "/v1/status", StatusRequest, StatusResponse…)
function routes_from_header() {
  const text = readFileSync(join(root, 'node/api/desk_routes.h'), 'utf8');
  const line = /^ *FOCAL_(\w*?)ROUTE\((\w+),\s*"(GET|POST)",\s*"([^"]+)",\s*(\w+),\s*(\w+)/gm;
  const known = [...text.matchAll(line)].map((m) => [m[2], m[3], m[4], m[5], m[6]]);
  const names = new Set(known.map(([name]) => name));
  return [...known, ...EXTRA.filter(([name]) => !names.has(name))];
}

function operations(routes) {
  const names = routes.map(([name, method, path, request, response]) =>
    `  ${name}: { method: '${method}', path: '${path}' } as Op<T.${request}, T.${response}>,`);
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
`;
}

const folder = join(here, '..', 'src/api/generated');
mkdirSync(folder, { recursive: true });
const namespace = load_messages();
const routes = routes_from_header();
for (const [name, , , request, response] of routes)
  for (const message of [request, response])
    if (!namespace.get(message)) throw new Error(`${name}: no message ${message} in proto/`);
write_if_new('types.ts', types_from_proto(namespace));
write_if_new('operations.ts', operations(routes));

// Untouched when nothing changed, so that nobody builds again for it.
function write_if_new(name, text) {
  const file = join(folder, name);
  if (!existsSync(file) || readFileSync(file, 'utf8') !== text) writeFileSync(file, text);
}
