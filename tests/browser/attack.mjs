// Cases in which a partner, XH, fills every text that it can send with hostile ones: an act of each kind.
import { hostile_record } from './hostile.mjs';
import { until } from './node.mjs';
import { done, open_case, request_record } from './seed.mjs';

// What an answer says of each weapon decides which fields may stand.
const RESULTS = {
  'trace.interim': ['REPORTED_STOLEN', 'IMPORTED_THEN_REEXPORTED'],
  'trace.response': ['EXPORTED', 'MULTIPLE_MATCHES'],
  'trace.correction': ['STATE_HOLDING', 'NO_RECORD'],
  'trace.clarify_reply': ['INSUFFICIENT_IDENTIFICATION', 'REFERRED'],
};
function start_of(kind) {
  const results = RESULTS[kind]?.map((result, i) => ({
    item_no: i + 1, result, completeness: kind === 'trace.interim' ? 'INTERIM' : 'RESTRICTED', ground: 'NATIONAL_SECURITY',
  }));
  return results && { [kind.replace('.', '_')]: { results } };
}

// Answers { cases: numbers at XA, filled: text fields that were hostile }.
export async function attack(xa, xh, root) {
  const [ours, theirs] = await Promise.all([xa.caller('jo'), xh.caller()]);
  const schema = await done(theirs('GET', '/v1/schema?lang=en'), 'schema_show'), codes = await done(theirs('GET', '/v1/codes?lang=en'), 'codes_show');
  const filled = new Set();
  const cases = [];
  const bad = async (kind, base, refs) => {
    const made = await hostile_record(theirs, schema, codes, kind, base, refs);
    for (const name of made.filled) filled.add(name);
    return made.record;
  };
  const refs = async (number) => {
    const { trace } = await done(theirs('GET', `/v1/traces/${number}`), 'trace_show');
    const asked = trace.role === 'REQUESTER';
    return { case_ref_requester: asked ? trace.our_ref : trace.their_ref, case_ref_requested: asked ? trace.their_ref : trace.our_ref };
  };
  // An act at one end, and until the other end has it.
  const act = async (by, other, number, name, kind, body) => {
    const record = kind ? { record: await bad(kind, start_of(kind), await refs(number.mine)) } : body;
    const { rid } = await done(by('POST', `/v1/traces/${number.mine}/${name}`, record), `trace_${name}`);
    await until(`${name} comes`, async () => (await done(other('GET', `/v1/traces/${number.yours}`), 'trace_show')).timeline.some((one) => one.rid === rid));
  };
  const asked_by_them = async () => {
    const one = await open_case(theirs, ours, 'XA', await bad('trace.request', request_record(root, 'x')));
    cases.push(one.theirs);
    return { at_xh: { mine: one.ours, yours: one.theirs }, at_xa: { mine: one.theirs, yours: one.ours } };
  };
  const asked_by_us = async (subject) => {
    const one = await open_case(ours, theirs, 'XH', request_record(root, subject));
    cases.push(one.ours);
    return { at_xa: { mine: one.ours, yours: one.theirs }, at_xh: { mine: one.theirs, yours: one.ours } };
  };

  const first = await asked_by_them();
  await act(ours, theirs, first.at_xa, 'ack', '', { ref: 'XA/H/1', expected_by: '2027-12-24' });
  await act(ours, theirs, first.at_xa, 'ask', '', { missing: [{ path: 'item1.serial', text: 'Which digit?' }] });
  await act(theirs, ours, first.at_xh, 'supply', 'trace.info_supply');
  await act(ours, theirs, first.at_xa, 'refuse', '', { ground: 'CONFIDENTIALITY_LAW', reason: 'The court has sealed the file; nothing can be released.', ref: 'XA/H/1' });
  await act(theirs, ours, first.at_xh, 'clarify', 'trace.clarify');
  await act(ours, theirs, first.at_xa, 'reply', '', { text: 'By the order of the court, which is not public.' });
  await act(theirs, ours, first.at_xh, 'close', 'trace.close');
  await act(theirs, ours, first.at_xh, 'reopen', 'trace.reopen');

  const second = await asked_by_us('Answered by a hostile State');
  await act(theirs, ours, second.at_xh, 'ack', 'trace.ack');
  await act(theirs, ours, second.at_xh, 'ask', 'trace.info_request');
  await act(ours, theirs, second.at_xa, 'supply', '', { answers: [{ path: 'item1.serial', value: '5288841' }] }).catch(() => undefined);
  await act(theirs, ours, second.at_xh, 'delay', 'trace.delay');
  await act(theirs, ours, second.at_xh, 'interim', 'trace.interim');
  await act(theirs, ours, second.at_xh, 'answer', 'trace.response');
  await act(theirs, ours, second.at_xh, 'correct', 'trace.correction');

  const third = await asked_by_us('Refused by a hostile State');
  await act(theirs, ours, third.at_xh, 'refuse', 'trace.refusal');
  await act(ours, theirs, third.at_xa, 'clarify', '', { text: 'On what ground is it refused?' });
  await act(theirs, ours, third.at_xh, 'reply', 'trace.clarify_reply');

  const fourth = await asked_by_them();
  await act(theirs, ours, fourth.at_xh, 'withdraw', 'trace.withdraw');
  return { cases, filled, schema };
}
