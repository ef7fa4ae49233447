// How far others vouched for the ledger, over time, from samples: entries at even distances, and for each the
// first published checkpoint that contains it. Pure.
import type { LedgerEntry } from '../../api';
import type { CoveragePoint } from '../../pictures/coverage';

/** Indices to look at: the first, the last, and evenly between; each once. */
export function sample_indices(size: number, count: number): number[] {
  if (size <= 0) return [];
  const out = Array.from({ length: count }, (_, i) => Math.round((i * (size - 1)) / Math.max(1, count - 1)));
  return [...new Set(out)];
}

/** Points in the order of time; a checkpoint counts when so many witnesses cosigned it. */
export function coverage_points(entries: LedgerEntry[], quorum: number, now_at: string, size: number, witnessed: number): CoveragePoint[] {
  const leaves = entries.flatMap((one) => (one.leaf ? [{ at: one.leaf.at, size: Number(one.leaf.index) + 1 }] : []));
  const marks = entries.flatMap((one) => {
    const coverage = one.coverage;
    if (!coverage || coverage.witnesses.length < Math.max(1, quorum)) return [];
    const last = coverage.witnesses.map((each) => each.at).sort()[Math.max(1, quorum) - 1] ?? coverage.published_at;
    return [{ at: last, witnessed: Number(coverage.size) }];
  });
  const times = [...new Set([...leaves.map((one) => one.at), ...marks.map((one) => one.at)])].filter((at) => at <= now_at).sort();
  const points = times.map((at) => {
    const whole = Math.max(0, ...leaves.filter((one) => one.at <= at).map((one) => one.size));
    const seen = Math.max(0, ...marks.filter((one) => one.at <= at).map((one) => one.witnessed));
    return { at, size: Math.max(whole, seen), witnessed: seen };
  });
  return [...points, { at: now_at, size, witnessed }];
}
