// Who there is, and who may do what: as docs/openapi.json says of each operation.
import { operations } from '../api_source.mjs';

const TABLE = new Map(operations().map((one) => [one.name, one.roles]));

export function may(roles, operation) {
  return (TABLE.get(operation) ?? []).some((role) => roles.includes(role));
}
export const operations_of = (roles) => [...TABLE.keys()].filter((name) => may(roles, name));

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
