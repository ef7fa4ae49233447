// Goal: what is unread stays so, with little kept. Method: marks, then compaction with ten thousand cases.
import { describe, expect, it } from 'vitest';
import { compact, is_unread, mark_all_read, mark_read, mark_unread, new_reading, parse_reading, reading_text } from './reading';

const NOW = Date.parse('2026-03-02T12:00:00Z');
const at = (minutes: number) => new Date(NOW + minutes * 60_000).toISOString();

describe('reading', () => {
  it('begins with three days of news', () => {
    const reading = new_reading(NOW);
    expect(is_unread(reading, 'T-1', at(-60))).toBe(true);
    expect(is_unread(reading, 'T-1', at(-5 * 24 * 60))).toBe(false);
  });
  it('is read when looked at, and unread again with later news', () => {
    const reading = mark_read(new_reading(NOW), 'T-1', NOW);
    expect(is_unread(reading, 'T-1', at(-1))).toBe(false);
    expect(is_unread(reading, 'T-1', at(2))).toBe(true);
    expect(is_unread(mark_unread(reading, 'T-1', at(-1)), 'T-1', at(-1))).toBe(true);
  });
  it('can be marked unread although it is old', () => {
    const all = mark_all_read(NOW);
    expect(is_unread(mark_unread(all, 'T-7', at(-600)), 'T-7', at(-600))).toBe(true);
    expect(is_unread(mark_read(mark_unread(all, 'T-7', at(-600)), 'T-7', NOW), 'T-7', at(-600))).toBe(false);
  });
  it('grows small without a change in what is unread', () => {
    let reading = new_reading(NOW);
    const open = Array.from({ length: 1000 }, (_, i) => ({ case_number: `T-${i}`, last_at: at(-3000 + i) }));
    open.forEach((one, i) => {
      if (i % 5 !== 0) reading = mark_read(reading, one.case_number, NOW - 3000 * 60_000 + (i + 1) * 60_000);
    });
    const before = open.map((one) => is_unread(reading, one.case_number, one.last_at));
    const smaller = compact(reading, open);
    expect(open.map((one) => is_unread(smaller, one.case_number, one.last_at))).toEqual(before);
    expect(JSON.stringify(smaller).length).toBeLessThan(8000);
  });
  it('takes nothing on trust', () => {
    for (const bad of [undefined, null, 3, {}, { until: 'x', read: {}, unread: [] }, { until: 1, read: 2, unread: [] }])
      expect(parse_reading(bad, NOW)).toEqual(new_reading(NOW));
  });
  it('is told to the node in few bytes: what is unread first, then what was read last', () => {
    expect(reading_text({ until: 100, read: { 7: 5, 8: 9 }, unread: [3] })).toBe('100_3.n_8.9_7.5');
    const read = Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [i + 10, i]));
    const text = reading_text({ until: 29_000_000, read, unread: [1, 2] });
    expect(text.length).toBeLessThanOrEqual(3500);
    expect(text).toMatch(/^29000000_1\.n_2\.n_2009\.1999_/);
  });
});
