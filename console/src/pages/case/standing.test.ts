// Goal: the page shows the description, the answer and the find that stand, whatever order the
// records came in, and nothing of a record without effect. Method: a case with an amendment, an
// interim answer, an answer and a correction.
import { describe, expect, it } from 'vitest';
import { answered_item, asked_last, described_item, find_of, request_record, words_of_item, type EntryFacts } from './standing';

const entry = (rid: string, body: object, effect = 'TAKES_EFFECT', from = 'XB'): EntryFacts =>
  ({ rid, from, effect, record: { header: { subject: 's' }, some_kind: body } });
const result = (result: string, completeness = 'FULL') => ({ results: [{ item_no: 1, result, completeness }] });
const REQUEST = entry('a', {
  items: [{ item_no: 1, serial_raw: '5??8841' }, { item_no: 2, serial_raw: 'X' }],
  circumstances: { found_country: 'XA', found_date: { value: '2026-02-27' } },
}, 'TAKES_EFFECT', 'XA');

describe('what stands in a case', () => {
  it('is said of a weapon in the language of who reads it', () => {
    const amended = entry('b', { amended: [{ version: 2, item: { item_no: 1, make: 'Arsenal', model: null, calibre_raw: '9 mm', type: 'PISTOL' } }] });
    const said = (item_no: number) => words_of_item([REQUEST, amended], { item_no, description: 'as the node says it' }, (code) => `<${code}>`);
    expect(said(1)).toBe('Arsenal, 9 mm, <PISTOL>');
    expect(said(3)).toBe('as the node says it');
  });
  it('is the newest description', () => {
    const amended = entry('b', { amended: [{ version: 2, item: { item_no: 1, serial_raw: '5268841' } }] });
    const late = entry('c', { amended: [{ version: 3, item: { item_no: 1, serial_raw: 'no effect' } }] }, 'WRONG_PARTY');
    expect(described_item([REQUEST, amended, late], 1)).toMatchObject({ rid: 'b', version: 2, path: 'some_kind.amended[0].item', item: { serial_raw: '5268841' } });
    expect(described_item([REQUEST, amended, late], 2)).toMatchObject({ rid: 'a', version: 1, path: 'some_kind.items[1]' });
    expect(described_item([REQUEST], 3)).toBeUndefined();
  });

  it('is the last answer that took effect and agrees with the node', () => {
    const timeline = [REQUEST, entry('i', result('NO_RECORD', 'INTERIM')), entry('r', result('EXPORTED')),
      entry('x', result('STATE_HOLDING'), 'CROSSED_WITH_ANSWER')];
    expect(answered_item(timeline, { item_no: 1, result: 'EXPORTED', completeness: 'FULL' })?.rid).toBe('r');
    expect(answered_item(timeline, { item_no: 1, result: 'NO_RECORD', completeness: 'INTERIM' })?.rid).toBe('i');
    expect(answered_item(timeline, { item_no: 1, result: 'STATE_HOLDING', completeness: 'FULL' })).toBeUndefined();
    expect(answered_item([REQUEST], { item_no: 1, result: '', completeness: '' })).toBeUndefined();
  });

  it('is what was asked for last', () => {
    const asks = (question: string) => entry('q', { missing: [{ path: 'trace_request.items[0].make', question }] });
    expect(asked_last([REQUEST, asks('one?'), asks('two?')])).toEqual([{ path: 'trace_request.items[0].make', question: 'two?' }]);
    expect(asked_last([REQUEST])).toEqual([]);
    expect(request_record([REQUEST])).toBe(REQUEST.record);
  });

  it('is where the request says they were found', () => {
    expect(find_of([REQUEST])).toEqual({ country: 'XA', date: { value: '2026-02-27' } });
    expect(find_of([entry('r', result('EXPORTED'))])).toBeUndefined();
  });

  it('survives records that are none', () => {
    const broken: EntryFacts[] = [{}, { record: null, effect: 'TAKES_EFFECT' }, entry('q', { items: 'x', results: [null, 1], amended: [{}] })];
    expect(described_item(broken, 1)).toBeUndefined();
    expect(answered_item(broken, { item_no: 1 })).toBeUndefined();
    expect(find_of(broken)).toBeUndefined();
  });
});
