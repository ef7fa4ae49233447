// Goal: the chart draws what was witnessed when, never more than there was, and nothing of what
// cannot be read. Method: known points, one point, none, and impossible ones.
import { describe, expect, it } from 'vitest';
import { nice_step, plot_of, share_of } from './coverage';

const at = (day: number, size: number, witnessed: number) =>
  ({ at: `2026-03-0${day}T00:00:00Z`, size, witnessed });

describe('witness coverage', () => {
  it('draws steps: what was true stays true until the next point', () => {
    const plot = plot_of([at(1, 0, 0), at(2, 100, 50), at(3, 100, 100)], 200, 100)!;
    expect(plot.size).toBe('M0 100H100V0H200V0');
    expect(plot.witnessed).toBe('M0 100H100V50H200V0');
    expect(plot.open).toBe('M0 100H100V0H200V0V50H100V100H0Z');
    expect(plot.y_ticks.map((tick) => tick.value)).toEqual([0, 50, 100]);
    expect(plot.x_ticks).toHaveLength(5);
  });

  it('orders points by time', () => {
    expect(plot_of([at(2, 100, 50), at(1, 0, 0)], 200, 100)!.size).toBe('M0 100H200V0');
  });

  it('draws one moment over the whole width', () => {
    const plot = plot_of([at(1, 10, 5)], 200, 100)!;
    expect(plot.size).toBe('M0 0H200V0');
    expect(plot.x_ticks).toHaveLength(1);
  });

  it('draws an empty log, and nothing without points', () => {
    expect(plot_of([at(1, 0, 0)], 200, 100)!.size).toBe('M0 100H200V100');
    expect(plot_of([], 200, 100)).toBeUndefined();
    expect(plot_of([{ at: 'never', size: 1, witnessed: 1 }], 200, 100)).toBeUndefined();
    expect(plot_of([{ at: '2026-03-01T00:00:00Z', size: Number.NaN, witnessed: 1 }], 200, 100)).toBeUndefined();
  });

  it('never shows more witnessed than there is', () => {
    const plot = plot_of([at(1, 10, 50), at(2, 10, 50)], 100, 100)!;
    expect(plot.witnessed).toBe(plot.size);
    expect(share_of(at(1, 10, 50))).toBe(1);
    expect(share_of(at(1, 0, 0))).toBe(0);
  });

  it('chooses round steps', () => {
    expect([3, 10, 77, 960, 1001, 2_000_000].map((most) => nice_step(most, 4))).toEqual([1, 5, 20, 500, 500, 500_000]);
  });
});
