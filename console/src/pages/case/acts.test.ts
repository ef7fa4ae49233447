// Goal: an act asks for what its record needs, by the schema's own limits, and sends just what was
// filled in; the case page offers only what is possible and allowed, and leads to nothing rash.
// Method: a small schema with the same names as the real one.
import { describe, expect, it } from 'vitest';
import { Schema, type SchemaField, type SchemaMessage } from '../../forms/schema';
import { field } from '../../forms/made_up';
import { compose_link, follow_link, form_of, leading, offers_of, request_of, start_values, troubles, type Found } from './acts';

const message = (name: string, fields: Partial<SchemaField>[], needs: SchemaMessage['needs'] = []): SchemaMessage =>
  ({ name, fields: fields.map((each) => field(each.name ?? '', each)), needs });
const SCHEMA = new Schema({ lang: 'en', kinds: [], messages: [
  message('TraceDelay', [{ name: 'ground', type: 'CODE', code_list: 'ground' }, { name: 'reason_text', min_chars: 20, max_bytes: 40 },
    { name: 'expected_by', type: 'DATE' }, { name: 'item_nos', type: 'NUMBER', list: true }, { name: 'can_be_said_now' }]),
  message('TraceWithdraw', [{ name: 'reason', type: 'CODE' }, { name: 'text' }],
    [{ field: 'reason', codes: ['OTHER'], fields: ['text'], only: false, may_be_unknown: false, unless_field: '', unless_code: '' }]),
  message('TraceInfoRequest', [{ name: 'missing', type: 'MESSAGE', message: 'MissingField', list: true }, { name: 'reply_wanted_by', type: 'DATE' }]),
  message('MissingField', [{ name: 'path' }, { name: 'question', max_bytes: 10 }]),
] });
const delay = form_of('delay')!;
const short = (found: Found[]): string[] =>
  found.map((each) => `${each.field}${each.index < 0 ? '' : `[${each.index}]`} ${each.trouble}`);

describe('fields of an act', () => {
  it('start empty and name what is needed', () => {
    const values = start_values(delay, SCHEMA);
    expect(values).toEqual({ ground: '', reason: '', expected_by: '', items: [], said_now: '' });
    expect(short(troubles(delay, values, SCHEMA, '2026-03-02'))).toEqual(['ground NEEDED', 'reason NEEDED', 'expected_by NEEDED']);
  });

  it('keep to the limits of the schema', () => {
    const values = { ...start_values(delay, SCHEMA), ground: 'NATIONAL_SECURITY', reason: 'too   short', expected_by: '2026-03-01' };
    expect(short(troubles(delay, values, SCHEMA, '2026-03-02'))).toEqual(['reason TOO_SHORT', 'expected_by PAST']);
    const long = { ...values, reason: 'é'.repeat(21), expected_by: '2026-02-30' };
    expect(short(troubles(delay, long, SCHEMA, '2026-03-02'))).toEqual(['reason TOO_LONG', 'expected_by NOT_A_DATE']);
    const right = { ...values, reason: 'The archive is on paper.', expected_by: '2026-03-02' };
    expect(troubles(delay, right, SCHEMA, '2026-03-02')).toEqual([]);
  });

  it('ask for words where a code needs them', () => {
    const withdraw = form_of('withdraw')!;
    expect(short(troubles(withdraw, { reason: 'OTHER', text: ' ' }, SCHEMA, '2026-03-02'))).toEqual(['text NEEDED']);
    expect(troubles(withdraw, { reason: 'SOLVED', text: '' }, SCHEMA, '2026-03-02')).toEqual([]);
  });

  it('check each question of several', () => {
    const ask = form_of('ask')!;
    const missing = [{ path: 'item1.serial', text: 'O or 0?' }, { path: '', text: 'x' }, { path: 'item2.serial', text: 'longer than ten' }];
    expect(short(troubles(ask, { missing, wanted_by: '' }, SCHEMA, '2026-03-02'))).toEqual(['missing[1] NEEDED', 'missing[2] TOO_LONG']);
    expect(short(troubles(ask, { missing: [], wanted_by: '' }, SCHEMA, '2026-03-02'))).toEqual(['missing NEEDED']);
  });

  it('let a question stay open, but not all of them', () => {
    const supply = form_of('supply')!;
    const given = (value: string) => ({ path: 'trace_request.items[0].make', value, confidence: '', note: '' });
    expect(short(troubles(supply, { answers: [given(''), given(' ')] }, SCHEMA, '2026-03-02'))).toEqual(['answers NEEDED']);
    expect(troubles(supply, { answers: [given(''), given('Arsenal')] }, SCHEMA, '2026-03-02')).toEqual([]);
    expect(request_of(supply, 'T-3', { answers: [given(''), given('Arsenal')] }))
      .toEqual({ case_number: 'T-3', answers: [given('Arsenal')] });
  });

  it('send only what was filled in', () => {
    expect(request_of(delay, 'T-3', { ground: 'G', reason: ' why ', expected_by: '2026-04-01', items: [], said_now: ' ' }))
      .toEqual({ case_number: 'T-3', ground: 'G', reason: 'why', expected_by: '2026-04-01' });
    expect(request_of(delay, 'T-3', { items: [2] })).toEqual({ case_number: 'T-3', items: [2] });
  });

  it('lead to a whole record by a link that cannot be broken out of', () => {
    expect(compose_link('answer', 'T-3')).toBe('/compose?act=answer&case=T-3');
    expect(compose_link('answer', 'T-3&act=close')).toBe('/compose?act=answer&case=T-3%26act%3Dclose');
    expect(follow_link('T-3', 'XC')).toBe('/compose?follow=T-3&to=XC');
  });
});

describe('what a case offers', () => {
  const next = [
    { act: 'ack', command: 'focal trace ack T-3 --ref YOUR-REFERENCE', text: 'acknowledge the request' },
    { act: 'refuse', command: 'focal trace refuse T-3', text: 'refuse it' },
    { act: 'follow', command: 'focal trace follow T-1 --to XC', text: 'ask Fictional State C (XC) next' },
    { act: 'follow', command: "focal trace follow T-1 --to X'C", text: '' },
  ];

  it('is what is possible and allowed, in the order of the node', () => {
    const offers = offers_of(next, new Set(['trace_ack', 'trace_follow']));
    expect(offers.map((each) => each.act + each.to)).toEqual(['ack', 'followXC', 'follow']);
    expect(leading(offers, 'OURS')?.act).toBe('ack');
  });

  it('leads to the answer once the request is acknowledged', () => {
    const lead = (...acts: string[]): string | undefined =>
      leading(acts.map((act) => ({ act, to: '', text: '' })), 'OURS')?.act;
    expect(lead('ack', 'delay', 'answer')).toBe('ack');
    expect(lead('ask', 'delay', 'interim', 'answer', 'refuse')).toBe('answer');
    expect(lead('clarify', 'close', 'follow')).toBe('clarify');
    expect(lead()).toBeUndefined();
  });

  it('leads to nothing while the other side has to act', () => {
    const offers = offers_of([{ act: 'withdraw' }], new Set(['trace_withdraw']));
    expect(leading(offers, 'THEIRS')).toBeUndefined();
    expect(leading(offers, '')).toBeUndefined();
  });

  it('is nothing for somebody who may only read', () => {
    expect(offers_of(next, new Set(['trace_show']))).toEqual([]);
  });
});
