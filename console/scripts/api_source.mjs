// The local API as the sources of the node tell it: messages of proto/*.proto and the routes in
// node/api/desk_routes.h. The root of the project is the folder above, or FOCAL_ROOT.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import protobuf from 'protobufjs';
import descriptor from 'protobufjs/google/protobuf/descriptor.json' with { type: 'json' };
import { EXTRA } from './extra_operations.mjs';

protobuf.common('google/protobuf/descriptor.proto', descriptor);

export const HERE = dirname(fileURLToPath(import.meta.url));
export const ROOT = process.env.FOCAL_ROOT ?? join(HERE, '..', '..');
export const API = 'focal.api.v1';

/** Every message of the given packages. @returns {protobuf.Root} */
export function load_protos(packages = [API]) {
  const loaded = new protobuf.Root();
  loaded.resolvePath = (_from, to) => (to.startsWith('google/') ? to : join(ROOT, to));
  const wanted = packages.map((name) => `package ${name};`);
  const files = readdirSync(join(ROOT, 'proto')).filter((name) => name.endsWith('.proto'))
    .map((name) => join('proto', name))
    .filter((name) => {
      const text = readFileSync(join(ROOT, name), 'utf8');
      return wanted.some((line) => text.includes(line));
    });
  loaded.loadSync(files, { keepCase: true, alternateCommentMode: true });
  loaded.resolveAll();
  return loaded;
}

// Operations that the node registers by hand stand in docs/openapi.json alone: the request of a GET is then
// told by its parameters.
function routes_of_openapi() {
  const file = join(ROOT, 'docs/openapi.json');
  if (!existsSync(file)) return [];
  const name_of = (content) => content?.['application/json']?.schema?.$ref?.split('/').pop();
  return Object.entries(JSON.parse(readFileSync(file, 'utf8')).paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, one]) => {
      const fields = (one.parameters ?? []).map((each) => [each.name, each.schema?.type ?? 'string']);
      return [one.operationId, method.toUpperCase(), path, name_of(one.requestBody?.content) ?? fields, name_of(one.responses?.['200']?.content)];
    }));
}

/** [name, method, path, request, response message] of every operation. The request: its message, or [field, type]
 * of each. */
export function routes() {
  const line = /^ *FOCAL_(\w*?)ROUTE\((\w+),\s*"(GET|POST)",\s*"([^"]+)",\s*(\w+),\s*(\w+)/gm;
  const folder = join(ROOT, 'node/api');
  const all = new Map();
  const header = readdirSync(folder).filter((name) => name.endsWith('_routes.h')).flatMap((name) =>
    [...readFileSync(join(folder, name), 'utf8').matchAll(line)].map((m) => [m[2], m[3], m[4], m[5], m[6]]));
  // An answer without a message (the description itself) is nothing to call.
  for (const row of [...header, ...routes_of_openapi().filter((row) => row[4]), ...EXTRA]) if (!all.has(row[0])) all.set(row[0], row);
  return [...all.values()];
}

/** A table of tab-separated values: rows as objects by the titles of the first line. */
export function read_table(path) {
  const file = join(ROOT, path);
  if (!existsSync(file)) throw new Error(`${path}: not there`);
  const [head, ...lines] = readFileSync(file, 'utf8').split('\n').filter((one) => one !== '');
  const titles = head.split('\t');
  return lines.map((one) => {
    const cells = one.split('\t');
    return Object.fromEntries(titles.map((title, i) => [title, cells[i] ?? '']));
  });
}
