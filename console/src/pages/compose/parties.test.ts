// Goal: only parties that may get a request can be chosen, and of the others it is said why.
// Method: a peer of each sort.
import { expect, test } from 'vitest';
import type { CountryView, Peer } from '../../api';
import { acts_for_a_state, recipient_of } from './parties';

const COUNTRIES = [
  { code: 'FR', kind: 'STATE' },
  { code: 'SUHH', kind: 'FORMER' },
  { code: 'XB', kind: 'FICTIONAL' },
] as CountryView[];
const obstacle = (party: string, level: string) =>
  recipient_of({ party, level, link: 'UP', last_contact_at: '' } as Peer, COUNTRIES).obstacle;

test('a State, alone or with a second focal point', () => {
  for (const party of ['FR', 'FR-ITI', 'XB', 'XC-2']) expect(acts_for_a_state(party, COUNTRIES), party).toBe(true);
  for (const party of ['UNODA', 'SUHH', 'QQ', 'fr', '']) expect(acts_for_a_state(party, COUNTRIES), party).toBe(false);
});

test('why not', () => {
  expect(obstacle('FR', 'VERIFIED')).toBeUndefined();
  expect(obstacle('FR', 'INTRODUCED')).toBe('NOT_VERIFIED');
  expect(obstacle('FR', 'NONE')).toBe('NO_CARD');
  expect(obstacle('FR', 'SUSPENDED')).toBe('SUSPENDED');
  expect(obstacle('FR', 'REVOKED')).toBe('REVOKED');
  expect(obstacle('UNODA', 'VERIFIED')).toBe('NOT_A_STATE');
});
