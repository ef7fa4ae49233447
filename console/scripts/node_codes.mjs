// Codes that the node says and the console has words for: each needs its text in every language.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load_openapi, ROOT } from './api_source.mjs';

/** Codes of the doctor: docs/operations.md explains each, which a test of the node holds to its sources. */
export function doctor_codes(operations) {
  const chapter = operations.split(/^## /m).find((part) => part.startsWith('When a link does not work'));
  return [...new Set([...(chapter ?? '').matchAll(/`([A-Z]+_[A-Z_]+|[A-Z]{4,})`/g)].map((m) => m[1]))].sort();
}

/** Codes of a Problem. What the server says of a request that is no request of the console (HTTP_…) has its English
 * title. */
export function problem_codes(document) {
  const all = Object.values(document.components.responses).flatMap((one) => one['x-focal-codes']);
  return all.filter((code) => !code.startsWith('HTTP_')).sort();
}

export function role_names(document) {
  return [...new Set(Object.values(document.paths).flatMap(Object.values).flatMap((one) => one['x-focal-roles']))].sort();
}

/** Classes of content that is kept for a time: those whose periods docs/operations.md says how to set. */
export function retention_classes(operations) {
  const row = /^\| `\[retention\]`: ([^|]*`other`[^|]*)\|/m.exec(operations);
  return [...(row?.[1] ?? '').matchAll(/`(\w+)`/g)].map((m) => m[1]).sort();
}

/** Beginning of a key → the codes that have to follow it. */
export function node_codes() {
  const document = load_openapi();
  const operations = readFileSync(join(ROOT, 'docs/operations.md'), 'utf8');
  return new Map([
    ['doctor.code.', doctor_codes(operations)],
    ['retention.class.', retention_classes(operations)],
    ['shell.error.', problem_codes(document)],
    ['shell.role.', role_names(document)],
  ]);
}
