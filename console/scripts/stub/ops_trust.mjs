// Operations about other parties, keys, the node itself.
import { iso } from './clock.mjs';
import { doctor_words } from './doctor_words.mjs';
import { fixture, Refusal } from './world.mjs';

const plain = (name) => (world) => fixture(name, world.now_ms());
const digits = (text) => (text ?? '').replace(/[^0-9]/g, '');
const invalid = (detail, path) => new Refusal(400, 'INVALID', detail, { path, title: 'The request is not right.' });

function status(world) {
  const open = world.open_cases();
  return {
    ...fixture('status', world.now_ms()), card: fixture('card', world.now_ms()), peers: world.peers.map((one) => one.peer),
    inbox: { cases: open.length, needs_action: open.filter((one) => one.needs_action).length, overdue: open.filter((one) => one.overdue).length },
  };
}

function details(world, request) {
  const one = world.find_peer(request.party);
  return {
    peer: one.peer, safety_number: one.safety_number, card_text: `focal-card/v1\nparty ${request.party}\n…\n`, schedule_text: 'focal-schedule/v1\n…\n', trust: one.trust, our_party: 'XA',
    fingerprint_code: 'FOCAL:1:XA:q0eZ9bQmHq0v0S2o5p2mWq8sQm2dT7vR4kM1xJ8yB3E',
    acts: request.proof ? [{ leaf_index: '400', at: iso(world.now_ms() - 86400_000 * 90), leaf: 'PEER_VERIFIED', text: 'jo (uid 1000, OFFICER): compared by telephone' }] : [],
    proofs: request.proof ? [{ what: 'CARD', title: 'the pinned card, serial 2', note: 'focal-card/v1\nparty XB\n…\n\n— XB …\n', at: iso(world.now_ms() - 86400_000 * 200) }] : [],
  };
}

function verify(world, request, who) {
  const one = world.find_peer(request.party);
  if (digits(request.number) !== digits(one.safety_number))
    throw new Refusal(403, 'TRUST', 'this is not the safety number', { path: 'number', hint: 'Compare it again, five digits at a time. If it stays different, do not go on: call somebody you know there.', title: 'Not allowed.' });
  Object.assign(one.peer, { level: 'VERIFIED', verified_at: iso(world.now_ms()), verified_how: request.how });
  Object.assign(one.trust, { level: 'VERIFIED', words: `Verified just now by ${who.name}.`, passes: 'Everything passes, in both directions.', next: '', command: '', root_changed_at: '' });
  world.changed('peers');
  return { peer: one.peer };
}

function trust_change(change) {
  return (world, request, who) => {
    const one = world.find_peer(request.party);
    change(one, request, who, world);
    world.changed('peers');
    return { trust: one.trust };
  };
}

function needs_reason(request) {
  if (!request.reason) throw invalid('reason is needed', 'reason');
}

function start(world) {
  return { ...fixture('start', world.now_ms()), ...(world.overridden ? { words: "Running; checkpoints go on without the witnesses' reports, as the custodian decided.", next: '' } : {}) };
}

