// The cases of the stub: a handful told out of the example records (tests/vectors/examples), and any
// number more that chance makes from their number.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../api_source.mjs';
import { iso, iso_day } from './clock.mjs';
import { HOSTILE, sometimes_hostile } from './hostile.mjs';
import { random } from './random.mjs';
import { code_text, party_name } from './schema.mjs';

const HOUR = 3600_000, DAY = 24 * HOUR;
export const PARTIES = ['XB', 'XC', 'XD', 'XE', 'XF'];

export const example = (file) =>
  JSON.parse(readFileSync(join(ROOT, 'tests/vectors/examples', file + '.json'), 'utf8'));

const SUBJECTS = [
  'Two weapons seized at Kestrel Gap: request to trace', 'Pistol found in a parcel: request to trace',
  'Rifle from a depot, number partly ground off', 'Eleven pistols of one consignment',
  'Revolver used in a robbery', 'Light machine gun found in a cache', 'Converted gas pistols, series seizure',
  'Shotgun with a changed barrel', 'Weapons of a deserter, question of origin', 'Assault rifles, old State stock',
];

// state, turn (OURS, THEIRS, ''), what is due, last kind, how often
const RESPONDER = [
  ['RECEIVED', 'OURS', 'ACKNOWLEDGE', 'trace.request', 18], ['ACKNOWLEDGED', 'OURS', 'ANSWER', 'trace.ack', 30],
  ['ACKNOWLEDGED', 'OURS', 'ANSWER', 'trace.info_supply', 8], ['AWAITING_INFO', 'THEIRS', '', 'trace.info_request', 12],
  ['DELAYED', 'OURS', 'ANSWER', 'trace.delay', 8], ['CLARIFYING', 'OURS', '', 'trace.clarify', 4],
  ['ANSWERED', 'THEIRS', '', 'trace.response', 14], ['NO_RECORD', 'THEIRS', '', 'trace.response', 6],
];
const REQUESTER = [
  ['SENT', 'THEIRS', 'ACKNOWLEDGE', 'trace.request', 22], ['ACKNOWLEDGED', 'THEIRS', 'ANSWER', 'trace.ack', 28],
  ['INFO_REQUESTED', 'OURS', '', 'trace.info_request', 12], ['DELAYED', 'THEIRS', 'ANSWER', 'trace.delay', 10],
  ['ANSWERED', 'OURS', '', 'trace.response', 14], ['RESTRICTED', 'OURS', '', 'trace.response', 6],
  ['REFUSED', 'OURS', '', 'trace.refusal', 4], ['NO_RECORD', 'OURS', '', 'trace.response', 4],
];

function weighted(rng, table) {
  let left = rng.below(table.reduce((sum, row) => sum + row[4], 0));
  return table.find((row) => (left -= row[4]) < 0);
}

export const state_list = (one) => (one.role === 'REQUESTER' ? 'trace_requester_state' : 'trace_responder_state');

/** The TraceCase with that number, as chance makes it. */
export function made_case(n, now_ms) {
  const rng = random(n * 7919 + 13);
  const role = rng.chance(0.55) ? 'RESPONDER' : 'REQUESTER';
  const [state, turn, due_act, last_kind] = weighted(rng, role === 'RESPONDER' ? RESPONDER : REQUESTER);
  const party = rng.pick(PARTIES);
  const opened = now_ms - (2 + rng.below(90)) * DAY - rng.below(24) * HOUR;
  // Most targets lie ahead; one in eleven has passed.
  const due = due_act === '' ? 0 : rng.chance(0.09) ? now_ms - rng.below(12 * 24) * HOUR - HOUR : now_ms + (1 + rng.below(35 * 24)) * HOUR;
  const priority = rng.chance(0.04) ? 'FLASH' : rng.chance(0.12) ? 'URGENT' : 'ROUTINE';
  const items = 1 + rng.below(rng.chance(0.1) ? 60 : 3);
  const paused = state === 'AWAITING_INFO' || state === 'INFO_REQUESTED';
  const answered = ['ANSWERED', 'RESTRICTED', 'NO_RECORD'].includes(state);
  const one = {
    case_number: `T-${n}`, party, role, state, flags: paused ? ['CLOCK_PAUSED'] : [],
    subject: sometimes_hostile(n, SUBJECTS[n % SUBJECTS.length] + (n % 3 === 0 ? `, ${2020 + (n % 7)}/${n}` : '')),
    priority, our_ref: role === 'REQUESTER' ? `XA-NPC-2026-${String(n).padStart(5, '0')}` : state === 'RECEIVED' ? '' : `XA/T/26/${n}`,
    their_ref: role === 'RESPONDER' ? `${party}-${String(rng.below(9999)).padStart(4, '0')}/26` : state === 'SENT' ? '' : `${party}/T/26/${rng.below(9999)}`,
    opened_at: iso(opened), due_at: due ? iso(due) : '', due_act, overdue: due !== 0 && due < now_ms,
    ack_due_at: due_act === 'ACKNOWLEDGE' ? iso(due) : '', answer_due_at: due_act === 'ANSWER' ? iso(due) : iso(opened + 30 * DAY),
    expected_by: state === 'DELAYED' ? iso_day(now_ms + 20 * DAY) : '', needs_action: turn === 'OURS', turn,
    items, items_answered: answered ? items : 0, last_kind, last_at: iso(now_ms - rng.below(9 * 24) * HOUR - 60_000 * rng.below(60)),
    ack_own: role === 'RESPONDER' && rng.chance(0.5), answer_own: role === 'RESPONDER' && rng.chance(0.5),
    paused_since_at: paused ? iso(now_ms - 3 * DAY) : '', reminder: due && due < now_ms ? 'OVERDUE' : '', reminders: due && due < now_ms ? 2 : 0,
    party_name: party_name(party), case_base: '',
  };
  one.state_text = code_text(state_list(one), state);
  return one;
}

