import { expect, test } from 'vitest';
import { period_of } from './period';
import { in_order, plan_of } from './run';

test('a period is read as the node writes it', () => {
  expect(period_of('10 years')).toEqual({ count: 10, unit: 'year' });
  expect(period_of('1 year')).toEqual({ count: 1, unit: 'year' });
  expect(period_of('18 months')).toEqual({ count: 18, unit: 'month' });
  expect(period_of('90 days')).toEqual({ count: 90, unit: 'day' });
  expect(period_of('never')).toBe('never');
});

test('what is no such period is left as it is', () => {
  for (const text of ['', '0 days', 'ten years', '10 weeks', '10 years ', '-1 days', '1e3 days']) expect(period_of(text)).toBeUndefined();
});

const record = (rid: string, keep_until: string, held = false) =>
  ({ rid, kind: 'trace.request', party: 'XB', sent: false, created_at: '', keep_until, held });
const would = (due: number, more = false) => ({ records: [], due, held: 0, more, started: false });

test('a run destroys records, or replaces keys alone, or has nothing to do', () => {
  expect(plan_of(would(2), { keys_due: 0 })).toBe('RECORDS');
  expect(plan_of(would(0, true), { keys_due: 0 })).toBe('RECORDS');
  expect(plan_of(would(0), { keys_due: 1 })).toBe('KEYS');
  expect(plan_of(would(0), { keys_due: 0 })).toBe('NOTHING');
});

test('what goes stands first, the oldest at the top', () => {
  const all = [record('a', '2026-03-01T00:00:00Z', true), record('b', '2026-02-01T00:00:00Z'), record('c', '2026-01-01T00:00:00Z')];
  expect(in_order(all).map((one) => one.rid)).toEqual(['c', 'b', 'a']);
  expect(all[0]?.rid).toBe('a');
});
