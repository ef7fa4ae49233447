// Operations about cases, sendings, search. Each takes (world, request, who) and returns what the node
// would answer, without the fields that are empty.
import { iso, iso_day } from './clock.mjs';
import { made_case } from './cases.mjs';
import { match, rid_of, show } from './case_show.mjs';
import { code_text, party_name } from './schema.mjs';
import { state_list } from './cases.mjs';
import { Refusal } from './world.mjs';

const limit_of = (asked) => Math.min(asked > 0 ? asked : 100, 1000);

function entry(one) {
  const keep = ['needs_action', 'overdue', 'due_at', 'due_act', 'party', 'case_number', 'subject', 'state', 'state_text', 'role', 'priority', 'last_kind',
    'last_at', 'flags', 'paused_since_at', 'reminder', 'reminders', 'turn'];
  return { ...Object.fromEntries(keep.map((key) => [key, one[key]])), own_target: one.due_act === 'ACKNOWLEDGE' ? one.ack_own : one.answer_own };
}

// What was erased shows itself and no content.
function erased_in(shown, erased) {
  const gone = shown.timeline.filter((one) => erased.has(one.rid));
  for (const one of gone) {
    Object.assign(one, { effect: 'ERASED', effect_text: 'its content was erased', summary: '' });
    delete one.record;
  }
  return gone.length === 0 ? shown : { ...shown, next_acts: [], erased: `${gone.length} records were erased by lee (uid 1005, OFFICER)` };
}

function counts(world) {
  const open = world.open_cases();
  return { cases: open.length, needs_action: open.filter((one) => one.needs_action).length, overdue: open.filter((one) => one.overdue).length };
}

// What a state becomes when an act has left.
const AFTER = {
  ack: ['ACKNOWLEDGED', 'OURS', 'ANSWER'], ask: ['AWAITING_INFO', 'THEIRS', ''], delay: ['DELAYED', 'OURS', 'ANSWER'], interim: ['INTERIM', 'OURS', 'ANSWER'],
  answer: ['ANSWERED', 'THEIRS', ''], refuse: ['REFUSED', 'THEIRS', ''], reply: ['ANSWERED', 'THEIRS', ''], correct: ['ANSWERED', 'THEIRS', ''],
  supply: ['ACKNOWLEDGED', 'THEIRS', 'ANSWER'], clarify: ['CLARIFICATION_SOUGHT', 'THEIRS', ''], withdraw: ['WITHDRAWN', '', ''], close: ['CLOSED', '', ''], reopen: ['ACKNOWLEDGED', 'OURS', ''],
};
const KINDS = { ask: 'trace.info_request', supply: 'trace.info_supply', answer: 'trace.response', refuse: 'trace.refusal', reply: 'trace.clarify_reply', correct: 'trace.correction' };

function send(world, kind, to, case_number) {
  const id = `${world.next.batch++}-${to}`;
  const now = world.now_ms();
  world.outbox.push({ id, to, kinds: [kind], created_at: iso(now), state: 'INFLIGHT', state_text: 'on its way', tries: 1, expires_at: iso(now + 30 * 86400_000), case_number, items: [] });
  setTimeout(() => {
    const one = world.outbox.find((each) => each.id === id);
    if (one) Object.assign(one, { state: 'ACCEPTED', state_text: 'stored at the other end' });
    world.changed('outbox', 'cases');
  }, 4000).unref();
  return id;
}

export function hold(world, who, act, to, case_number, summary, rule = 'national_security') {
  const id = `R-${world.next.release++}`;
  const now = world.now_ms();
  world.releases.push({
    entry: { id, act, state: 'AWAITING', rule, asked_by: `${who.name} (uid ${who.uid}, OFFICER)`, asked_at: iso(now), expires_at: iso(now + 14 * 86400_000), to: [to], to_names: [party_name(to)], case_number, summary: [summary] },
    statement: `focal-release/v1\nrelease ${id}\nact ${act}\n`, seen: `st-${id}`,
  });
  world.changed('releases');
  throw new Refusal(202, 'AWAITS_RELEASE', `stored as ${id}; a second officer has to release it (rule ${rule})`, {
    hint: `A supervisor looks at it with 'focal release show ${id}' and releases it with 'focal release approve ${id}', within 14 days.`, path: id, title: 'Stored; a second officer has to release it.',
  });
}

