// Goal: every rule of the schema is applied at once, with the path and the name the node gives it.
// Method: a right record of the made-up kind, and one defect at a time.
import { expect, test } from 'vitest';
import { check_record } from './check';
import { KNOWN, MADE_UP } from './made_up';
import { pruned, set_at, type Json, type Value } from './values';

function good(): Json {
  return {
    header: { subject: 'Lamps', label: { tlp: 'GREEN', personal_data: false } },
    unknown_fields: ['lamp_report.place', 'lamp_report.lamps[0].maker'],
    lamp_report: {
      ref: 'L-1',
      seen: { value: '2026-02' },
      lamps: [{ lamp_no: 1, state: 'LIT' }],
      tags: ['WARM'],
    },
  };
}

function rules(record: Json): string[] {
  return check_record(MADE_UP, KNOWN, pruned(MADE_UP, record)).map((p) => `${p.rule} ${p.path}`);
}

function with_value(path: string, value: Value | undefined): Json {
  const record = good();
  set_at(record, path, value);
  return record;
}

test('a right record has no problem', () => expect(rules(good())).toEqual([]));

test.each<[string, Value | undefined, string]>([
  ['header.subject', undefined, 'REQUIRED header.subject'],
  ['header.label.personal_data', undefined, 'REQUIRED header.label.personal_data'],
  ['lamp_report.lamps', undefined, 'REQUIRED lamp_report.lamps'],
  ['lamp_report.tags', undefined, 'PROMPTED lamp_report.tags'],
  ['lamp_report.tags', ['WARM', 'WARM'], 'CODE_TWICE lamp_report.tags[1]'],
  ['lamp_report.tags', ['PURPLE'], 'CODE lamp_report.tags[0]'],
  ['lamp_report.ref', '0123456789abc', 'TOO_LONG lamp_report.ref'],
  ['lamp_report.ref', 'مصباح النور', 'TOO_LONG lamp_report.ref'],
  ['lamp_report.ref', ' \t', 'BLANK lamp_report.ref'],
  ['lamp_report.ref', 'a\u0007', 'TEXT lamp_report.ref'],
  ['lamp_report.ref', 'a\ud800', 'TEXT lamp_report.ref'],
  ['lamp_report.remarks', ['', 'x'], 'BLANK lamp_report.remarks[0]'],
  ['lamp_report.seen', { value: '2026-13' }, 'FORMAT_PARTIAL_DATE lamp_report.seen.value'],
  ['lamp_report.seen', { circa: true }, 'REQUIRED lamp_report.seen.value'],
  ['lamp_report.place', { country: 'FR' }, 'MARKED_AND_GIVEN lamp_report.place'],
  ['lamp_report.sketch', 'x', 'ATTACHMENT lamp_report.sketch'],
  ['lamp_report.lamps[0].watts', 501, 'RANGE lamp_report.lamps[0].watts'],
  ['lamp_report.lamps[0].watts', 'many', 'NUMBER lamp_report.lamps[0].watts'],
  ['lamp_report.lamps[0].broken_on', '2026-02-30', 'FORMAT_DATE lamp_report.lamps[0].broken_on'],
  ['lamp_report.lamps[0].maker', 'Lux', 'MARKED_AND_GIVEN lamp_report.lamps[0].maker'],
  ['lamp_report.lamps[0].secret_reason', 'x', 'ONLY_WITH lamp_report.lamps[0].secret_reason'],
  ['unknown_fields', ['lamp_report.ref'], 'NOT_PROMPTED lamp_report.ref'],
  ['unknown_fields', ['lamp_report.nothing'], 'PATH lamp_report.nothing'],
])('%s = %j is %s', (path, value, wanted) => {
  expect(rules(with_value(path, value))).toContain(wanted);
});

test('what a code needs is asked for, unless it is unknown or lifted', () => {
  const broken = with_value('lamp_report.lamps[0].state', 'BROKEN');
  expect(rules(broken)).toEqual([
    'NEEDED lamp_report.lamps[0].broken_on',
    'NEEDED lamp_report.lamps[0].cause',
  ]);
  const marked = with_value('lamp_report.lamps[0].state', 'BROKEN');
  (marked.unknown_fields as string[]).push('lamp_report.lamps[0].cause');
  expect(rules(marked)).toEqual(['NEEDED lamp_report.lamps[0].broken_on']);
  set_at(broken, 'lamp_report.lamps[0].detail', 'KEPT_BACK');
  expect(rules(broken)).toEqual(['NEEDED lamp_report.lamps[0].secret_reason']);
});

test('too many entries, and how many there may be', () => {
  const lamps = [1, 2, 3, 4].map((n) => ({ lamp_no: n, state: 'LIT', maker: 'Lux' }));
  const found = check_record(MADE_UP, KNOWN, with_value('lamp_report.lamps', lamps));
  expect(found[0]).toEqual({
    rule: 'TOO_MANY',
    path: 'lamp_report.lamps',
    args: { max: 3, count: 4 },
  });
});

test('a limit in bytes counts bytes, one in letters counts letters', () => {
  const record: Json = { header: {}, lamp_change: { ref: 'x', why: '一 二   三' } };
  const short = check_record(MADE_UP, KNOWN, record).find((each) => each.rule === 'TOO_SHORT');
  expect(short?.args).toEqual({ min: 10, count: 5 });
});

test('lists of codes that are not loaded are not judged', () => {
  const unknown = { has_code: () => undefined, has_country: () => undefined };
  const record = with_value('lamp_report.tags', ['PURPLE']);
  set_at(record, 'lamp_report.place', { country: 'QQ' });
  expect(check_record(MADE_UP, unknown, record).map((each) => each.rule)).toEqual([
    'MARKED_AND_GIVEN',
  ]);
});
