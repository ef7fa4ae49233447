// Who may do what: the table of node/desk/permissions.cc.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, routes } from '../api_source.mjs';

const LETTERS = { O: 'OFFICER', S: 'SUPERVISOR', A: 'AUDITOR', C: 'KEY_CUSTODIAN', M: 'ADMINISTRATOR' };
const ALL = Object.values(LETTERS);
const OFFICERS = ['OFFICER', 'SUPERVISOR'];
// Not in the table yet.
const EXTRA = {
  schema_show: [...OFFICERS, 'AUDITOR'], codes_show: [...OFFICERS, 'AUDITOR'], suggest: OFFICERS, record_check: OFFICERS, draft_list: OFFICERS, draft_show: OFFICERS,
  draft_save: OFFICERS, draft_drop: OFFICERS, preferences_show: ALL, preferences_set: ALL, doctor: ALL, session_open: ALL, session_show: ALL,
  session_confirm: ALL, session_end: ALL, session_password: ALL,
};

function table() {
  const text = readFileSync(join(ROOT, 'node/desk/permissions.cc'), 'utf8');
  const out = new Map(Object.entries(EXTRA));
  for (const [, name, roles] of text.matchAll(/\{"(\w+)",\s*([\w |]+)\}/g))
    out.set(name, roles.includes('kEveryRole') ? ALL : roles.split('|').map((one) => LETTERS[one.trim()]));
  return out;
}
const TABLE = table();

export function may(roles, operation) {
  return (TABLE.get(operation) ?? []).some((role) => roles.includes(role));
}
export const operations_of = (roles) => routes().map(([name]) => name).filter((name) => may(roles, name));

export const PASSWORD = 'focal focal focal';
export const PEOPLE = [
  { name: 'jo', uid: 1000, unix_user: 'jo', roles: ['OFFICER'], personal_data: true, added_at: '@-300d', key: 'NONE' },
  { name: 'sam', uid: 1001, unix_user: 'sam', roles: ['SUPERVISOR'], personal_data: true, added_at: '@-300d', key: 'VALID', key_until_at: '@+200d' },
  { name: 'ada', uid: 1002, unix_user: 'ada', roles: ['AUDITOR'], added_at: '@-290d', key: 'NONE' },
  { name: 'kim', uid: 1003, unix_user: 'kim', roles: ['KEY_CUSTODIAN'], added_at: '@-290d', key: 'NONE' },
  { name: 'ed', uid: 1004, unix_user: 'ed', roles: ['ADMINISTRATOR'], added_at: '@-299d', key: 'NONE' },
  { name: 'lee', uid: 1005, unix_user: '', roles: ['OFFICER', 'SUPERVISOR', 'AUDITOR', 'KEY_CUSTODIAN', 'ADMINISTRATOR'], personal_data: true, added_at: '@-10d', key: 'EXPIRED', key_until_at: '@-3d' },
  { name: 'old.officer', uid: 1006, unix_user: 'old', roles: ['OFFICER'], added_at: '@-700d', removed_at: '@-100d', key: 'REVOKED', key_until_at: '@-100d' },
];
