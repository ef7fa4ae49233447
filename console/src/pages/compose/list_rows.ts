// What became of each row of a seizure list, by the node's answer. Pure.
import type { ListStay, RowAsked, RowProblem, RowRepeat, TraceImportResponse } from '../../api';
import { shown_cell, type Csv } from './list_csv';

export const FATES = ['BAD', 'REPEAT', 'ASKED', 'STAYS', 'GOOD'] as const;
export type Fate = (typeof FATES)[number];
/** Of their badges. */
export const TONES = { BAD: 'bad', REPEAT: 'warn', ASKED: 'warn', STAYS: 'neutral', GOOD: 'good' } as const;

export interface ListRow {
  row: number;
  fate: Fate; // GOOD: it is in the requests
  cells: string[]; // of the columns that are used
  problems: RowProblem[];
  repeat?: RowRepeat;
  asked?: RowAsked;
  stay?: ListStay;
}

export function rows_of(csv: Csv, answer: TraceImportResponse): ListRow[] {
  const used = answer.columns.flatMap((column, i) => (column.field ? [i] : []));
  const rows = new Map<number, ListRow>();
  const at = (row: number): ListRow => {
    let found = rows.get(row);
    if (!found) rows.set(row, (found = { row, fate: 'GOOD', cells: [], problems: [] }));
    return found;
  };
  for (const { number, cells } of csv.rows.slice(1))
    at(number).cells = used.map((i) => shown_cell(cells[i] ?? '')).filter((cell) => cell !== '');
  // In the order in which the node decides.
  for (const problem of answer.problems) {
    at(problem.row).problems.push(problem);
    at(problem.row).fate = 'BAD';
  }
  for (const repeat of answer.repeats) mark(at(repeat.row), 'REPEAT', repeat.kept).repeat = repeat;
  for (const asked of answer.asked) mark(at(asked.row), 'ASKED', asked.kept).asked = asked;
  for (const stay of answer.stays) for (const row of stay.rows) mark(at(row), 'STAYS', false).stay = stay;
  return [...rows.values()].sort((a, b) => a.row - b.row);
}

function mark(row: ListRow, fate: Fate, kept: boolean): ListRow {
  if (!kept && row.fate === 'GOOD') row.fate = fate;
  return row;
}

export function count_fates(rows: readonly ListRow[]): Record<Fate, number> {
  const out: Record<Fate, number> = { BAD: 0, REPEAT: 0, ASKED: 0, STAYS: 0, GOOD: 0 };
  for (const row of rows) out[row.fate] += 1;
  return out;
}

export interface FoundCase {
  case_number: string;
  party: string;
  weapons: number;
}

/** Cases that hold weapons of the list now and did not when `before` was answered: how a sending ended
    whose answer was lost. */
export function new_cases(before: TraceImportResponse, after: TraceImportResponse): FoundCase[] {
  const known = new Map(before.asked.map((each) => [each.row, each.match?.case_number]));
  const found = new Map<string, FoundCase>();
  for (const { row, match } of after.asked) {
    if (!match?.case_number || known.get(row) === match.case_number) continue;
    const one = found.get(match.case_number) ?? { case_number: match.case_number, party: match.party, weapons: 0 };
    found.set(match.case_number, { ...one, weapons: one.weapons + 1 });
  }
  return [...found.values()];
}

export const requests_of = (answer: TraceImportResponse): number =>
  answer.reach.reduce((sum, each) => sum + each.requests, 0);
