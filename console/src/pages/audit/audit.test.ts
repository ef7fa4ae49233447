// Goal: the line of coverage says what the samples say. Method: made samples.
import { describe, expect, it } from 'vitest';
import type { LedgerEntry } from '../../api';
import { coverage_points, sample_indices } from './coverage_points';
import { ledger_csv } from './query';

const sample = (index: number, at: string, size?: number, seen: string[] = []): LedgerEntry => ({
  leaf: { index: String(index), at } as LedgerEntry['leaf'], bytes: '', receipts: [],
  ...(size ? { coverage: { size: String(size), root: '', published_at: seen[0] ?? at, proof: [], witnesses: seen.map((one, i) => ({ party: `X${i}`, at: one })) } } : {}),
});

describe('coverage', () => {
  it('samples first and last, each once', () => {
    expect(sample_indices(1, 5)).toEqual([0]);
    expect(sample_indices(101, 5)).toEqual([0, 25, 50, 75, 100]);
    expect(sample_indices(0, 5)).toEqual([]);
  });
  it('counts a checkpoint when the quorum has cosigned', () => {
    const points = coverage_points([sample(0, '2026-01-01T00:00:00Z', 10, ['2026-01-02T00:00:00Z', '2026-01-03T00:00:00Z']), sample(19, '2026-01-04T00:00:00Z', 30, ['2026-01-05T00:00:00Z'])], 2, '2026-01-06T00:00:00Z', 31, 10);
    expect(points.map((one) => [one.at.slice(8, 10), one.size, one.witnessed])).toEqual([['01', 1, 0], ['03', 10, 10], ['04', 20, 10], ['06', 31, 10]]);
  });
  it('saves rows without formulas', () => {
    expect(ledger_csv([{ index: '1', who: '@cmd', reason: 'a,b' } as never])).toContain("'@cmd");
  });
});
