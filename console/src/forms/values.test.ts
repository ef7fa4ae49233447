// Goal: a record is read and changed by path, and what is sent of it holds nothing empty.
// Method: the made-up kind; what counts as present is that of the node's validator.
import { expect, test } from 'vitest';
import { MADE_UP } from './made_up';
import { clone, get_at, is_present, pruned, set_at, set_mark, type Json } from './values';

const field = (message: string, name: string) => MADE_UP.field(message, name)!;

test('values are set through messages and lists that are not there yet', () => {
  const record: Json = {};
  set_at(record, 'lamp_report.lamps[1].state', 'LIT');
  expect(get_at(record, 'lamp_report.lamps[1].state')).toBe('LIT');
  expect(get_at(record, 'lamp_report.lamps[0].state')).toBeUndefined();
  expect(get_at(record, 'lamp_report.lamps[1].state.more')).toBeUndefined();
  set_at(record, 'lamp_report.lamps[1].state', undefined);
  expect(get_at(record, 'lamp_report.lamps[1]')).toEqual({});
});

test('zero and no are values only of fields that know "not said"', () => {
  expect(is_present(MADE_UP, 0, field('Lamp', 'watts'))).toBe(true);
  expect(is_present(MADE_UP, false, field('Lamp', 'dimmable'))).toBe(true);
  expect(is_present(MADE_UP, 0, field('Lamp', 'lamp_no'))).toBe(false);
  expect(is_present(MADE_UP, '0', field('Header', 'answer_by_ms'))).toBe(false);
  expect(is_present(MADE_UP, false, field('Day', 'circa'))).toBe(false);
  expect(is_present(MADE_UP, { circa: false }, field('LampReport', 'seen'))).toBe(false);
  expect(is_present(MADE_UP, '', field('Lamp', 'cause'))).toBe(false);
});

test('nothing empty is sent; required messages and those around a mark stand', () => {
  const record: Json = {
    lamp_report: {
      ref: '',
      seen: { value: '', circa: false },
      lamps: [{ lamp_no: 1, dimmable: false, cause: '' }],
      remarks: ['a', '', 'b', '', ''],
    },
  };
  set_mark(record, 'lamp_report.lamps[0].maker', true);
  const before = clone(record);
  expect(pruned(MADE_UP, record)).toEqual({
    header: {},
    unknown_fields: ['lamp_report.lamps[0].maker'],
    lamp_report: { lamps: [{ lamp_no: 1, dimmable: false }], remarks: ['a', '', 'b'] },
  });
  expect(record).toEqual(before);
});

test('the message of the kind stands even when it holds nothing', () => {
  expect(pruned(MADE_UP, { lamp_change: {} })).toEqual({ header: {}, lamp_change: {} });
});

test('what the schema does not know is kept', () => {
  const record: Json = { lamp_report: { newer: { x: 'y' } } };
  expect(pruned(MADE_UP, record).lamp_report).toEqual({ newer: { x: 'y' } });
});

test('a mark below a list entry that is gone makes no entry', () => {
  const record: Json = { lamp_report: { lamps: [] } };
  set_mark(record, 'lamp_report.lamps[3].maker', true);
  expect(pruned(MADE_UP, record).lamp_report).toEqual({});
});
