// How a party stands, in plain words of the reader's language, out of the fields; the node's own sentences
// are English and stand beside them.
import type { Peer, PeerTrust } from '../../api';
import { country_label, format, now, t, t_or } from '../../i18n';
import type { IconName } from '../../ui/icons';

export type Tone = 'good' | 'warn' | 'bad' | 'neutral' | 'accent';

export const LEVELS: Record<string, { tone: Tone; icon: IconName }> = {
  VERIFIED: { tone: 'good', icon: 'shield' },
  INTRODUCED: { tone: 'accent', icon: 'people' },
  NONE: { tone: 'neutral', icon: 'help' },
  SUSPENDED: { tone: 'warn', icon: 'pause' },
  REVOKED: { tone: 'bad', icon: 'stop' },
};

/** "Verified by telephone on 3 May 2026 by jo." */
export function trust_words(peer: Peer, trust: PeerTrust | undefined): string {
  const by = trust?.verified_by.replace(/ \(uid.*\)$/, '') ?? '';
  if (peer.level === 'VERIFIED')
    return t('trust.words.VERIFIED', {
      how: t_or(`trust.how.${peer.verified_how}`, peer.verified_how), when: format.time(peer.verified_at, 'date'), by: by || t('trust.somebody'),
    });
  if (peer.level === 'INTRODUCED') return t('trust.words.INTRODUCED', { by: format.list(trust?.introduced_by ?? []) || t('trust.somebody') });
  if (peer.level === 'SUSPENDED') return t(`trust.words.SUSPENDED.${trust?.suspended_why || 'OFFICER'}`, { when: format.time(trust?.suspended_at ?? '', 'date') });
  if (peer.level === 'REVOKED') return t('trust.words.REVOKED', { when: format.time(trust?.revoked?.since_at ?? '', 'date') });
  return t_or(`trust.words.${peer.level}`, peer.level_text);
}

/** What passes between us. */
export const passes_words = (peer: Peer) => t_or(`trust.passes.${peer.level}`, '');

/** What to do next about a party, the most pressing first; undefined: nothing. */
export function next_step(trust: PeerTrust | undefined, peer: Peer): 'held' | 'revoked' | 'verify' | 'again' | 'new_card' | undefined {
  if (!trust) return undefined;
  if (trust.held_cards.length > 0) return 'held';
  if (peer.level === 'REVOKED') return 'revoked';
  if (peer.level === 'NONE' || peer.level === 'INTRODUCED') return 'verify';
  if (trust.root_changed_at) return 'again';
  return trust.new_cards.length > 0 ? 'new_card' : undefined;
}

export const party_words = (party: string) => `${country_label(party)} (${party})`;

const CLOCK_WARN_MS = 5 * 60_000;
const CARD_WARN_MS = 30 * 86_400_000;

export interface Health {
  tone: Tone;
  icon: IconName;
  text: string;
}
/** The state of the link in a word and a shape. */
export function link_health(peer: Peer): Health {
  if (peer.link === 'UP') return { tone: 'good', icon: 'link', text: t('trust.link.UP') };
  if (peer.link === 'CONNECTING') return { tone: 'warn', icon: 'reload', text: t('trust.link.CONNECTING') };
  return { tone: 'bad', icon: 'unlink', text: t('trust.link.DOWN') };
}

/** Everything about a link that somebody should look at. */
export function worries(peer: Peer): string[] {
  const out: string[] = [];
  if (peer.not_connected_code) out.push(t_or(`trust.why.${peer.not_connected_code}`, peer.not_connected_text));
  const offset = Number(peer.clock_offset_ms);
  if (Math.abs(offset) > CLOCK_WARN_MS) out.push(t(offset > 0 ? 'trust.clock_ahead' : 'trust.clock_behind', { by: format.duration(offset / 1000) }));
  const expires = Date.parse(peer.card?.expires_at ?? '');
  if (expires < now.ms) out.push(t('trust.card_expired', { when: format.time(peer.card!.expires_at, 'date') }));
  else if (expires - now.ms < CARD_WARN_MS) out.push(t('trust.card_expires', { when: format.relative(peer.card!.expires_at, now.ms) }));
  if (peer.waiting > 0) out.push(t('trust.waiting', { n: peer.waiting }));
  return out;
}
