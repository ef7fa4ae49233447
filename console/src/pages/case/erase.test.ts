import { expect, test } from 'vitest';
import { authority_trouble, MOST_AUTHORITY, MOST_REASON, reason_trouble } from './erase';

test('authority and reason are needed', () => {
  expect(authority_trouble(' \t ')).toBe('NEEDED');
  expect(reason_trouble('')).toBe('NEEDED');
  expect(authority_trouble('Data protection act, decision 4/2027')).toBe('');
  expect(reason_trouble('kept in error\nsee the letter')).toBe('');
});

test('an authority is one line', () => {
  expect(authority_trouble('court\nof appeal')).toBe('ONE_LINE');
  expect(authority_trouble('court of appeal\n')).toBe('');
});

test('limits count bytes', () => {
  expect(authority_trouble('a'.repeat(MOST_AUTHORITY))).toBe('');
  expect(authority_trouble('a'.repeat(MOST_AUTHORITY + 1))).toBe('TOO_LONG');
  expect(authority_trouble('ж'.repeat(MOST_AUTHORITY / 2 + 1))).toBe('TOO_LONG');
  expect(reason_trouble('法'.repeat(Math.floor(MOST_REASON / 3)))).toBe('');
  expect(reason_trouble('法'.repeat(Math.floor(MOST_REASON / 3) + 1))).toBe('TOO_LONG');
});
