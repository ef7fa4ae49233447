// To whom a request can go, and why not to others. Pure.
import type { CountryView, Peer } from '../../api';
import { is_party } from '../../forms/texts';

// Why not: a code of the messages compose.to.why.<code>.
export type Obstacle = 'NOT_A_STATE' | 'SUSPENDED' | 'REVOKED' | 'NOT_VERIFIED' | 'NO_CARD';

export interface Recipient {
  party: string;
  obstacle: Obstacle | undefined; // undefined: it can
  link: string; // UP, CONNECTING, DOWN
  last_contact_at: string;
}

// Tracing is between States: a State's code, alone or with "-…" behind it.
export function acts_for_a_state(party: string, countries: readonly CountryView[]): boolean {
  if (!is_party(party)) return false;
  const state = party.split('-')[0] ?? '';
  if (/^X[A-Z]$/.test(state)) return true; // left to users by ISO: States of a demonstration
  return countries.some((each) => each.code === state && each.kind !== 'FORMER');
}

export function recipient_of(peer: Peer, countries: readonly CountryView[]): Recipient {
  return {
    party: peer.party,
    obstacle: obstacle_of(peer, countries),
    link: peer.link,
    last_contact_at: peer.last_contact_at,
  };
}

function obstacle_of(peer: Peer, countries: readonly CountryView[]): Obstacle | undefined {
  if (!acts_for_a_state(peer.party, countries)) return 'NOT_A_STATE';
  switch (peer.level) {
    case 'VERIFIED':
      return undefined;
    case 'SUSPENDED':
    case 'REVOKED':
      return peer.level;
    case 'INTRODUCED':
      return 'NOT_VERIFIED';
    default:
      return 'NO_CARD';
  }
}
