// The local API as the node describes it: operations of docs/openapi.json, messages of proto/*.proto. The root
// of the project is the folder above, or FOCAL_ROOT.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import protobuf from 'protobufjs';
import descriptor from 'protobufjs/google/protobuf/descriptor.json' with { type: 'json' };

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

/** docs/openapi.json, which the node makes from its routes and messages. */
export function load_openapi() {
  return JSON.parse(readFileSync(join(ROOT, 'docs/openapi.json'), 'utf8'));
}

const message_of = (schema, of_request) => {
  const name = schema?.$ref?.split('/').pop();
  // A message that is asked with and answered has a second form for requests.
  return of_request ? name?.replace(/Input$/, '') : name;
};

/** Every operation: name, method, path, request (of a POST its message; of a GET [field, schema] of each parameter),
 * response message, roles, confirm (a session shows again who it is), stream (answers with events). What answers
 * with no message (the description itself) is nothing to call. */
export function operations(document = load_openapi()) {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, one]) => {
      const answers = one.responses['200'].content;
      const events = answers['text/event-stream'];
      return {
        name: one.operationId, method: method.toUpperCase(), path,
        request: message_of(one.requestBody?.content['application/json'].schema, true) ?? (one.parameters ?? []).map((each) => [each.name, each.schema]),
        response: message_of(events ? events['x-focal-event'] : answers['application/json'].schema, false),
        roles: one['x-focal-roles'], confirm: one['x-focal-confirm'] === true, stream: events !== undefined,
      };
    })).filter((one) => one.response !== undefined);
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
