// The entries of the sidebar and who sees them.
import type { OperationName } from '../api/call';
import type { IconName } from '../ui/icons';
import { session } from './session.svelte';

export interface NavEntry {
  id: string;
  href: string;
  icon: IconName;
  /** Key of its name. */
  text: string;
  /** Shown to those who may do this. */
  needs?: OperationName;
  /** "g i" leads there. */
  key: string;
}

export const NAV: NavEntry[] = [
  { id: 'inbox', href: '/', icon: 'inbox', text: 'shell.nav.inbox', needs: 'inbox', key: 'i' },
  { id: 'search', href: '/search', icon: 'search', text: 'shell.nav.search', needs: 'find', key: 's' },
  { id: 'compose', href: '/compose', icon: 'plus', text: 'shell.nav.compose', needs: 'trace_open', key: 'n' },
  { id: 'releases', href: '/releases', icon: 'stamp', text: 'shell.nav.releases', needs: 'release_list', key: 'r' },
  { id: 'peers', href: '/peers', icon: 'globe', text: 'shell.nav.peers', needs: 'peer_list', key: 'p' },
  { id: 'keys', href: '/keys', icon: 'key', text: 'shell.nav.keys', needs: 'card_custody', key: 'k' },
  { id: 'audit', href: '/audit', icon: 'book', text: 'shell.nav.audit', needs: 'witness_show', key: 'a' },
  { id: 'retention', href: '/retention', icon: 'trash', text: 'shell.nav.retention', needs: 'retention_show', key: 'x' },
  { id: 'doctor', href: '/doctor', icon: 'pulse', text: 'shell.nav.doctor', needs: 'status', key: 'd' },
  { id: 'people', href: '/people', icon: 'people', text: 'shell.nav.people', needs: 'people_list', key: 'e' },
  { id: 'settings', href: '/settings', icon: 'gear', text: 'shell.nav.settings', key: 't' },
];

export function shown_entries(): NavEntry[] {
  return NAV.filter((one) => one.needs === undefined || session.may(one.needs));
}

/** Where somebody who has no inbox begins. */
export function home(): string {
  if (session.may('inbox')) return '/';
  if (session.may('card_prepare')) return '/keys';
  if (session.may('ledger_log')) return '/audit';
  return '/doctor';
}
