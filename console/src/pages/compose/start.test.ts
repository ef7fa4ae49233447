// Goal: forms begin with what the case says and with safe choices. Method: cases by hand.
import { expect, test } from 'vitest';
import type { TraceShowResponse } from '../../api';
import { MADE_UP } from '../../forms/made_up';
import type { SchemaKind } from '../../forms/schema';
import type { Json } from '../../forms/values';
import { act_record, new_record, per_weapon, years_later, type CaseStart } from './start';

const WHO = { party: 'XA-ITI', lang: 'fr', today: '2028-02-29' };
const kind = (name: string, field: string): SchemaKind => ({ name, field, label: name, message: '', life: 'tracing', case_root: false });

const REQUEST: Json = {
  header: { from_desk: 'TRACE', subject: 's', language: 'en', priority: 'URGENT', label: { tlp: 'RED', provider: 'XB', provider_ref: 'r', personal_data: true } },
  unknown_fields: ['trace_request.items[1].model', 'trace_request.items[0].model'],
  trace_request: { case_ref_requester: 'XB-1', items: [{ item_no: 1, make: 'A' }, { item_no: 2, make: 'B' }] },
};
const INTERIM: Json = {
  header: {},
  unknown_fields: ['trace_interim.results[0].date', 'trace_interim.note'],
  trace_interim: { results: [{ item_no: 2, result: 'EXPORTED', completeness: 'INTERIM', country: 'FR' }] },
};

function start(kind_of: SchemaKind, records: { record: Json }[], items: object[]): CaseStart {
  const timeline = records.map(({ record }, i) => ({ rid: String(i), from: 'XB', effect: 'TAKES_EFFECT', record }));
  const shown = { trace: { role: 'RESPONDER', our_ref: 'XA/9', their_ref: 'XB-1' }, items, timeline } as unknown as TraceShowResponse;
  return { schema: MADE_UP, kind: kind_of, shown, who: WHO, subject: 'Re: XB-1' };
}

test('a new request is strict where a mistake would spread', () => {
  const record = new_record(kind('trace.request', 'trace_request'), WHO);
  expect(record).toMatchObject({
    header: { language: 'fr', priority: 'ROUTINE', label: { tlp: 'AMBER+STRICT', onward: 'ASK', personal_data: false, provider: 'XA-ITI', retain_until: '2033-02-28' } },
    trace_request: { circumstances: { found_country: 'XA' }, items: [{ item_no: 1 }] },
  });
});

test('a kind that nobody wrote for begins with a header', () => {
  expect(Object.keys(new_record(kind('lamp.report', 'lamp_report'), WHO))).toEqual(['header', 'lamp_report']);
});

test('years later, also from a leap day', () => {
  expect(years_later('2026-03-02', 5)).toBe('2031-03-02');
  expect(years_later('2028-02-29', 5)).toBe('2033-02-28');
});

test('an answer goes back under the label of the request, with a result for each weapon', () => {
  const items = [{ item_no: 1, result: '' }, { item_no: 2, result: '' }];
  expect(act_record(start(kind('trace.response', 'trace_response'), [{ record: REQUEST }], items))).toEqual({
    header: { from_desk: 'NPC', to_desk: 'TRACE', subject: 'Re: XB-1', language: 'fr', priority: 'URGENT', label: { tlp: 'RED', provider: 'XA-ITI', personal_data: true } },
    trace_response: { case_ref_requester: 'XB-1', case_ref_requested: 'XA/9', results: [{ item_no: 1, completeness: 'FULL' }, { item_no: 2, completeness: 'FULL' }] },
  });
});

test('what was said in the meantime stands in the answer, with what was unknown', () => {
  const items = [{ item_no: 1, result: 'NO_RECORD', completeness: 'FULL' }, { item_no: 2, result: 'EXPORTED', completeness: 'INTERIM' }];
  const record = act_record(start(kind('trace.response', 'trace_response'), [{ record: REQUEST }, { record: INTERIM }], items));
  expect(record.trace_response).toMatchObject({ results: [{ item_no: 2, result: 'EXPORTED', completeness: 'FULL', country: 'FR' }] });
  expect(record.unknown_fields).toEqual(['trace_response.results[0].date']);
});

test('what is supplied begins with the questions', () => {
  const asked: Json = { header: {}, trace_info_request: { missing: [{ path: 'trace_request.items[0].make', question: 'Which?' }] } };
  const record = act_record(start(kind('trace.info_supply', 'trace_info_supply'), [{ record: REQUEST }, { record: asked }], []));
  expect(record.trace_info_supply).toMatchObject({ answers: [{ path: 'trace_request.items[0].make' }] });
});

test('a weapon that is described anew begins with its description and the next version', () => {
  const supply = kind('trace.info_supply', 'trace_info_supply');
  const { shown } = start(supply, [{ record: REQUEST }], []);
  const about = per_weapon(supply)!;
  const made = about.make(shown, 2)!;
  expect(made).toEqual({ value: { version: 2, item: { item_no: 2, make: 'B' } }, unknown: ['item.model'] });
  expect(about.number_of(made.value)).toBe(2);
  expect(about.make(shown, 7)).toBeUndefined();
  expect(per_weapon(kind('trace.response', 'trace_response'))).toBeUndefined();
});

test('a case without its request still opens', () => {
  const record = act_record(start(kind('trace.response', 'trace_response'), [], []));
  expect(record.header).toMatchObject({ from_desk: 'NPC', label: { tlp: 'AMBER+STRICT' } });
});
