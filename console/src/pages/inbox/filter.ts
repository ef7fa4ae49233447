// Which cases the inbox shows: the node finds them, as not all are here. Pure.
import type { InboxRequest } from '../../api';

export type View = 'mine' | 'waiting' | 'all' | 'outbox' | 'drafts';
export const VIEWS: View[] = ['mine', 'waiting', 'all', 'outbox', 'drafts'];

export interface Filter {
  view: View;
  text: string;
  party: string;
  role: string;
  state: string;
  priority: string;
  overdue: boolean;
  unread: boolean;
}
export const NO_FILTER: Filter = { view: 'mine', text: '', party: '', role: '', state: '', priority: '', overdue: false, unread: false };

/** What the address says; anything else in it is passed over. */
export function parse_filter(query: URLSearchParams): Filter {
  const view = query.get('view') as View;
  return {
    view: VIEWS.includes(view) ? view : 'mine', text: query.get('q') ?? '', party: query.get('party') ?? '', role: query.get('role') ?? '',
    state: query.get('state') ?? '', priority: query.get('priority') ?? '', overdue: query.get('overdue') === '1', unread: query.get('unread') === '1',
  };
}

export function write_filter(filter: Filter): Record<string, string | undefined> {
  return {
    view: filter.view === 'mine' ? undefined : filter.view, q: filter.text || undefined, party: filter.party || undefined, role: filter.role || undefined,
    state: filter.state || undefined, priority: filter.priority || undefined, overdue: filter.overdue ? '1' : undefined, unread: filter.unread ? '1' : undefined,
  };
}

/** Narrowed beyond its view. */
export function is_narrowed(filter: Filter): boolean {
  const { view: _, ...rest } = filter;
  return Object.values(rest).some((value) => value !== '' && value !== false);
}

const MOST_TEXT = 200; // bytes; as node/desk/case_query.h

function cut(text: string): string {
  let out = text;
  while (new TextEncoder().encode(out).length > MOST_TEXT) out = [...out].slice(0, -1).join('');
  return out;
}

export type InboxQuestion = Partial<Pick<InboxRequest, 'needs_action' | 'waiting' | 'overdue' | 'party' | 'state' | 'role' | 'priority' | 'text' | 'unread'>>;

/** What the node is asked. unread: what this person has read, as reading.ts writes it. */
export function question(filter: Filter, unread: string): InboxQuestion {
  return {
    needs_action: filter.view === 'mine', waiting: filter.view === 'waiting', overdue: filter.overdue, party: filter.party, state: filter.state,
    role: filter.role, priority: filter.priority, text: cut(filter.text.trim()), unread: filter.unread ? unread : '',
  };
}
