// Goal: the officer who releases sees every change of content, and nothing that is none.
// Method: two records of made-up kinds, one change at a time; a correction of another kind.
import { expect, test } from 'vitest';
import { differences, type Change } from './difference';
import { MADE_UP } from './made_up';
import type { Json } from './values';

const report = (lamp_report: Json, marks: string[] = []): Json => ({
  header: { subject: 'Lamps', answer_by_ms: '5', label: { tlp: 'RED', personal_data: false } },
  unknown_fields: marks,
  lamp_report,
});

function words(changes: Change[]): string[] {
  return changes.map((each) => {
    const trail = each.trail.map((c) => c.field.name + (c.number ? `#${c.number}` : '')).join('.');
    const side = (s: Change['before']) => (s.unknown ? 'unknown' : JSON.stringify(s.value) ?? '-');
    return `${each.mark} ${trail}: ${side(each.before)} > ${side(each.after)}`;
  });
}

const compare = (before: Json, after: Json, marks: [string[], string[]] = [[], []]) =>
  words(differences(MADE_UP, report(before, marks[0]), report(after, marks[1])));

test('equal records differ in nothing', () => {
  expect(compare({ ref: 'a', lamps: [{ lamp_no: 1 }] }, { lamps: [{ lamp_no: 1 }], ref: 'a' })).toEqual(
    [],
  );
});

test('added, removed and changed', () => {
  expect(compare({ ref: 'a', seen: { value: '2026' } }, { ref: 'b', place: { country: 'FR' } })).toEqual([
    'changed ref: "a" > "b"',
    'removed seen: {"value":"2026"} > -',
    'added place: - > {"country":"FR"}',
  ]);
});

test('inside a message only what differs is named', () => {
  expect(
    compare({ place: { country: 'FR', street: 'x' } }, { place: { country: 'FR', street: 'y' } }),
  ).toEqual(['changed place.street: "x" > "y"']);
});

test('entries are matched by number, not by place', () => {
  expect(
    compare(
      { lamps: [{ lamp_no: 1, state: 'LIT' }, { lamp_no: 2, state: 'LIT' }] },
      { lamps: [{ lamp_no: 2, state: 'GONE' }, { lamp_no: 3, state: 'LIT' }] },
    ),
  ).toEqual([
    'changed lamps#2.state: "LIT" > "GONE"',
    'added lamps#3: - > {"lamp_no":3,"state":"LIT"}',
    'removed lamps#1: {"lamp_no":1,"state":"LIT"} > -',
  ]);
});

test('the order of codes is nothing, that of texts is something', () => {
  expect(compare({ tags: ['WARM', 'COLD'] }, { tags: ['COLD', 'WARM'] })).toEqual([]);
  expect(compare({ remarks: ['a', 'b'] }, { remarks: ['b', 'a'] })).toEqual([
    'changed remarks: ["a","b"] > ["b","a"]',
  ]);
});

test('zero that is said differs from nothing said; a number is its text', () => {
  expect(compare({ lamps: [{ lamp_no: 1 }] }, { lamps: [{ lamp_no: 1, watts: 0 }] })).toEqual([
    'added lamps#1.watts: - > 0',
  ]);
  expect(compare({ lamps: [{ lamp_no: 1, watts: 4 }] }, { lamps: [{ lamp_no: '1', watts: '4' }] })).toEqual(
    [],
  );
});

test('unknown is a word of its own', () => {
  expect(compare({}, { tags: ['WARM'] }, [['lamp_report.tags'], []])).toEqual([
    'changed tags: unknown > ["WARM"]',
  ]);
  expect(compare({}, {}, [[], ['lamp_report.tags']])).toEqual(['added tags: - > unknown']);
  expect(compare({}, {}, [['lamp_report.tags'], ['lamp_report.tags']])).toEqual([]);
});

test('another kind is compared by the names of its fields', () => {
  const before = report({ ref: 'a', lamps: [{ lamp_no: 1, state: 'LIT' }] });
  const after: Json = {
    header: { subject: 'Lamps', answer_by_ms: '9', label: { tlp: 'GREEN', personal_data: false } },
    lamp_change: { ref: 'a', lamps: [{ lamp_no: 1, state: 'GONE' }], why: 'it was moved' },
  };
  expect(words(differences(MADE_UP, before, after))).toEqual([
    'changed lamps#1.state: "LIT" > "GONE"',
    'added why: - > "it was moved"',
    'changed label.tlp: "RED" > "GREEN"',
  ]);
});
