// Goal: numbers and times in every language with Latin digits. Method: a few of each.
import { afterEach, describe, expect, it } from 'vitest';
import * as format from './format';
import { set_lang, t, LANGUAGES } from './lang.svelte';

afterEach(() => set_lang('en'));
const NOW = Date.parse('2026-03-02T12:00:00Z');

describe('format', () => {
  it('has Latin digits and the Gregorian calendar in every language', async () => {
    for (const lang of LANGUAGES) {
      await set_lang(lang);
      const all = [format.number('1234567'), format.time('2026-03-02T09:14:00Z', 'utc'), format.relative('2026-03-06T12:00:00Z', NOW), format.day('2026-03-24'), format.bytes(73_400_320), format.duration(86400 * 12), format.length(18, 'month')].join(' ');
      expect(all).toMatch(/[0-9]/);
      expect(all).not.toMatch(/[٠-٩]/);
      expect(all).toContain('2026');
    }
  });
  it('tells how far it is', () => {
    expect(format.relative('2026-03-06T12:00:00Z', NOW)).toBe('in 4 days');
    expect(format.relative('2026-03-02T11:59:50Z', NOW)).toBe('now');
    expect(format.relative('2026-03-02T09:00:00Z', NOW)).toBe('3 hours ago');
    expect(format.relative('', NOW)).toBe('');
    expect(format.time('nothing')).toBe('');
  });
  it('says a length in its unit', async () => {
    expect([format.length(1, 'year'), format.length(90, 'day')]).toEqual(['1 year', '90 days']);
    await set_lang('ru');
    expect(format.length(10, 'year')).toBe('10 лет');
  });
  it('keeps numbers of 64 bits', () => expect(format.number('18446744073709551615')).toBe('18,446,744,073,709,551,615'));
  it('counts in the plural of the language', async () => {
    await set_lang('ar');
    expect(t('inbox.count', { n: 3 })).toBe('3 قضايا');
    await set_lang('ru');
    expect([1, 2, 5].map((n) => t('inbox.count', { n }))).toEqual(['1 дело', '2 дела', '5 дел']);
  });
});
