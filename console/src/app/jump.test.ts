// Goal: what is typed is understood as people mean it. Method: tables.
import { describe, expect, it } from 'vitest';
import type { InboxEntry } from '../api';
import { as_case_number, as_serial, cases, fits } from './jump';

const entry = (case_number: string, subject: string) => ({ case_number, subject, party: 'XB' }) as InboxEntry;

describe('jump', () => {
  it.each([['12', 'T-12'], ['t-12', 'T-12'], ['T 007', 'T-7'], ['DA017', undefined], ['', undefined]])('%s is case %s', (typed, number) => expect(as_case_number(typed)).toBe(number));
  it.each([['DA017342', true], ['5??8841', true], ['pistol', false], ['7', false], ['<b>1</b>', false], ['５２６８', true]])('%s a serial number: %s', (typed, is) => expect(as_serial(typed) !== undefined).toBe(is));
  it('finds words without accents, in any order', () => {
    expect(fits('Demande de traçage: pistolet', 'PISTOLET tracage')).toBe(true);
    expect(fits('طلب تعقّب', 'تعقب')).toBe(true);
    expect(fits('Revolver', 'rifle')).toBe(false);
  });
  it('offers a number that is not listed, unless it is rather a serial number', () => {
    expect(cases('99', []).map((one) => one.title)).toEqual(['T-99']);
    expect(cases('5268841', [])).toEqual([]);
    expect(cases('5268841', [entry('T-5268841', 'x')]).map((one) => one.title)).toEqual(['T-5268841']);
  });
});
