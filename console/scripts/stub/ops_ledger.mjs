// Operations about the ledger of the stub: leaves are made from their index.
import { iso } from './clock.mjs';
import { random } from './random.mjs';
import { HOSTILE } from './hostile.mjs';
import { Refusal } from './world.mjs';

const SIZE = 48_211;
const TYPES = ['SENT', 'RECEIVED', 'RECEIPT_IN', 'RECEIPT_OUT', 'WITNESSED', 'ADMIN', 'REJECTED', 'PEER_CARD'];
const KINDS = ['trace.request', 'trace.ack', 'trace.response', 'trace.info_request', 'trace.delay'];
const ADMIN = ['peer.verify', 'people.add', 'witness.set', 'outbox.cancel', 'release.approve'];

export function leaf(index, now_ms) {
  const rng = random(index * 31 + 7);
  const type = TYPES[Math.min(rng.below(14), TYPES.length - 1)];
  const record = type === 'SENT' || type === 'RECEIVED' || type === 'REJECTED';
  const admin = type === 'ADMIN' || type === 'PEER_CARD';
  return {
    index: String(index), type, at: iso(now_ms - (SIZE - index) * 161_000), ref: rng.hex(64), party: type === 'WITNESSED' || type === 'ADMIN' ? '' : rng.pick(['XB', 'XC', 'XD', 'XE']),
    kind: record ? rng.pick(KINDS) : '', hash: rng.hex(64), remark: type === 'RECEIVED' && rng.chance(0.05) ? 'DISPUTED: signed under a key that was revoked since' : '',
    who: admin || type === 'SENT' ? 'jo (uid 1000, OFFICER)' : '', act: admin ? rng.pick(ADMIN) : '', reason: admin && rng.chance(0.4) ? rng.pick(['They called.', HOSTILE.bidi, 'New officer']) : '',
    released_by: type === 'SENT' && rng.chance(0.1) ? 'sam (uid 1001, SUPERVISOR)' : '', certificate: '',
  };
}

const page = (request) => {
  const before = Number(request.before) || SIZE;
  return { before, limit: Math.min(request.limit > 0 ? request.limit : 100, 1000) };
};

function find(world, request) {
  const { before, limit } = page(request);
  const leaves = [];
  let looked_at = 0, index = before;
  while (index > 0 && leaves.length < limit && looked_at < 5000) {
    index -= 1;
    looked_at += 1;
    const one = leaf(index, world.now_ms());
    if (fits(one, request)) leaves.push(one);
  }
  return { leaves, size: String(SIZE), next: String(index > 0 ? index : 0), looked_at: String(looked_at) };
}

function fits(one, request) {
  return (!request.party || one.party === request.party) && (!request.kind || one.kind === request.kind) && (!request.type || one.type === request.type) &&
    (!request.officer || one.who.startsWith(request.officer + ' ')) && (!request.from || one.at.slice(0, 10) >= request.from) && (!request.to || one.at.slice(0, 10) <= request.to) &&
    (!request.case_number || Number(one.index) % 997 === 5);
}

function show(world, request) {
  const index = /^\d+$/.test(request.leaf) ? Number(request.leaf) : 40_000;
  if (index >= SIZE) throw new Refusal(404, 'NOT_FOUND', `there is no leaf ${index}`, { path: 'leaf', title: 'There is no such thing.' });
  const one = leaf(index, world.now_ms());
  const covered = index < SIZE - 51;
  const record = one.kind !== '' && { rid: one.ref, created_at: one.at, sent: one.type === 'SENT', case_number: 'T-4', position: 0, content: index % 10 === 0 ? 'ERASED' : 'STORED', erased_by: index % 10 === 0 ? '48000' : '0' };
  return {
    size: String(SIZE), entries: [{
      leaf: one, bytes: random(index).hex(148), ...(record ? { record } : {}), receipts: record ? [{ by: 'XB', at: one.at, status: 'ACCEPTED', index: String(index + 2) }] : [],
      ...(covered ? { coverage: { size: String(Math.min(SIZE - 51, index + 200)), root: 'q0eZ9bQmHq0v0S2o5p2mWq8sQm2dT7vR4kM1xJ8yB3E=', published_at: iso(Date.parse(one.at) + 60_000), witnesses: [{ party: 'XB', at: iso(Date.parse(one.at) + 90_000) }, { party: 'XC', at: iso(Date.parse(one.at) + 400_000) }], proof: Array.from({ length: 6 }, (_, i) => Buffer.from(random(index + i).hex(64), 'hex').toString('base64')) } } : {}),
    }],
  };
}

let job = { job: 0, started: 0, log_only: false };
function ledger_job(request) {
  if (request.start && (!job.job || Date.now() - job.started > 8000)) job = { job: job.job + 1, started: Date.now(), log_only: request.log_only === true };
  const passed = job.job ? Math.min(1, (Date.now() - job.started) / 6000) : 0;
  const running = job.job > 0 && passed < 1;
  return {
    job: String(job.job), running, leaves_done: String(Math.floor(SIZE * passed)), leaves: String(SIZE), leaves_per_s: '8035',
    ...(job.job && !running ? { report: { ok: true, size: String(SIZE), root: 'q0eZ9bQmHq0v0S2o5p2mWq8sQm2dT7vR4kM1xJ8yB3E=', checkpoint_size: String(SIZE - 51), checkpoint_text: 'focal/XA/log/1\n48160\n…', witness: 'WITNESSED', witness_text: '48160 of 48211 leaves witnessed by XB, XC (2 of 3)', log_only: job.log_only, problem_count: '0',
      checks: ['file', 'leaves', 'tiles', 'checkpoints', 'records', 'receipts'].map((name) => ({ name, ok: true, detail: `${name}: every one fits` })) } } : {}),
  };
}

export const LEDGER_OPERATIONS = {
  ledger_log: (world, request) => {
    const { before, limit } = page(request);
    const count = Math.min(limit, before);
    return { leaves: Array.from({ length: count }, (_, i) => leaf(before - 1 - i, world.now_ms())), size: String(SIZE), next: String(before - count) };
  },
  ledger_tail: (world, request) => {
    const { before, limit } = page(request);
    return { leaves: Array.from({ length: limit }, (_, i) => leaf(before - limit + i, world.now_ms())), size: String(SIZE) };
  },
  ledger_find: find,
  ledger_show: show,
  ledger_job: (_world, request) => ledger_job(request),
  ledger_checkpoint: (world) => ({ note: 'focal/XA/log/1\n48160\nq0eZ9bQmHq0v0S2o5p2mWq8sQm2dT7vR4kM1xJ8yB3E=\n\n— focal/XA/log/1 …\n— XB …\n— XC …\n', origin: 'focal/XA/log/1', size: String(SIZE - 51), root: 'q0eZ9bQmHq0v0S2o5p2mWq8sQm2dT7vR4kM1xJ8yB3E=', published_at: iso(world.now_ms() - 240_000), witnesses: [{ party: 'XB', at: iso(world.now_ms() - 200_000) }, { party: 'XC', at: iso(world.now_ms() - 180_000) }] }),
};
