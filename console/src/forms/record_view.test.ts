// Goal: every value of a record is shown with the label of its field, by the schema alone: also of
// a kind nobody thought of, and what the schema does not know. Method: a made-up kind.
import { describe, expect, it } from 'vitest';
import { Schema, type SchemaField, type SchemaMessage } from './schema';
import { field } from './made_up';
import type { Json } from './values';
import { part_at, part_of, type Part, type Shown } from './record_view';

const message = (name: string, fields: Partial<SchemaField>[]): SchemaMessage =>
  ({ name, fields: fields.map((each) => field(each.name ?? '', { label: `<${each.name}>`, ...each })), needs: [] });
const SCHEMA = new Schema({
  lang: 'en',
  kinds: [{ name: 'need.opened', label: 'need', field: 'need_opened', message: 'NeedOpened', life: '', case_root: true }],
  messages: [
    message('Record', [{ name: 'header', type: 'MESSAGE', message: 'Header' }, { name: 'unknown_fields', list: true },
      { name: 'need_opened', type: 'MESSAGE', message: 'NeedOpened' }]),
    message('Header', [{ name: 'subject' }, { name: 'ack_by_ms', type: 'NUMBER' }]),
    message('NeedOpened', [
      { name: 'area', type: 'CODE', code_list: 'assistance_category' }, { name: 'urgent', type: 'BOOL', optional: true },
      { name: 'lat_tenths', type: 'NUMBER', optional: true }, { name: 'digest', type: 'BYTES' }, { name: 'about', type: 'FIELD_PATH' },
      { name: 'made', type: 'MESSAGE', message: 'Made' }, { name: 'steps', type: 'MESSAGE', message: 'Step', list: true },
      { name: 'who', personal: true }, { name: 'tags', list: true },
    ]),
    message('Made', [{ name: 'code', type: 'COUNTRY' }, { name: 'year', type: 'PARTIAL_DATE' }]),
    message('Step', [{ name: 'seq', type: 'NUMBER' }, { name: 'text' }]),
  ],
});

const word = (shown: Shown): string =>
  'text' in shown ? shown.text : 'code' in shown ? `${shown.as}:${shown.code}` : 'hex' in shown ? shown.hex
    : 'at' in shown ? shown.at : 'value' in shown ? shown.value : 'path' in shown ? `${shown.label} ${shown.path}` : shown.as;
function flat(part: Part, depth = 0): string[] {
  const pad = ' '.repeat(depth);
  return [
    ...part.rows.map((row) => `${pad}${row.label}: ${row.values.map((each) => (each.label && `${each.label} `) + word(each.shown)).join(', ')}`),
    ...part.parts.flatMap((inner) => [`${pad}[${inner.label}]`, ...flat(inner, depth + 1)]),
  ];
}

describe('view of a record', () => {
  it('shows every field of a kind by the schema', () => {
    const part = part_of(SCHEMA, {
      header: { subject: '<b>hello</b>', ack_by_ms: '1772442840000' },
      unknown_fields: ['need_opened.who', 'need_opened.steps[0].text', 'nowhere.at_all'],
      need_opened: {
        area: 'MARKING', urgent: false, lat_tenths: -305, digest: 'AQID', about: 'need_opened.area',
        made: { code: 'XB', year: '2014' }, steps: [{ seq: 1 }, { seq: 2, text: 'second' }], tags: ['a', 'b'],
      },
    });
    expect(part.label).toBe('need');
    expect(flat(part)).toEqual([
      'nowhere.at_all: unknown',
      '[<header>]', ' <subject>: <b>hello</b>', ' <ack_by_ms>: 2026-03-02T09:14:00.000Z',
      '[<need_opened>]', ' <area>: code:MARKING', ' <urgent>: no', ' <lat_tenths>: -30.5', ' <digest>: 010203',
      ' <about>: <area> need_opened.area', ' <made>: country:XB, <year> 2014', ' <who>: unknown', ' <tags>: a, b',
      ' [<steps> 1]', '  <seq>: 1', '  <text>: unknown', ' [<steps> 2]', '  <seq>: 2', '  <text>: second',
    ]);
  });

  it('shows what the schema does not know', () => {
    const part = part_of(SCHEMA, { need_opened: { later: { deep: [1] }, made: 'not a message' }, later_kind: { x: 1 } });
    expect(flat(part)).toEqual(['later_kind: {"x":1}', '[<need_opened>]', ' <made>: not a message', ' later: {"deep":[1]}']);
  });

  it('leaves out what is not there, and marks personal data', () => {
    expect(flat(part_of(SCHEMA, { need_opened: { area: '', tags: [], made: {} } }))).toEqual([]);
    const part = part_of(SCHEMA, { need_opened: { who: 'somebody' } });
    expect(part.parts[0]!.rows[0]).toMatchObject({ personal: true });
  });

  it('shows a part of a record, without what stands elsewhere', () => {
    const record: Json = { unknown_fields: ['need_opened.steps[1].text', 'need_opened.who'], need_opened: { steps: [{ seq: 1, text: 'a' }, { seq: 2 }] } };
    expect(flat(part_at(SCHEMA, record, 'need_opened.steps[1]'))).toEqual(['<seq>: 2', '<text>: unknown']);
    expect(flat(part_at(SCHEMA, record, 'need_opened.steps[1]', ['text']))).toEqual(['<seq>: 2']);
    expect(flat(part_at(SCHEMA, record, 'need_opened.steps[7]'))).toEqual([]);
  });
});
