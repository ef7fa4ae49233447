// Goal: a kind that nobody laid out has a form with every field in it, and a layout can forget nothing.
// Method: the made-up kind with the plain layout, and with layouts that leave fields out.
import { expect, test } from 'vitest';
import { completed, fields_in_order, is_for_people, is_partial_date, is_small, plain_layout } from './layout';
import { field, MADE_UP } from './made_up';
import { Schema } from './schema';

const KIND = MADE_UP.kind('lamp.report')!;
const WORDS = { content: 'Content', header: 'Header' };
const fields_of = (layout: { sections: { fields: string[] }[] }) => layout.sections.flatMap((each) => each.fields).sort();
const EVERY = [
  ...MADE_UP.message('LampReport')!.fields.map((each) => `lamp_report.${each.name}`),
  ...MADE_UP.message('Header')!.fields.map((each) => `header.${each.name}`),
].sort();

test('the plain layout has every field of kind and header once', () => {
  expect(fields_of(plain_layout(MADE_UP, KIND, WORDS))).toEqual(EVERY);
});

test('large parts are sections of their own', () => {
  const ids = plain_layout(MADE_UP, KIND, WORDS).sections.map((each) => each.id);
  expect(ids).toEqual(['lamp_report', 'lamp_report-lamps', 'header']);
});

test('what a layout forgets appears at the end of its message', () => {
  const layout = completed(MADE_UP, KIND, {
    sections: [
      { id: 'a', title: 'A', fields: ['lamp_report.lamps'] },
      { id: 'b', title: 'B', fields: ['header.subject'] },
      { id: 'c', title: 'C', fields: ['header.label.tlp'] },
    ],
    messages: { LampReport: { omit: ['sketch'] } },
  });
  expect(layout.sections.map((each) => each.fields)).toEqual([
    ['lamp_report.lamps', 'lamp_report.ref', 'lamp_report.seen', 'lamp_report.place', 'lamp_report.tags', 'lamp_report.remarks'],
    ['header.subject'],
    ['header.label.tlp', 'header.answer_by_ms'],
  ]);
});

test('order, and what is left out', () => {
  const names = fields_in_order(MADE_UP.message('Lamp')!, { order: ['owner', 'state'], omit: ['lamp_no'] }).map((each) => each.name);
  expect(names.slice(0, 4)).toEqual(['owner', 'state', 'detail', 'broken_on']);
  expect(names).not.toContain('lamp_no');
});

test('bytes, and messages of bytes, are not for people', () => {
  const ref = { name: 'Ref', needs: [], fields: [field('rid', { type: 'BYTES' }), field('created_ms', { type: 'NUMBER' })] };
  const schema = new Schema({ lang: 'en', kinds: [], messages: [ref] });
  expect(is_for_people(schema, field('supersedes', { type: 'MESSAGE', message: 'Ref' }))).toBe(false);
  expect(is_for_people(MADE_UP, MADE_UP.field('LampReport', 'lamps')!)).toBe(true);
});

test('a message that holds itself ends', () => {
  const loop = { name: 'Loop', needs: [], fields: [field('again', { type: 'MESSAGE', message: 'Loop' })] };
  const schema = new Schema({ lang: 'en', kinds: [], messages: [loop] });
  expect(is_for_people(schema, loop.fields[0]!)).toBe(false);
});

test('small messages and partial dates', () => {
  expect(is_small(MADE_UP, 'Place')).toBe(true);
  expect(is_small(MADE_UP, 'Lamp')).toBe(false);
  expect(is_partial_date(MADE_UP, 'Day')).toBe(true);
  expect(is_partial_date(MADE_UP, 'Place')).toBe(false);
});
