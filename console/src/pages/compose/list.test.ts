// Goal: a seizure list is shown as the node reads it, each of its rows with what became of it, and the wrong ones
// can be saved, mended and chosen again. Method: texts as spreadsheets write them; answers as the node gives them.
import { describe, expect, it } from 'vitest';
import type { TraceImportResponse } from '../../api';
import { Schema, type SchemaResponse } from '../../forms/schema';
import { layout_for } from './layouts';
import { LIST_BYTES, list_of, read_csv, shown_cell, wrong_rows } from './list_csv';
import { list_fields } from './list_fields';
import { count_fates, new_cases, requests_of, rows_of } from './list_rows';

// Plain JavaScript, of the stub of the API.
const { schema } = await import(new URL('../../../scripts/stub/schema.mjs', import.meta.url).href);
const SCHEMA = new Schema(schema('en') as SchemaResponse);
const bytes = (text: string) => new TextEncoder().encode(text);
const cells = (text: string) => read_csv(text).rows.map((row) => [row.number, ...row.cells]);

describe('the file', () => {
  it('is text in UTF-8 of at most 2 MiB and 5,000 weapons, and of one at least', () => {
    const why = (of: string | Uint8Array) => {
      const list = list_of(typeof of === 'string' ? bytes(of) : of);
      return 'not' in list ? list.not : list.csv.rows.length - 1;
    };
    expect(list_of(bytes('\ufeffSerial\n№ 7'))).toMatchObject({ text: 'Serial\n№ 7' });
    expect(why('S\n' + 'x'.repeat(LIST_BYTES - 2))).toBe(1);
    expect(why('S\n' + 'x'.repeat(LIST_BYTES - 1))).toBe('TOO_LARGE');
    expect(why('S\n' + '7\n\n'.repeat(5000))).toBe(5000);
    expect(why('S\n' + '7\n'.repeat(5001))).toBe('TOO_LARGE');
    expect(why(new Uint8Array([0xe9, 0x3b]))).toBe('NOT_TEXT'); // é in an older character set
    expect(why(new Uint8Array([0xff, 0xfe, 0x53, 0]))).toBe('NOT_TEXT');
    expect(why('S\0e\0r')).toBe('NOT_TEXT');
    expect(why('PK\x03\x04 workbook')).toBe('NOT_TEXT');
    expect(why(' \n')).toBe('EMPTY');
    expect(why('Serial\n\n')).toBe('EMPTY');
  });
  it('is read with the separator that stands most often in the first row', () => {
    expect(read_csv('a;b;c,d\n1;2').separator).toBe(';');
    expect(read_csv('"a;b;c",d\n').separator).toBe(',');
    expect(read_csv('\na\tb\n1\t2').separator).toBe('\t');
    expect(cells('sep=;\r\na;b\r\n1;2')).toEqual([[1, 'a', 'b'], [2, '1', '2']]);
  });
  it('has quotes, line breaks inside them, and blank rows that count', () => {
    expect(cells('a,b\r\n"x ""y"", z","1\n2"\r\n , \r\n3')).toEqual([[1, 'a', 'b'], [2, 'x "y", z', '1\n2'], [4, '3']]);
    expect(cells('a,\r1,2\r')).toEqual([[1, 'a', ''], [2, '1', '2']]);
    expect(cells('')).toEqual([]);
    expect(cells('a\n"never closed')).toEqual([[1, 'a'], [2, 'never closed']]);
  });
  it('shows a cell without what keeps a formula from running', () => {
    expect([' 7 ', "'=1+1", "'77", '=1'].map(shown_cell)).toEqual(['7', '=1+1', "'77", '=1']);
  });
});

const answer = (more: object): TraceImportResponse => ({
  mode: 'PREVIEW', separator: 'COMMA', guessed: false, rows: 5, bad_rows: 0, problems: [], repeats: [], asked: [], sending: 0, reach: [], stays: [],
  notes: [], can_send: false, plan: '', sent: [], columns: [{ title: 'No', field: '', filled: 5 }, { title: 'Serial', field: 'serial', filled: 5 }], ...more,
}) as TraceImportResponse;
const problem = (row: number, more: object = {}) => ({ row, column: 'Serial', field: 'serial', value: 'x', text: 'is wrong', hint: 'Write 7.', ...more });
const asked = (row: number, case_number: string, kept = false) => ({ row, serial: '', kept, match: { case_number, party: 'XB' } });
const CSV = read_csv('No,Serial\n1,A1\n2,=A2\n\n3,A3\n4,A4\n5,A5');