export const TRUST_OPERATIONS = {
  status,
  card_show: (world) => ({ card: fixture('card', world.now_ms()), card_text: 'focal-card/v1\nparty XA\nserial 3\n…\n\n— XA …\n', schedule_text: 'focal-schedule/v1\n…\n' }),
  card_export: () => ({ party: 'XA', card_id: '7d1f0c3a', bundle: 'focal-card/v1\nparty XA\nserial 3\n…\n\n— XA …\nfocal-schedule/v1\n…\n' }),
  card_code: () => ({ party: 'XA', code: 'FOCAL:1:XA:q0eZ9bQmHq0v0S2o5p2mWq8sQm2dT7vR4kM1xJ8yB3E' }),
  card_custody: (world) => ({ card: fixture('card', world.now_ms()), ...fixture('custody', world.now_ms()), ...(world.pending ? { pending: world.pending } : {}) }),
  card_prepare: (world, request) => {
    if (world.pending) throw new Refusal(409, 'STATE', 'a card waits for the root already', { hint: "Cancel it first: 'focal card cancel'.", title: 'Not possible now.' });
    world.pending = { ...fixture('custody_pending', world.now_ms()), act: request.act || 'RENEW' };
    world.changed('status');
    return { pending: world.pending };
  },
  card_cancel: (world) => {
    world.pending = undefined;
    world.changed('status');
    return { serial: 4 };
  },
  card_apply: (world, request) => {
    if (!/focal/.test(request.card ?? '')) throw new Refusal(422, 'NOTE', 'this is not a signed card', { path: 'card', title: 'The content breaks a rule.' });
    world.pending = undefined;
    world.changed('status');
    return { card: { ...fixture('card', world.now_ms()), serial: 4 }, act: 'RENEW', next_steps: ['Send the new introduction file to your peers: focal card export.'] };
  },
  card_revoke: () => ({ serial: 2, scope: 'all' }),
  keys_show: plain('keys'),
  keys_replace: (world, request) => {
    needs_reason(request);
    world.changed('status');
    return { seal_serial: '42', destroyed: 5 };
  },
  clock_show: plain('clock'),
  clock_confirm: (world, request) => {
    needs_reason(request);
    return { clock: fixture('clock', world.now_ms()) };
  },
  start_show: start,
  start_override: (world, request) => {
    needs_reason(request);
    world.overridden = true;
    world.changed('status');
    return { start: start(world) };
  },
  backup_show: plain('backup'),
  backup_make: () => ({ backup: '/var/backups/focal/XA-now', leaves: '48211', bytes: '73400320', keystore: '', warnings: [] }),
  witness_show: plain('witness'),
  witness_set: (world) => ({ witness: fixture('witness', world.now_ms()) }),
  peer_list: (world) => ({ peers: world.peers.map((one) => one.peer), trust: world.peers.map((one) => one.trust) }),
  peer_show: details,
  peer_add: (world, request) => {
    if (!/focal-card/.test(request.bundle ?? '')) throw new Refusal(422, 'NOTE', 'this is not an introduction file', { path: 'bundle', hint: "It is the text that 'focal card export' wrote at the other side.", title: 'The content breaks a rule.' });
    return { peer: world.peers[4].peer, safety_number: world.peers[4].safety_number, already_known: true };
  },
  peer_verify: verify,
  peer_ping: (world, request) => ({ party: request.party, rid: 'cd'.repeat(32), outbox_id: `25-${request.party}`, sent_at: iso(world.now_ms()), state: 'INFLIGHT', state_text: 'on its way' }),
  peer_suspend: trust_change((one, request, who, world) => {
    needs_reason(request);
    one.peer.level = one.trust.level = 'SUSPENDED';
    Object.assign(one.trust, { suspended_why: 'OFFICER', suspended_at: iso(world.now_ms()), suspended_by: who.name, suspended_reason: request.reason, words: `Suspended by ${who.name}: ${request.reason}.`, passes: 'Nothing is sent; its records wait.' });
  }),
  peer_resume: trust_change((one, request) => {
    needs_reason(request);
    one.peer.level = one.trust.level = one.peer.verified_at ? 'VERIFIED' : 'INTRODUCED';
    Object.assign(one.trust, { suspended_why: '', suspended_at: '', words: 'Taken up again.', passes: 'Everything passes, in both directions.' });
  }),
  peer_confirm: trust_change((one, request) => {
    if (digits(request.number) !== digits(one.trust.held_cards?.[0]?.safety_number)) throw new Refusal(403, 'TRUST', 'this is not the safety number of the new root key', { path: 'number', title: 'Not allowed.' });
    one.trust.held_cards = [];
    one.peer.level = one.trust.level = 'VERIFIED';
  }),
  peer_reject: trust_change((one, request) => {
    needs_reason(request);
    one.trust.held_cards = [];
  }),
  peer_seen: trust_change((one) => {
    one.trust.new_cards = [];
  }),
  notes_add: () => ({ notes: [{ what: 'CARD', party: 'XG', serial: '1', result: 'TAKEN', text: 'The card of XG is stored.', hint: "Compare the safety number: 'focal peer verify XG'." }, { what: 'UNKNOWN', party: '', result: 'REFUSED', text: 'not a note this program knows', hint: '' }] }),
  directory_import: () => ({ notes: [{ what: 'DIRECTORY', party: 'UNODA', serial: '18', result: 'TAKEN', text: 'The directory of UNODA was taken.' }] }),
  directory_list: (world) => fixture('directories', world.now_ms()).list,
  directory_show: (world, request) => {
    const all = fixture('directories', world.now_ms());
    const directory = all.list.directories.find((one) => one.introducer === request.introducer);
    if (!directory) throw new Refusal(404, 'NOT_FOUND', `no directory of ${request.introducer} is here`, { title: 'There is no such thing.' });
    return { directory, entries: all.compare.parties.flatMap((one) => one.listed.filter((each) => each.party)), note: 'focal-directory/v1\n…\n' };
  },
  directory_compare: (world) => fixture('directories', world.now_ms()).compare,
  pair_show: (world, request) => {
    world.find_peer(request.party);
    return { pair: { ...fixture('pair', world.now_ms()), party: request.party, ...(request.party === 'XC' ? {} : { state: 'NONE', state_text: 'There is no pair secret.', made_at: '', confirmed_at: '' }) } };
  },
  pair_begin: (world, request) => ({ party: request.party, our_party: 'XA', code: `FOCAL:1:XA:${'k3'.repeat(40)}`, until: iso(world.now_ms() + 1800_000) }),
  pair_finish: (world, request) => ({ pair: { ...fixture('pair', world.now_ms()), party: request.party, state: 'UNCONFIRMED' }, level: 'VERIFIED', outbox_id: `26-${request.party}` }),
  pair_stop: () => ({ stopped: true }),
  pair_drop: (world, request) => ({ pair: { ...fixture('pair', world.now_ms()), party: request.party, state: 'NONE' } }),
  doctor: (world, request) => {
    const all = fixture('doctor', world.now_ms());
    if (request.party) world.find_peer(request.party);
    const lang = request.lang || 'en';
    const steps = (request.party ? all[request.party] ?? all.XB : all.node).map((one) => ({
      ...one, text: doctor_words(lang, ...one.text), cure: doctor_words(lang, ...one.cure),
    }));
    return { party: request.party ?? '', ok: steps.every((one) => one.state !== 'FAILED'), steps, id: request.ask_peer ? 'K7M2Q4PX' : '', lang };
  },
};
