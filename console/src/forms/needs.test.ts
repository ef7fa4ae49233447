// Goal: conditional fields are asked for, lifted and forbidden as the schema says.
// Method: the made-up kind; each standing once, and two needs of one field in both orders.
import { expect, test } from 'vitest';
import { field, MADE_UP, need } from './made_up';
import { may_be_unknown, visibility, wanted_for, wanted_in } from './needs';

const LAMP = MADE_UP.message('Lamp')!;
const standing = (message: Record<string, string>, name: string) =>
  wanted_for(LAMP, message, name).standing;

test('a code asks for its fields; another field lifts that', () => {
  expect(standing({ state: 'BROKEN' }, 'cause')).toBe('needed');
  expect(standing({ state: 'LIT' }, 'cause')).toBe('idle');
  expect(standing({ state: 'BROKEN', detail: 'KEPT_BACK' }, 'cause')).toBe('relaxed');
  expect(standing({ state: 'BROKEN' }, 'lamp_no')).toBe('plain');
});

test('an only-need forbids without its code', () => {
  expect(standing({}, 'secret_reason')).toBe('forbidden');
  expect(standing({ detail: 'KEPT_BACK' }, 'secret_reason')).toBe('needed');
});

test('a list of codes chooses too', () => {
  const type = { name: 'T', fields: [], needs: [need('codes', ['B'], ['text'], { only: true })] };
  expect(wanted_for(type, { codes: ['A', 'B'] }, 'text').standing).toBe('needed');
  expect(wanted_for(type, { codes: ['A'] }, 'text').standing).toBe('forbidden');
});

test('one need in force is enough, wherever it stands', () => {
  const needs = [need('k', ['A'], ['x']), need('k', ['B'], ['x'])];
  for (const order of [needs, needs.toReversed()]) {
    const type = { name: 'T', fields: [], needs: order };
    expect(wanted_in(type, { k: 'A' }).get('x')!.standing).toBe('needed');
    expect(wanted_in(type, { k: 'B' }).get('x')!.standing).toBe('needed');
    expect(wanted_in(type, { k: 'C' }).get('x')!.standing).toBe('idle');
  }
});

test('unknown may be said of prompted fields, and of needed ones where the need allows it', () => {
  const cause = MADE_UP.field('Lamp', 'cause')!;
  expect(may_be_unknown(cause, wanted_for(LAMP, { state: 'BROKEN' }, 'cause'))).toBe(true);
  expect(may_be_unknown(cause, wanted_for(LAMP, { state: 'LIT' }, 'cause'))).toBe(false);
  expect(
    may_be_unknown(cause, wanted_for(LAMP, { state: 'BROKEN', detail: 'KEPT_BACK' }, 'cause')),
  ).toBe(false);
  expect(may_be_unknown(field('x', { prompted: true }), { standing: 'plain' })).toBe(true);
});

test('what is shown, what stands behind a click and what is not there', () => {
  const seen = (message: Record<string, string>, name: string, given = false) =>
    visibility(MADE_UP.field('Lamp', name)!, wanted_for(LAMP, message, name), given);
  expect(seen({}, 'state')).toBe('shown');
  expect(seen({}, 'maker')).toBe('shown');
  expect(seen({}, 'watts')).toBe('more');
  expect(seen({ state: 'LIT' }, 'cause')).toBe('more');
  expect(seen({ state: 'BROKEN' }, 'cause')).toBe('shown');
  expect(seen({ state: 'BROKEN', detail: 'KEPT_BACK' }, 'cause')).toBe('shown');
  expect(seen({}, 'secret_reason')).toBe('hidden');
  expect(seen({}, 'secret_reason', true)).toBe('shown');
  const sketch = MADE_UP.field('LampReport', 'sketch')!;
  expect(visibility(sketch, { standing: 'plain' }, false)).toBe('hidden');
});
