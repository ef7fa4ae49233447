// Which cases the inbox shows, and in what order. Pure but for words of the reader's language.
import type { InboxEntry } from '../../api';
import { fits } from '../../app/jump';
import { country_label } from '../../i18n';

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

/** What the node can be asked for, so that its limit counts after it. */
export function server_side(filter: Filter): { needs_action: boolean; overdue: boolean; party: string } {
  return { needs_action: filter.view === 'mine', overdue: filter.overdue, party: filter.party };
}

export function passes(filter: Filter, one: InboxEntry, is_unread: (one: InboxEntry) => boolean): boolean {
  if (filter.view === 'mine' && !one.needs_action) return false;
  if (filter.view === 'waiting' && one.needs_action) return false;
  if (filter.overdue && !one.overdue) return false;
  if (filter.party && one.party !== filter.party) return false;
  if (filter.role && one.role !== filter.role) return false;
  if (filter.state && one.state !== filter.state) return false;
  if (filter.priority && one.priority !== filter.priority) return false;
  if (filter.unread && !is_unread(one)) return false;
  return !filter.text || fits(`${one.case_number} ${one.subject} ${one.party} ${country_label(one.party)}`, filter.text);
}

/** Merges lists of the node, which may overlap, in its own order: overdue first, then by due time. */
export function merge(lists: InboxEntry[][]): InboxEntry[] {
  const all = new Map<string, InboxEntry>();
  for (const list of lists) for (const one of list) all.set(one.case_number, one);
  return [...all.values()].sort((a, b) =>
    (a.due_at || '9') < (b.due_at || '9') ? -1 : (a.due_at || '9') > (b.due_at || '9') ? 1 : Number(b.needs_action) - Number(a.needs_action));
}
