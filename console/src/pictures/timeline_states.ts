// How a record stands at the two ends of a case, from a TimelineEntry: pure. What is not known is
// no state.
import type { TimelineFacts } from './timeline_facts';

export type End = 'OURS' | 'THEIRS';
export type StateName =
  | 'MADE' | 'RELEASED' | 'SENT' | 'STORED' | 'OPENED' | 'LOGGED' | 'WITNESSED' | 'PROVED'
  | 'QUEUED' | 'UNDER_WAY' | 'WAIT_SCHEDULE' | 'WAIT_PSK' | 'HELD' | 'REJECTED' | 'EXPIRED' | 'CANCELLED'
  | 'NOT_KNOWN';
export interface EndState {
  end: End;
  party: string;         // whose end; of several addressees each has its own
  state: StateName;
  at: string;            // as in the API; empty: not said
  by: readonly string[]; // persons, roles or witnesses, as written
  code: string;          // of REJECTED
  outbox_id: string;      // where one can look what became of it
  tone: 'DONE' | 'PENDING' | 'FAILED';
}

// How an unfinished or failed sending is called in the outbox.
const ON_THE_WAY: Readonly<Record<string, StateName>> = {
  QUEUED: 'QUEUED', SENT: 'UNDER_WAY', WAIT_SCHEDULE: 'WAIT_SCHEDULE', WAIT_PSK: 'WAIT_PSK', HELD: 'HELD',
};
const FAILED: readonly string[] = ['REJECTED', 'EXPIRED', 'CANCELLED'];

type Delivery = NonNullable<TimelineFacts['delivery']>[number];

const done = (end: End, party: string, state: StateName, at: string, by: readonly string[] = []): EndState =>
  ({ end, party, state, at, by, code: '', outbox_id: '', tone: 'DONE' });

function delivery_state(each: Delivery): EndState {
  const named = each.state ?? '';
  const base = { ...done('THEIRS', each.party ?? '', 'NOT_KNOWN', ''), outbox_id: each.outbox_id ?? '' };
  if (named === 'STORED') return { ...base, state: 'STORED', at: each.stored_at ?? '' };
  if (FAILED.includes(named))
    return { ...base, state: named as StateName, code: each.code ?? '', tone: 'FAILED' };
  const known = Object.hasOwn(ON_THE_WAY, named) ? ON_THE_WAY[named]! : 'NOT_KNOWN';
  return { ...base, state: known, tone: known === 'HELD' ? 'FAILED' : 'PENDING' };
}

function at_theirs(each: Delivery): EndState[] {
  const party = each.party ?? '';
  const out = [delivery_state(each)];
  if (each.opened_at) out.push(done('THEIRS', party, 'OPENED', each.opened_at));
  if (each.leaf) out.push(done('THEIRS', party, 'PROVED', ''));
  return out;
}

// In our ledger, and who has seen it there.
function in_ledger(entry: TimelineFacts, party: string): EndState[] {
  if (!entry.leaf) return [];
  const out = [done('OURS', party, 'LOGGED', entry.leaf.published_at ?? '')];
  for (const each of entry.leaf.witnesses ?? [])
    out.push(done('OURS', party, 'WITNESSED', each.at ?? '', each.party ? [each.party] : []));
  return out;
}

// own: the party of this node.
export function states_of(entry: TimelineFacts, own: string): EndState[] {
  const from = entry.from ?? '';
  const by = entry.released_by ? [entry.released_by] : [];
  if (from === own) {
    const out: EndState[] = [];
    if (by.length > 0) out.push(done('OURS', own, 'RELEASED', '', by));
    out.push(done('OURS', own, 'SENT', entry.released_at || entry.at || ''));
    out.push(...in_ledger(entry, own));
    const deliveries = entry.delivery ?? [];
    if (deliveries.length === 0) out.push({ ...done('THEIRS', '', 'NOT_KNOWN', ''), tone: 'PENDING' });
    for (const each of deliveries) out.push(...at_theirs(each));
    return out;
  }
  const out = [done('THEIRS', from, 'MADE', entry.at ?? '')];
  if (by.length > 0) out.push(done('THEIRS', from, 'RELEASED', '', by));
  out.push(done('OURS', own, 'STORED', entry.received_at ?? ''));
  if (entry.opened_at) out.push(done('OURS', own, 'OPENED', entry.opened_at));
  out.push(...in_ledger(entry, own));
  return out;
}

export const made_by = (entry: TimelineFacts, own: string): End => (entry.from === own ? 'OURS' : 'THEIRS');

// The furthest that a record of ours has come at the other end; of theirs, here.
export function standing(entry: TimelineFacts, own: string): EndState | undefined {
  const far: End = made_by(entry, own) === 'OURS' ? 'THEIRS' : 'OURS';
  const there = states_of(entry, own).filter((each) => each.end === far);
  return there.find((each) => each.tone !== 'DONE')
    ?? there.find((each) => each.state === 'OPENED')
    ?? there[0];
}
