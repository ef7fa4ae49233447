// Operations that destroy content: by its time, and by a person.
import { rid_of } from './case_show.mjs';
import { iso } from './clock.mjs';
import { hold } from './ops_cases.mjs';
import { fixture, Refusal } from './world.mjs';

const RUN_MS = 4000; // a run takes the stub

function retention_show(world) {
  const shown = fixture('retention', world.now_ms());
  if (!world.ran_at) return shown;
  const running = world.now_ms() - world.ran_at < RUN_MS;
  return { ...shown, due: 0, running, step: running ? 'rows under new keys' : '', last_run: iso(world.ran_at), destroyed: '3', keys_due: running ? 1 : 0 };
}

function retention_run(world, request) {
  const now = world.now_ms();
  const due = world.ran_at ? 0 : 3;
  const records = ['trace.response', 'trace.request', 'peer.ping', 'trace.delay'].map((kind, i) => ({
    rid: `${i}a`.repeat(32), kind, party: 'XB', sent: i % 2 === 0, created_at: iso(now - 3.2e11), keep_until: iso(now - 86400_000 * (i + 1)), held: i === 3,
  })).slice(3 - due);
  if (!request.dry_run) {
    world.ran_at = now;
    world.changed('ledger');
  }
  return { records, due, held: 1, started: request.dry_run !== true };
}

// Of one record: a second officer has to release it. A whole case goes at once, so that both can be seen.
function record_erase(world, request, who) {
  for (const field of ['authority', 'reason'])
    if (!request[field]) throw new Refusal(400, 'INVALID', `an erasure needs ${field}`, { path: field, title: 'The request is not right.' });
  if (request.rid) hold(world, who, 'record.erase', 'XA', '', `Erases the content of 1 record on the authority of ${request.authority}: ${request.reason}`, 'record.erase');
  const one = world.find_case(request.case_number);
  const events = world.told.get(one.case_number)?.events ?? [{}];
  const rids = events.map((_, i) => rid_of(one, i)).filter((rid) => !world.erased.has(rid));
  if (rids.length === 0) throw new Refusal(410, 'ERASED', 'there is nothing left to erase', { title: 'It was erased.' });
  for (const rid of rids) world.erased.add(rid);
  world.changed('cases', 'ledger');
  return { records: rids.length, rids, cancelled: 1, state: 'DONE', words: 'Gone from the ledger, its index and its write-ahead log.' };
}

export const RETENTION_OPERATIONS = { retention_show, retention_run, record_erase };