/** The ones that are told out: what each shows, and the records that made it. */
export function told_cases(now_ms) {
  const at = (days) => iso(now_ms + days * DAY);
  const base = (fields) => {
    const one = {
      flags: [], priority: 'ROUTINE', case_base: '', expected_by: '', paused_since_at: '', reminder: '', reminders: 0,
      ack_own: false, answer_own: false, ack_due_at: '', answer_due_at: '', due_at: '', due_act: '', overdue: false,
      items_answered: 0, party_name: party_name(fields.party), ...fields,
    };
    one.state_text = code_text(state_list(one), one.state);
    return one;
  };
  const e = (days, from, kind, file, more = {}) => ({ at: at(days), from, kind, record: example(file), ...more });
  return [
    {
      trace: base({
        case_number: 'T-1', party: 'XB', role: 'REQUESTER', state: 'RESTRICTED', needs_action: true, turn: 'OURS', items: 2, items_answered: 2,
        subject: 'Two weapons seized at Kestrel Gap: request to trace', our_ref: 'XA-NPC-2026-0117', their_ref: 'XB/T/26/0458',
        opened_at: at(-31), last_kind: 'trace.response', last_at: at(-0.4), answer_due_at: at(-1), case_base: 'XA-NPC-2026-0117',
      }),
      events: [
        e(-31, 'XA', 'trace.request', '01_trace_request_XA_XB'), e(-30, 'XB', 'trace.ack', '02_trace_ack_XB_XA'),
        e(-27, 'XB', 'trace.info_request', '03_trace_info_request_XB_XA'), e(-22, 'XA', 'trace.info_supply', '04_trace_info_supply_XA_XB'),
        e(-0.4, 'XB', 'trace.response', '05_trace_response_XB_XA', { released_by: 'SUPERVISOR at XB' }),
      ],
      ground: 'NATIONAL_SECURITY', reason: 'Details of State-to-State transfers to the armed forces of the recipient are classified by law; the recipient State may release them.',
    },
    {
      trace: base({
        case_number: 'T-2', party: 'XC', role: 'REQUESTER', state: 'DELAYED', needs_action: false, turn: 'THEIRS', items: 1,
        subject: 'Rifle from Kestrel Gap, exported to your armed forces: request to trace', our_ref: 'XA-NPC-2026-0117/2', their_ref: 'XC-26-031',
        opened_at: at(-12), last_kind: 'trace.delay', last_at: at(-2), due_act: 'ANSWER', due_at: at(18), answer_due_at: at(18), expected_by: iso_day(now_ms + 18 * DAY), case_base: 'XA-NPC-2026-0117',
      }),
      events: [e(-12, 'XA', 'trace.request', '08_trace_request_XA_XC'), e(-2, 'XC', 'trace.delay', '09_trace_delay_XC_XA')],
      ground: 'ONGOING_INVESTIGATION', reason: 'A loss at a depot is under investigation.',
    },
    {
      trace: base({
        case_number: 'T-3', party: 'XB', role: 'RESPONDER', state: 'RECEIVED', needs_action: true, turn: 'OURS', items: 2, priority: 'URGENT',
        subject: HOSTILE.bidi, our_ref: '', their_ref: 'XB-NPC-2026-0099', opened_at: at(-1.2), last_kind: 'trace.request', last_at: at(-1.2),
        due_act: 'ACKNOWLEDGE', due_at: at(0.3), ack_due_at: at(0.3), answer_due_at: at(27), ack_own: true,
      }),
      events: [e(-1.2, 'XB', 'trace.request', '01_trace_request_XA_XB', { hostile: true })],
    },
    {
      trace: base({
        case_number: 'T-4', party: 'XD', role: 'RESPONDER', state: 'ACKNOWLEDGED', needs_action: true, turn: 'OURS', items: 1,
        subject: HOSTILE.arabic, our_ref: 'XA/T/26/0004', their_ref: 'XD-2026-77', opened_at: at(-33), last_kind: 'trace.ack', last_at: at(-31),
        due_act: 'ANSWER', due_at: at(-2.5), answer_due_at: at(-2.5), overdue: true, reminder: 'ESCALATE', reminders: 3, answer_own: true,
      }),
      events: [e(-33, 'XD', 'trace.request', '06_trace_request_XA_XB'), e(-31, 'XA', 'trace.ack', '02_trace_ack_XB_XA')],
    },
    {
      trace: base({
        case_number: 'T-5', party: 'XC', role: 'REQUESTER', state: 'REFUSED', needs_action: true, turn: 'OURS', items: 1,
        subject: 'One pistol found in a parcel: request to trace', our_ref: 'XA-NPC-2026-0121', their_ref: 'XC-26-040', opened_at: at(-20), last_kind: 'trace.refusal', last_at: at(-1),
      }),
      events: [e(-20, 'XA', 'trace.request', '06_trace_request_XA_XB'), e(-1, 'XC', 'trace.refusal', '07_trace_refusal_XB_XA')],
      ground: 'CONFIDENTIALITY_LAW', reason: 'The court has sealed the file; the register entry cannot be released.',
    },
    {
      trace: base({
        case_number: 'T-6', party: 'XE', role: 'REQUESTER', state: 'SENT', needs_action: false, turn: 'THEIRS', items: 2, flags: ['EXPIRED'],
        subject: 'Two weapons, question to the State of import', our_ref: 'XA-NPC-2026-0140', their_ref: '', opened_at: at(-40), last_kind: 'trace.request', last_at: at(-40),
      }),
      events: [e(-40, 'XA', 'trace.request', '01_trace_request_XA_XB', { failed: 'EXPIRED' })],
    },
    {
      trace: base({
        case_number: 'T-7', party: 'XB', role: 'RESPONDER', state: 'AWAITING_INFO', needs_action: false, turn: 'THEIRS', items: 2, flags: ['CLOCK_PAUSED'],
        subject: HOSTILE.script, our_ref: 'XA/T/26/0007', their_ref: HOSTILE.zero_width, opened_at: at(-15), last_kind: 'trace.info_request', last_at: at(-9), paused_since_at: at(-9),
      }),
      events: [e(-15, 'XB', 'trace.request', '01_trace_request_XA_XB'), e(-14, 'XA', 'trace.ack', '02_trace_ack_XB_XA'), e(-9, 'XA', 'trace.info_request', '03_trace_info_request_XB_XA')],
    },
    {
      trace: base({
        case_number: 'T-8', party: 'XC', role: 'RESPONDER', state: 'ACKNOWLEDGED', needs_action: true, turn: 'OURS', items: 2, flags: ['DISPUTED', 'REOPENED'],
        subject: HOSTILE.long_word, our_ref: 'XA/T/26/0008', their_ref: 'XC-2026-5', opened_at: at(-9), last_kind: 'trace.info_supply', last_at: at(-0.1),
        due_act: 'ANSWER', due_at: at(1.5), answer_due_at: at(1.5),
      }),
      events: [e(-9, 'XC', 'trace.request', '01_trace_request_XA_XB'), e(-8.5, 'XA', 'trace.ack', '02_trace_ack_XB_XA'), e(-8, 'XA', 'trace.info_request', '03_trace_info_request_XB_XA'), e(-0.1, 'XC', 'trace.info_supply', '04_trace_info_supply_XA_XB')],
    },
  ];
}
