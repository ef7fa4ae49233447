import { expect, test } from 'vitest';
import { waits_for_witnesses } from './override';

test('only a node that runs and waits goes on without the witnesses', () => {
  expect(waits_for_witnesses({ state: 'RUNNING', next: 'Nothing, while the witnesses come up.' })).toBe(true);
  expect(waits_for_witnesses({ state: 'RUNNING', next: '' })).toBe(false);
  expect(waits_for_witnesses({ state: 'STARTING', next: 'Wait for the witnesses.' })).toBe(false);
  expect(waits_for_witnesses({ state: 'ROLLED_BACK', next: 'Begin a new log.' })).toBe(false);
});
