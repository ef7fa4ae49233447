// What can be asked of the ledger, and its rows as a file of comma-separated values.
import type { LedgerView } from '../../api';

export interface LedgerQuery {
  party: string;
  kind: string;
  case_number: string;
  from: string;
  to: string;
  officer: string;
  type: string;
}
export const NOTHING: LedgerQuery = { party: '', kind: '', case_number: '', from: '', to: '', officer: '', type: '' };

/** As the ledger calls them (node/store/leaf.h). */
export const TYPES = ['SENT', 'RECEIVED', 'RECEIPT_OUT', 'RECEIPT_IN', 'REJECTED', 'PEER_CARD', 'PEER_VERIFIED', 'KEY_EPOCH', 'SHRED', 'ADMIN', 'CONTINUATION', 'WITNESSED', 'FORK_PROOF'];

// A spreadsheet takes what begins with these for a formula.
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",;\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
const COLUMNS = ['index', 'type', 'at', 'party', 'kind', 'who', 'act', 'reason', 'released_by', 'remark', 'ref', 'hash'] as const;

/** Titles are the names of the API: such a file is for programs as much as for people. */
export function ledger_csv(rows: LedgerView[]): string {
  return '\ufeff' + [[...COLUMNS], ...rows.map((one) => COLUMNS.map((name) => one[name]))].map((row) => row.map(cell).join(',')).join('\r\n') + '\r\n';
}