function act(word) {
  return (world, request, who) => {
    const one = world.find_case(request.case_number);
    if ((word === 'refuse' || word === 'delay') && !request.reason && !request.record)
      throw new Refusal(400, 'INVALID', 'reason is needed', { path: 'reason', hint: 'Say in words why.', title: 'The request is not right.' });
    if (word === 'refuse') hold(world, who, 'trace.refuse', one.party, one.case_number, `A refusal goes to ${one.party_name} (${one.party}) in case ${one.case_number}.`);
    const [state, turn, due_act] = AFTER[word];
    const kind = KINDS[word] ?? `trace.${word}`;
    Object.assign(one, { state, turn, due_act, needs_action: turn === 'OURS', overdue: false, due_at: due_act ? iso(world.now_ms() + 20 * 86400_000) : '', last_kind: kind, last_at: iso(world.now_ms()) });
    one.state_text = code_text(state_list(one), state);
    if (word === 'ack' && request.ref) one.our_ref = request.ref;
    const told = world.told.get(one.case_number);
    told?.events.push({ at: one.last_at, from: 'XA', kind, record: request.record ?? { header: { subject: '' } } });
    const outbox_id = send(world, kind, one.party, one.case_number);
    world.changed('cases', 'outbox');
    return { trace: one, kind, rid: rid_of(one, 50), outbox_id };
  };
}

function preview(world, request) {
  const to = request.to?.[0];
  if (!to) throw new Refusal(400, 'INVALID', 'one party is needed', { path: 'to', title: 'The request is not right.' });
  if (!request.record) throw new Refusal(400, 'INVALID', 'a record is needed', { path: 'record', title: 'The request is not right.' });
  const items = request.record.trace_request?.items ?? [];
  const known = world.cases.get('T-1');
  return {
    trace: { ...made_case(999_999, world.now_ms()), case_number: '', state: '', state_text: '', party: to, party_name: party_name(to), subject: request.record.header?.subject ?? '', items: items.length },
    ack_basis: `2 working days of ${to} (mon-fri, no holidays known, UTC)`, answer_basis: '30 days, to the end of the day (UTC)', preview: true,
    will_reach: `${party_name(to) || to} (${to})`,
    asked_before: items.some((item) => /5268841|DA017342/.test(item.serial_raw ?? '')) && known
      ? [{ item_no: 1, serial: items[0].serial_raw, matches: [match(known, 2, '5268841', 96)], total: 1 }] : [],
    asked_note: '', open_case: '', asked_weapon: 0,
  };
}

// As node/desk/case_query.h reads it.
function is_unread(text, one) {
  const [until, ...marks] = text.split('_');
  const mark = marks.map((each) => each.split('.')).find(([n]) => `T-${n}` === one.case_number)?.[1];
  const last = Math.floor(Date.parse(one.last_at) / 60_000);
  return mark === 'n' || last > Number(until) + Number(mark ?? 0);
}

