// Cases that a story begins with, made as the console would ask for them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from './node.mjs';

export async function done(answer, what) {
  const { status, body } = await answer;
  if (status >= 300) throw new Error(`${what}: ${status} ${JSON.stringify(body)}`);
  return body;
}

// The first example of docs: two weapons. Its days lie in the past: the node sets its own.
export function request_record(root, subject) {
  const record = JSON.parse(readFileSync(join(root, 'tests/vectors/examples/01_trace_request_XA_XB.json'), 'utf8'));
  delete record.header.ack_by_ms;
  delete record.header.answer_by_ms;
  record.header.subject = subject;
  return record;
}

// ask: Node.caller() of the one who opens. Answers the number of the case at either end.
export async function open_case(ask, other_ask, to, record) {
  const opened = await done(ask('POST', '/v1/traces', { to: [to], record, again: true }), 'trace_open');
  const ours = opened.trace.case_number;
  const rid = (await done(ask('GET', `/v1/traces/${ours}`), 'trace_show')).timeline[0].rid;
  const theirs = await until(`${ours} comes to ${to}`, async () => {
    const { entries } = await done(other_ask('GET', '/v1/traces?limit=200'), 'trace_list').then((body) => ({ entries: body.traces ?? body.entries }));
    for (const { case_number } of entries.toReversed()) {
      const shown = await done(other_ask('GET', `/v1/traces/${case_number}`), 'trace_show');
      if (shown.timeline[0]?.rid === rid) return case_number;
    }
    return undefined;
  });
  return { ours, theirs };
}

export async function answer_case(ask, number, { ref, period }) {
  await done(ask('POST', `/v1/traces/${number}/ack`, { ref, expected_by: '2027-12-24' }), 'trace_ack');
  const { items } = await done(ask('GET', `/v1/traces/${number}`), 'trace_show');
  const results = items.map(({ item_no }) => ({ item_no, result: 'NO_RECORD', completeness: 'FULL', period_covered: period, registers_searched: ['export licences'] }));
  await done(ask('POST', `/v1/traces/${number}/answer`, { record: { trace_response: { case_ref_requested: ref, results } } }), 'trace_answer');
}
