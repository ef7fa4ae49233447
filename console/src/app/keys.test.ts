// Goal: single keys and pairs. Method: the step function alone.
import { describe, expect, it } from 'vitest';
import { step } from './keys.svelte';

const KEYS = ['j', 'g i', 'g p', '?'];
describe('keys', () => {
  it('hits a single key at once', () => expect(step('', 'j', KEYS)).toEqual({ hit: 'j', pending: '' }));
  it('waits for the second of a pair', () => {
    expect(step('', 'g', KEYS)).toEqual({ pending: 'g' });
    expect(step('g', 'i', KEYS)).toEqual({ hit: 'g i', pending: '' });
  });
  it('begins anew when the second does not fit', () => {
    expect(step('g', 'j', KEYS)).toEqual({ hit: 'j', pending: '' });
    expect(step('g', 'g', KEYS)).toEqual({ pending: 'g' });
    expect(step('g', 'x', KEYS)).toEqual({ pending: '' });
  });
});
