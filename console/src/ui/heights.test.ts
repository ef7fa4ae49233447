// Goal: the right rows are drawn. Method: against sums made plainly.
import { describe, expect, it } from 'vitest';
import { Heights } from './heights';

describe('heights', () => {
  it('finds rows by distance, with measured and guessed heights', () => {
    const heights = new Heights(1000, 50);
    const plain = Array.from({ length: 1000 }, () => 50);
    for (const [row, size] of [[0, 80], [5, 20], [127, 200], [128, 10], [999, 70]] as const) {
      expect(heights.measured(row, size)).toBe(true);
      plain[row] = size;
    }
    expect(heights.measured(0, 80)).toBe(false);
    const top = (row: number) => plain.slice(0, row).reduce((a, b) => a + b, 0);
    for (const row of [0, 1, 6, 127, 128, 129, 500, 999, 1000]) expect(heights.top(row)).toBe(top(row));
    for (const row of [0, 1, 6, 127, 129, 500, 999]) {
      expect(heights.at(top(row))).toBe(row);
      expect(heights.at(top(row) + plain[row]! - 1)).toBe(row);
    }
    expect(heights.at(1e9)).toBe(999);
    expect(heights.total).toBe(top(1000));
  });
  it('draws some more at both ends, and nothing of nothing', () => {
    expect(new Heights(100, 10).window(500, 100, 5)).toEqual([45, 66]);
    expect(new Heights(0, 10).window(0, 100, 5)).toEqual([0, 0]);
  });
  it('keeps what was measured when rows come or go', () => {
    const heights = new Heights(300, 50);
    heights.measured(3, 90);
    heights.measured(200, 10);
    expect(heights.resized(301).total).toBe(heights.total + 50);
    expect(heights.resized(100).total).toBe(100 * 50 + 40);
    expect(heights.resized(0).total).toBe(0);
  });
  it('is quicker than a look at every row, with ten thousand of them', () => {
    const heights = new Heights(10_000, 60);
    const each = new Float64Array(10_000).fill(60);
    const row_at = (distance: number) => {
      let row = 0;
      for (let left = distance; row < each.length - 1 && left >= each[row]!; row += 1) left -= each[row]!;
      return row;
    };
    const took = (look: (distance: number) => number) => {
      const began = performance.now();
      let sum = 0;
      for (let i = 0; i < 10_000; i += 1) sum += look(i * 60);
      expect(sum).toBe((10_000 * 9_999) / 2);
      return performance.now() - began;
    };
    expect(took((distance) => heights.at(distance))).toBeLessThan(took(row_at));
  });
});
