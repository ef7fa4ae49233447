// The answer that a correction without a name of its own replaces: the last one in force, as the node
// finds it.
import { is_object, type Json } from '../../forms/values';
import type { EntryFacts } from '../case/standing';

export function corrected(timeline: readonly EntryFacts[]): Json | undefined {
  const has_results = (record: Json) =>
    Object.values(record).some((body) => is_object(body) && Array.isArray(body.results));
  return timeline
    .filter((entry) => entry.effect === 'TAKES_EFFECT')
    .map((entry) => entry.record as Json | undefined)
    .findLast((record) => is_object(record) && has_results(record));
}
