// What a person has read, small enough for the preferences (16 KiB for everything) with ten thousand
// cases: a point of time up to which all counts as read, the cases read since, and those that are not read
// although they are older. Pure.
export interface Reading {
  /** Up to here, in minutes since 1970. */
  until: number;
  /** Number of a case → when it was last looked at, in minutes after `until`. */
  read: Record<string, number>;
  /** Numbers of cases that are unread although their last news is older than `until`. */
  unread: number[];
}

const MOST_READ = 500;
const MOST_UNREAD = 300;
const KEEP = 250;

const minutes = (ms: number) => Math.floor(ms / 60_000);
const number_of = (case_number: string) => Number(case_number.replace(/^T-/, ''));

/** The beginning: what happened in the last three days is news. */
export function new_reading(now_ms: number): Reading {
  return { until: minutes(now_ms) - 3 * 24 * 60, read: {}, unread: [] };
}

/** What a node kept may be anything. */
export function parse_reading(value: unknown, now_ms: number): Reading {
  const one = value as Partial<Reading> | undefined;
  if (typeof one?.until !== 'number' || typeof one.read !== 'object' || one.read === null || !Array.isArray(one.unread)) return new_reading(now_ms);
  return { until: one.until, read: { ...one.read }, unread: one.unread.filter((n) => typeof n === 'number') };
}

export function is_unread(reading: Reading, case_number: string, last_at: string): boolean {
  const last = minutes(Date.parse(last_at));
  if (Number.isNaN(last)) return false;
  const n = number_of(case_number);
  const seen = reading.read[n];
  if (seen !== undefined) return last > reading.until + seen;
  return last > reading.until || reading.unread.includes(n);
}

/** Somebody looks at the case now. */
export function mark_read(reading: Reading, case_number: string, now_ms: number): Reading {
  const n = number_of(case_number);
  const read = { ...reading.read, [n]: Math.max(minutes(now_ms) - reading.until, 0) };
  return { ...reading, read, unread: reading.unread.filter((one) => one !== n) };
}

export function mark_unread(reading: Reading, case_number: string, last_at: string): Reading {
  const n = number_of(case_number);
  const read = { ...reading.read };
  delete read[n];
  const old = minutes(Date.parse(last_at)) <= reading.until;
  return { ...reading, read, unread: old && !reading.unread.includes(n) ? [...reading.unread, n].slice(-MOST_UNREAD) : reading.unread };
}

export function mark_all_read(now_ms: number): Reading {
  return { until: minutes(now_ms), read: {}, unread: [] };
}

const MOST_TEXT = 3500;

/** As the node is asked for unread cases (InboxRequest.unread): what does not fit is left out, the oldest of
 * what was read first. */
export function reading_text(reading: Reading): string {
  let out = String(reading.until);
  const newest = Object.entries(reading.read).sort((a, b) => b[1] - a[1]).map(([n, after]) => `_${n}.${after}`);
  for (const mark of [...reading.unread.map((n) => `_${n}.n`), ...newest])
    if (out.length + mark.length <= MOST_TEXT) out += mark;
  return out;
}

/** There is more than the preferences have room for. */
export function is_full(reading: Reading): boolean {
  return Object.keys(reading.read).length > MOST_READ;
}

/** Smaller, without a change in what is unread, as far as there is room: `until` moves to where half of what
 * was read lies before it; of the open cases, those not read by then are named. `open`: those that are unread,
 * or more. */
export function compact(reading: Reading, open: { case_number: string; last_at: string }[]): Reading {
  const seen = Object.entries(reading.read);
  if (!is_full(reading)) return reading;
  const sorted = seen.map(([, after]) => after).sort((a, b) => b - a);
  const moved = sorted[KEEP] ?? 0;
  const until = reading.until + moved;
  const read = Object.fromEntries(seen.filter(([, after]) => after > moved).map(([n, after]) => [n, after - moved]));
  const unread = open.filter((one) => is_unread(reading, one.case_number, one.last_at) && minutes(Date.parse(one.last_at)) <= until)
    .map((one) => number_of(one.case_number));
  return { until, read, unread: [...new Set([...reading.unread, ...unread])].slice(-MOST_UNREAD) };
}
