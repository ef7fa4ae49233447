// TraceShowResponse of a case of the stub.
import { HOSTILE } from './hostile.mjs';
import { iso } from './clock.mjs';
import { random } from './random.mjs';
import { code_text, kind_text } from './schema.mjs';
import { example } from './cases.mjs';

// act, kind, words, in which states of the responder and of the requester
const ACTS = [
  ['ack', 'trace.ack', 'acknowledge the request', ['RECEIVED'], []],
  ['ask', 'trace.info_request', 'ask for what is missing', ['RECEIVED', 'ACKNOWLEDGED', 'DELAYED'], []],
  ['supply', 'trace.info_supply', 'give what was asked for', [], ['INFO_REQUESTED']],
  ['delay', 'trace.delay', 'say that the answer is late, and why', ['RECEIVED', 'ACKNOWLEDGED', 'DELAYED'], []],
  ['interim', 'trace.interim', 'answer in part; more follows', ['ACKNOWLEDGED', 'DELAYED'], []],
  ['answer', 'trace.response', 'answer it', ['RECEIVED', 'ACKNOWLEDGED', 'DELAYED', 'AWAITING_INFO'], []],
  ['refuse', 'trace.refusal', 'refuse it', ['RECEIVED', 'ACKNOWLEDGED', 'DELAYED', 'AWAITING_INFO'], []],
  ['clarify', 'trace.clarify', 'ask back about the reasons', [], ['DELAYED', 'RESTRICTED', 'REFUSED']],
  ['reply', 'trace.clarify_reply', 'reply to the question about the reasons', ['CLARIFYING'], []],
  ['correct', 'trace.correction', 'replace the answer', ['ANSWERED', 'NO_RECORD'], []],
  ['withdraw', 'trace.withdraw', 'withdraw the request', [], ['SENT', 'ACKNOWLEDGED', 'INFO_REQUESTED', 'DELAYED']],
  ['close', 'trace.close', 'close the case', [], ['ANSWERED', 'RESTRICTED', 'REFUSED', 'NO_RECORD']],
  ['reopen', 'trace.reopen', 'reopen the case: something is new', ['CLOSED'], ['CLOSED']],
];

export function next_acts(one) {
  const column = one.role === 'RESPONDER' ? 3 : 4;
  return ACTS.filter((row) => row[column].includes(one.state)).map(([act, kind, text]) =>
    ({ act, kind, text, command: `focal trace ${act} ${one.case_number}` }));
}

function items_of(request, answer) {
  return request.trace_request.items.map((item) => {
    const result = answer?.results?.find((row) => row.item_no === item.item_no);
    return {
      item_no: item.item_no, serial: item.serial_raw ?? '', version: 1,
      description: [item.make, item.model, item.calibre_raw, code_text('weapon_type', item.type)].filter(Boolean).join(', '),
      result: result?.result ?? '', result_text: result ? code_text('result_per_item', result.result) : '',
      completeness: result?.completeness ?? '', note: '',
    };
  });
}

const SUMMARIES = {
  'trace.request': 'request about the weapons below', 'trace.ack': 'reference XB/T/26/0458, expected by 24 December',
  'trace.info_request': 'asks for item1.serial, item2.serial', 'trace.info_supply': 'item1.serial: DA017342 (certain)',
  'trace.delay': 'ongoing criminal investigation', 'trace.response': 'item 1 EXPORTED, item 2 EXPORTED RESTRICTED',
  'trace.refusal': 'confidentiality legislation', 'trace.clarify': 'asks for the reasons',
};

function leaf(party, n, at_ms, witnessed) {
  return {
    log: `focal/${party}/log/1`, index: 900 + n, size: witnessed ? 960 : 0, published_at: iso(at_ms + 3600_000),
    witnesses: witnessed ? [{ party: 'XB', at: iso(at_ms + 3_700_000) }, { party: 'XC', at: iso(at_ms + 3_800_000) }] : [],
  };
}

function entry(event, i, all, one, with_records) {
  const at_ms = Date.parse(event.at);
  const mine = event.from === 'XA';
  const record = event.hostile ? spoil(structuredClone(event.record)) : event.record;
  const last = i === all.length - 1;
  return {
    at: event.at, from: event.from, kind: event.kind, kind_text: kind_text(event.kind), summary: event.hostile ? HOSTILE.lines : SUMMARIES[event.kind] ?? '',
    effect: 'TAKES_EFFECT', effect_text: 'takes effect', rid: rid_of(one, i), reply_to: i === 0 ? '' : rid_of(one, 0), leaf_index: 900 + i,
    newer_fields: 0, ...(with_records ? { record } : {}), received_at: mine ? '' : iso(at_ms + 4000),
    released_by: event.released_by ?? '', released_at: mine ? iso(at_ms + 1000) : '', opened_at: mine || last ? '' : iso(at_ms + 3600_000),
    delivery: mine ? [delivery(event, one, i, at_ms, last)] : [],
    ...(last ? {} : { leaf: leaf('XA', i, at_ms, true) }), evidence_text: last ? 'In no published checkpoint yet.' : 'Witnessed by XB and XC.', remark: '',
  };
}

