// The columns of the inbox, and the same as a file of comma-separated values.
import type { InboxEntry } from '../../api';
import { code_label, country_label, t, t_or } from '../../i18n';
import { write_csv } from '../../ui/csv';

export type ColumnId = 'due' | 'party' | 'subject' | 'state' | 'last' | 'priority' | 'role' | 'case';
/** In the order of the screen. */
export const COLUMNS: ColumnId[] = ['due', 'party', 'subject', 'state', 'last', 'priority', 'role', 'case'];
export const USUAL: ColumnId[] = ['due', 'party', 'subject', 'state', 'last'];
/** Cannot be left out: it is the link to the case. */
export const FIXED: ColumnId = 'subject';

export function parse_columns(kept: unknown): ColumnId[] {
  if (!Array.isArray(kept)) return USUAL;
  return COLUMNS.filter((one) => one === FIXED || kept.includes(one));
}

export const state_list = (one: { role: string }) => (one.role === 'REQUESTER' ? 'trace_requester_state' : 'trace_responder_state');
export const state_words = (one: InboxEntry) => code_label(state_list(one), one.state, one.state_text);

/** "trace.info_request" in a word or two. */
export const kind_words = (kind: string) => t_or(`inbox.kind.${kind}`, kind);

/** With titles in the reader's language and times as the node has them. */
export function as_csv(entries: InboxEntry[]): string {
  const titles = ['case', 'party', 'state_name', 'subject', 'role', 'state', 'flags', 'priority', 'turn', 'due_act', 'due_at', 'overdue', 'last_kind', 'last_at']
    .map((one) => t(`inbox.csv.${one}`));
  const rows = entries.map((one) => [
    one.case_number, one.party, country_label(one.party), one.subject, t_or(`inbox.role.${one.role}`, one.role), state_words(one), one.flags.join(' '),
    code_label('priority', one.priority), t_or(`inbox.turn.${one.turn || 'NOBODY'}`, one.turn), t_or(`inbox.due.${one.due_act || 'NONE'}`, one.due_act), one.due_at,
    one.overdue ? t('inbox.csv.yes') : t('inbox.csv.no'), kind_words(one.last_kind), one.last_at,
  ]);
  return write_csv([titles, ...rows]);
}