export const CASE_OPERATIONS = {
  inbox: (world, request) => {
    const words = (request.text ?? '').toLowerCase().split(/\s+/).filter(Boolean);
    const open = world.open_cases().filter((one) => (!request.needs_action || one.needs_action) && (!request.waiting || !one.needs_action) && (!request.overdue || one.overdue)
      && ['party', 'state', 'role', 'priority'].every((field) => !request[field] || one[field] === request[field])
      && words.every((word) => `${one.case_number} ${one.subject} ${one.party} ${one.party_name}`.toLowerCase().includes(word)) && (!request.unread || is_unread(request.unread, one)));
    const begin = request.after ? Number(request.after) : Number(request.skip ?? 0);
    const end = begin + limit_of(request.limit);
    return { entries: open.slice(begin, end).map(entry), counts: counts(world), total: open.length, next: end < open.length ? String(end) : '', behind: 0, parties: [...new Set(world.open_cases().map((one) => one.party))].sort() };
  },
  trace_list: (world, request) => {
    const all = (request.open_only ? world.open_cases() : [...world.open_cases(), ...[...world.cases.values()].filter((one) => ['CLOSED', 'WITHDRAWN'].includes(one.state))])
      .filter((one) => (!request.party || one.party === request.party) && (!request.state || one.state === request.state) && (!request.role || one.role === request.role));
    const begin = Number(request.after || 0);
    const end = begin + limit_of(request.limit);
    return { traces: all.slice(begin, end), total: all.length, next: end < all.length ? String(end) : '' };
  },
  trace_show: (world, request) => {
    const one = world.find_case(request.case_number);
    const told = world.told.get(one.case_number) ?? { trace: one };
    return erased_in(show(told, request, [...world.told.values()].map((each) => each.trace)), world.erased);
  },
  trace_sheet: (world, request) => {
    const one = world.find_case(request.case_number);
    return {
      case_number: one.case_number, lang: request.lang || 'en', right_to_left: request.lang === 'ar', title: 'Case sheet', label: [{ text: 'TLP:AMBER+STRICT' }], notices: ['Fields of personal data were left out.'],
      sections: [{ key: 'case', title: 'Case', fields: [{ label: 'subject', values: [{ text: one.subject, quoted: true }] }] }], fields_left_out: 2,
    };
  },
  trace_open: (world, request) => {
    const out = preview(world, request);
    if (request.preview) return out;
    const n = Math.max(...[...world.cases.keys()].map((key) => Number(key.slice(2)))) + 1;
    const now = world.now_ms();
    const one = { ...out.trace, case_number: `T-${n}`, role: 'REQUESTER', state: 'SENT', state_text: 'sent', turn: 'THEIRS', needs_action: false, flags: [], our_ref: request.record.trace_request?.case_ref_requester ?? '', their_ref: '',
      opened_at: iso(now), last_at: iso(now), last_kind: 'trace.request', due_act: 'ACKNOWLEDGE', due_at: iso(now + 2 * 86400_000), overdue: false };
    world.cases.set(one.case_number, one);
    world.told.set(one.case_number, { trace: one, events: [{ at: one.opened_at, from: 'XA', kind: 'trace.request', record: request.record }] });
    const outbox_id = send(world, 'trace.request', one.party, one.case_number);
    world.changed('cases', 'outbox');
    return { ...out, trace: one, preview: false, rid: rid_of(one, 0), outbox_id };
  },
  trace_follow: (world, request) => {
    const one = world.find_case(request.case_number);
    const to = request.to || 'XC';
    return { to, will_reach: `${party_name(to)} (${to})`, ref: one.our_ref + '/3', record: show(world.told.get('T-1'), { with_records: true }).timeline[0].record,
      carried_over: ['weapon 2 (5268841) as weapon 1, as described since', 'legal part, intended use, circumstances, questions, own searches'], left_out: ['1 weapon of the first request'], can_send: true };
  },
  trace_link: (world, request) => {
    world.changed('cases');
    return { trace: world.find_case(request.case_number), other: world.find_case(request.other), verdict: request.verdict, decision: `jo (uid 1000, OFFICER): ${request.reason}` };
  },
  find: (world, request) => {
    if (!request.serial) throw new Refusal(400, 'INVALID', 'a serial number is needed', { path: 'serial', title: 'The request is not right.' });
    const hit = /5.*68841|DA0/i.test(request.serial);
    return {
      matches: hit ? [match(world.cases.get('T-1'), 2, '5268841', 100), match(world.cases.get('T-2'), 1, '5268841', 66)] : [], total: hit ? 2 : 0, readings: 20412,
      tried: ['equal', 'easily confused characters', 'one character different'], not_found: ['A number whose first half is missing is not found.'],
      caution: 'A match is a lead, never an identification: a person compares all the data.',
    };
  },
  outbox_list: (world, request) => {
    const ended = ['ACCEPTED', 'REJECTED', 'EXPIRED', 'CANCELLED'];
    const all = world.outbox.filter((one) => (request.state ? one.state === request.state : request.all || !ended.includes(one.state)) && (!request.party || one.to === request.party));
    return { entries: all.slice(-limit_of(request.limit)), total: all.length };
  },
  outbox_show: (world, request) => ({ entry: sending(world, request.id) }),
  outbox_retry: (world, request) => {
    const one = sending(world, request.id);
    if (one.state === 'ACCEPTED') throw new Refusal(409, 'STATE', `sending ${one.id} has ended`, { title: 'Not possible now.' });
    Object.assign(one, { state: 'INFLIGHT', state_text: 'on its way', tries: one.tries + 1, reason: '' });
    world.changed('outbox');
    return { entry: one };
  },
  outbox_cancel: (world, request, who) => {
    const one = sending(world, request.id);
    if (!request.reason) throw new Refusal(400, 'INVALID', 'reason is needed', { path: 'reason', title: 'The request is not right.' });
    Object.assign(one, { state: 'CANCELLED', state_text: 'cancelled', reason: `${who.name} (uid ${who.uid}): ${request.reason}` });
    world.changed('outbox', 'cases');
    return { entry: one };
  },
  evidence_export: () => {
    const data = Buffer.from('focal-bundle stub\n');
    return { bundle: 1, size: data.length, sha256: '6c4519ffaf3d6188e1865759ed155ebcd463cedf2b1a988ea0d1ebf1a1b89891', data: data.toString('base64'), next: 0,
      summary: { case_number: 'T-1', records: [{ rid: 'ab'.repeat(32), index: 900, kind: 'trace.request', created_at: iso_day(Date.now()) + 'T08:00:00Z', from: 'XA', content: 'INCLUDED' }],
        parties: [{ party: 'XA', fingerprint: '31'.repeat(32), known: 'OURS' }, { party: 'XB', fingerprint: '6c'.repeat(32), known: 'VERIFIED' }], verdict: 'INCOMPLETE', claims: 57, proved: 51,
        missing: ['record eda4623c52c93bd6 stands in the ledger of XB'], labels: ['TLP:AMBER+STRICT · H1, H2 · onward ASK · keep until 2031-03-31 · from XA'] } };
  },
  evidence_demand: (_world, request) => ({ rid: request.record, proofs: [{ party: 'XB', state: 'PROVED', asked_at: iso(Date.now()), log: 'focal/XB/log/1', index: 412, text: 'XB proved that its ledger holds the record.' }] }),
  ...Object.fromEntries(Object.keys(AFTER).map((word) => [`trace_${word}`, act(word)])),
};

function sending(world, id) {
  const one = world.outbox.find((each) => each.id === id);
  if (!one) throw new Refusal(404, 'NOT_FOUND', `there is no sending ${id}`, { title: 'There is no such thing.' });
  return one;
}
