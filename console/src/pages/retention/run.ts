// What a run would do, from the node's dry run. Pure.
import type { RetentionRunResponse, RetentionShowResponse } from '../../api';

export type Plan =
  | 'RECORDS' // content is destroyed
  | 'KEYS'    // none is due; keys of what was erased before are replaced
  | 'NOTHING';

export function plan_of(would: RetentionRunResponse, shown: Pick<RetentionShowResponse, 'keys_due'>): Plan {
  if (would.due > 0 || would.more) return 'RECORDS';
  return shown.keys_due > 0 ? 'KEYS' : 'NOTHING';
}

/** What goes stands before what stays; each by its day. */
export function in_order(records: RetentionRunResponse['records']): RetentionRunResponse['records'] {
  return [...records].sort((a, b) => Number(a.held) - Number(b.held) || a.keep_until.localeCompare(b.keep_until));
}