describe('the rows', () => {
  const rows = rows_of(CSV, answer({
    problems: [problem(3), problem(3, { column: '', text: 'and 2 more of this row', hint: '' })],
    repeats: [{ row: 5, first_row: 2, kept: false }], asked: [asked(6, 'T-1'), asked(2, 'T-2', true)],
    stays: [{ country: 'XC', rows: [7, 9] }],
  }));
  it('each have what became of them, by the number of the spreadsheet', () => {
    expect(rows.map(({ row, fate }) => [row, fate])).toEqual([[2, 'GOOD'], [3, 'BAD'], [5, 'REPEAT'], [6, 'ASKED'], [7, 'STAYS'], [9, 'STAYS']]);
    expect(rows[1]!.problems.length).toBe(2);
    expect(rows[0]!.asked?.match?.case_number).toBe('T-2');
    expect(count_fates(rows)).toEqual({ BAD: 1, REPEAT: 1, ASKED: 1, STAYS: 2, GOOD: 1 });
  });
  it('show the cells of columns that are used', () => {
    expect(rows.map((row) => row.cells)).toEqual([['A1'], ['=A2'], ['A3'], ['A4'], ['A5'], []]);
  });
  it('that are wrong make a list of their own, without a formula, and once mended again', () => {
    const saved = wrong_rows(CSV, [problem(3), problem(3, { column: '', text: 'and more', hint: '' })]);
    expect(saved).toBe("\ufeffNo,Serial,WHAT IS WRONG\r\n2,'=A2,Serial: is wrong (Write 7.) / and more\r\n");
    const again = wrong_rows(read_csv(saved), [problem(2)]);
    expect(again).toBe("\ufeffNo,Serial,WHAT IS WRONG\r\n2,'=A2,Serial: is wrong (Write 7.)\r\n");
  });
  it('ten times as many cost about ten times as much', () => {
    const cost = (rows: number) => {
      const csv = read_csv('Serial\n' + Array.from({ length: rows }, (_, i) => `${i}`).join('\n'));
      const shown = answer({ problems: csv.rows.slice(1).flatMap(({ number }) => [problem(number), problem(number)]) });
      return Math.min(...[1, 2, 3, 4, 5].map(() => {
        const began = performance.now();
        expect(count_fates(rows_of(csv, shown)).BAD).toBe(rows);
        return performance.now() - began;
      }));
    };
    cost(500); // compiled
    expect(cost(5000)).toBeLessThan(50 * cost(500)); // a look at all for each would be a hundred times
  });
});

describe('a sending whose answer was lost', () => {
  it('is known by the cases that hold the weapons now', () => {
    const before = answer({ asked: [asked(2, 'T-1')] });
    const after = answer({ asked: [asked(2, 'T-1'), asked(3, 'T-7'), asked(5, 'T-7'), asked(6, 'T-8')] });
    expect(new_cases(before, after)).toEqual([{ case_number: 'T-7', party: 'XB', weapons: 2 }, { case_number: 'T-8', party: 'XB', weapons: 1 }]);
    expect(new_cases(before, before)).toEqual([]);
  });
  it('requests are counted over all parties', () => {
    expect(requests_of(answer({ reach: [{ requests: 2 }, { requests: 1 }] }))).toBe(3);
  });
});

describe('fields', () => {
  const names = list_fields(SCHEMA).map((field) => field.name);
  it('are those of a weapon that a cell can hold, by the names of the node', () => {
    for (const name of ['serial', 'calibre', 'country_of_manufacture', 'country_of_manufacture.basis', 'country_of_import.year', 'year_of_manufacture', 'last_known_state_owner_mark.text'])
      expect(names).toContain(name);
    for (const name of ['item_no', 'photos', 'markings', 'serial_raw']) expect(names).not.toContain(name);
    expect(new Set(names).size).toBe(names.length);
  });
  it('have labels, a part also that of its whole', () => {
    const basis = list_fields(SCHEMA).find((field) => field.name === 'country_of_manufacture.basis');
    expect(basis?.labels.length).toBe(2);
  });
  it('the form of a list has no weapons, and all the rest', () => {
    const kind = SCHEMA.kind('trace.request')!;
    const all = layout_for({ schema: SCHEMA, kind, titles: {} }).sections.map((section) => section.id);
    const of_list = layout_for({ schema: SCHEMA, kind, list: true, titles: {} });
    expect(of_list.sections.map((section) => section.id)).toEqual(all.filter((id) => id !== 'weapons'));
    expect(of_list.messages?.TraceRequest?.omit).toContain('items');
  });
});
