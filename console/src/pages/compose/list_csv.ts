// A seizure list as text: chosen here, read for showing it; the node reads it again, and strictly
// (base/csv.h). Pure.
import { starts_formula, write_csv } from '../../ui/csv';
import type { RowProblem } from '../../api';

// As node/desk/seizure.h has them.
export const LIST_BYTES = 2 * 1024 * 1024;
export const LIST_ROWS = 5000;

export interface CsvRow {
  number: number; // as a spreadsheet shows it: 1 for the first, blank ones count
  cells: string[];
}
export interface Csv {
  separator: string;
  rows: CsvRow[]; // without blank ones; the first holds the titles
}

// Why a file is no list; its words are compose.list.file.<code>.
export type NoList = 'TOO_LARGE' | 'NOT_TEXT' | 'EMPTY';

/** A file as a list, as far as that can be said before the node has read it; nothing of it is replaced. */
export function list_of(bytes: Uint8Array): { text: string; csv: Csv } | { not: NoList } {
  if (bytes.length > LIST_BYTES) return { not: 'TOO_LARGE' };
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    // A workbook is a packed folder; some of them are UTF-8 by chance.
    if (/^PK\x03\x04|\0/.test(text)) return { not: 'NOT_TEXT' };
    const csv = read_csv(text);
    if (csv.rows.length - 1 > LIST_ROWS) return { not: 'TOO_LARGE' };
    return csv.rows.length < 2 ? { not: 'EMPTY' } : { text, csv };
  } catch {
    return { not: 'NOT_TEXT' };
  }
}

/** What somebody meant: without blanks around, and without the apostrophe that keeps a formula from running. */
export function shown_cell(cell: string): string {
  const text = cell.trim();
  return text.startsWith("'") && starts_formula(text) ? text.slice(1).trim() : text;
}

export function read_csv(whole: string): Csv {
  let text = whole.replace(/^\ufeff/, '');
  let separator = ',';
  const said = /^sep=([,;\t])(\r\n|\r|\n|$)/.exec(text);
  if (said) {
    separator = said[1]!;
    text = text.slice(said[0].length);
  } else separator = most_used(text);
  const rows: CsvRow[] = [];
  for (let at = 0, number = 1; at < text.length; number += 1) {
    const cells: string[] = [];
    at = take_row(text, at, separator, cells);
    if (cells.some((cell) => cell.trim() !== '')) rows.push({ number, cells });
  }
  return { separator, rows };
}

// Outside of quotes, in the first row that holds something.
function most_used(text: string): string {
  const counts = new Map([[',', 0], [';', 0], ['\t', 0]]);
  let quoted = false;
  for (const c of text.replace(/^[ \r\n]+/, '')) {
    if (c === '"') quoted = !quoted;
    else if (!quoted && (c === '\n' || c === '\r')) break;
    else if (!quoted && counts.has(c)) counts.set(c, counts.get(c)! + 1);
  }
  return [...counts].reduce((most, one) => (one[1] > most[1] ? one : most))[0];
}

// Where the next row begins.
function take_row(text: string, from: number, separator: string, cells: string[]): number {
  for (let at = from; ; at += 1) {
    let cell = '';
    if (text[at] === '"') {
      for (at += 1; at < text.length; at += 1) {
        if (text[at] !== '"') cell += text[at];
        else if (text[at + 1] === '"') cell += text[at++];
        else break;
      }
      at += 1;
    }
    const begin = at;
    while (at < text.length && text[at] !== separator && text[at] !== '\n' && text[at] !== '\r') at += 1;
    cells.push(cell + text.slice(begin, at));
    if (text[at] === separator) continue;
    return text[at] === '\r' && text[at + 1] === '\n' ? at + 2 : at + 1;
  }
}

// The column that an import passes over.
const REASONS = 'WHAT IS WRONG';

/** The wrong rows as a list of their own, with what is wrong in a last column: mend it, choose it. */
export function wrong_rows(csv: Csv, problems: readonly RowProblem[]): string {
  const reasons = new Map<number, string[]>();
  for (const { row, column, text, hint } of problems)
    reasons.set(row, [...(reasons.get(row) ?? []), (column ? `${column}: ` : '') + text + (hint ? ` (${hint})` : '')]);
  const [titles, ...rows] = csv.rows;
  if (!titles) return '';
  const width = titles.cells.length;
  // A list that was mended once has the column already.
  const own = shown_cell(titles.cells.at(-1) ?? '') === REASONS ? width - 1 : width;
  const line = (cells: string[], last: string) =>
    [...Array.from({ length: own }, (_, i) => shown_cell(cells[i] ?? '')), last];
  const wrong = rows.filter((row) => reasons.has(row.number));
  return write_csv([line(titles.cells, REASONS), ...wrong.map((row) => line(row.cells, reasons.get(row.number)!.join(' / ')))], csv.separator);
}