function delivery(event, one, i, at_ms, last) {
  if (event.failed)
    return { party: one.party, state: event.failed, text: 'it was not taken in time', outbox_id: `${10 + i}-${one.party}` };
  return {
    party: one.party, state: 'STORED', text: 'stored at the other end', outbox_id: `${10 + i}-${one.party}`, stored_at: iso(at_ms + 2500),
    opened_at: last ? '' : iso(at_ms + 5400_000), ...(last ? {} : { leaf: leaf(one.party, i, at_ms, true) }),
  };
}

export const rid_of = (one, i) => random(Number(one.case_number.slice(2)) * 100 + i).hex(64);

// What a peer that means harm writes into every field it can.
function spoil(record) {
  record.header.subject = HOSTILE.bidi;
  const request = record.trace_request;
  Object.assign(request, { legal_justification: HOSTILE.script, intended_use_text: HOSTILE.long_word, case_ref_requester: HOSTILE.zero_width });
  Object.assign(request.circumstances, { narrative: HOSTILE.lines, found_place: HOSTILE.arabic, concealment: HOSTILE.attribute });
  Object.assign(request.items[0], { make: HOSTILE.cyrillic, model: HOSTILE.chinese, serial_raw: HOSTILE.zero_width });
  Object.assign(request.items[1], { make: HOSTILE.accents, variant: HOSTILE.message_format });
  request.items[0].markings[0].text_raw = HOSTILE.bidi;
  request.items[0].markings[1].text_raw = HOSTILE.long_word;
  return record;
}

const LABEL = 'TLP:AMBER+STRICT · H1, H2 · onward ASK · use EVIDENCE_WITH_CONSENT · keep until 2031-03-31 · from XA';

/** @param told {trace, events, ground, reason} */
export function show(told, { with_records = false } = {}, others = []) {
  const one = told.trace;
  const events = told.events ?? [{
    at: one.opened_at, from: one.role === 'REQUESTER' ? 'XA' : one.party, kind: 'trace.request', record: example('06_trace_request_XA_XB'),
  }];
  const spoiled = events.map((event) => (event.hostile ? { ...event, record: spoil(structuredClone(event.record)) } : event));
  const answer = events.findLast((event) => event.kind === 'trace.response')?.record.trace_response;
  return {
    trace: one, items: items_of(spoiled[0].record, answer), timeline: events.map((event, i) => entry(event, i, events, one, with_records)),
    next_acts: next_acts(one), label: LABEL, ground: told.ground ?? '', ground_text: told.ground ? code_text('ground', told.ground) : '',
    reason: told.reason ?? '', threads: others.filter((each) => each.case_base && each.case_base === one.case_base && each !== one),
    links: one.case_number === 'T-3' ? [{ item_no: 2, match: match(others[0], 2, '5268841', 86), verdict: '', decided_at: '', decision: '' }] : [],
    links_dismissed: one.case_number === 'T-3' ? 1 : 0, erased: '',
  };
}

/** A WeaponMatch in a case. */
export function match(one, item_no, serial, score) {
  return {
    case_number: one.case_number, party: one.party, by_us: one.role === 'REQUESTER', item_no, date: one.opened_at.slice(0, 10), state: one.state,
    state_text: one.state_text, outcome: '', outcome_text: '', serial, score, tier: score > 95 ? 'EXACT' : 'FOLD',
    tier_text: score > 95 ? 'equal' : 'easily confused characters', serial_text: score > 95 ? '' : 'B read as 8',
    reasons: [
      { attribute: 'MAKE', agreement: 'UNKNOWN', asked: '', found: 'State Factory 66 (symbol)', text: 'manufacturer: unknown' },
      { attribute: 'CALIBRE', agreement: 'EQUAL', asked: '7.62x39', found: '7,62x39', text: 'calibre: equal' },
    ],
    make: 'State Factory 66 (symbol)', model: 'Type K', calibre: '7,62x39', type: 'SA_ASSAULT_RIFLE', type_text: 'assault rifle', kind: 'trace.request', rid: rid_of(one, 0),
  };
}
