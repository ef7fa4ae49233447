import type { OutboxEntry } from '../../api';

const DAY_MS = 86_400_000;

/** Did not arrive, or does not move: somebody should look. */
export function failed(one: OutboxEntry): boolean {
  if (['REJECTED', 'EXPIRED', 'HELD'].includes(one.state)) return true;
  return ['READY', 'INFLIGHT', 'WAIT_SCHEDULE', 'WAIT_PSK'].includes(one.state) && Date.now() - Date.parse(one.created_at) > DAY_MS;
}

/** Has not ended. */
export function is_open(one: OutboxEntry): boolean {
  return !['ACCEPTED', 'REJECTED', 'EXPIRED', 'CANCELLED'].includes(one.state);
}
