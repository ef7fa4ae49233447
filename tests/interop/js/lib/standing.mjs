// What revocations take away from a party (docs/protocol.md 3.2).
import { equal } from './bytes.mjs';
import { nextHash } from './card.mjs';

// The pinned card and those that prev leads to from it. peer: {card, old: newest first, revoked}.
function chainOf(peer) {
  const chain = [peer.card];
  for (const old of peer.old) {
    const { prev } = chain.at(-1);
    if (prev !== null && equal(prev, old.id)) chain.push(old);
  }
  return chain;
}

const speaksFor = (note, card) => equal(note.key, card.root) || equal(nextHash(note.key), card.next);

// {note, card} of the revocations that count, and whose card is here.
function withdrawals(peer) {
  const cards = [peer.card, ...peer.old];
  const chain = chainOf(peer);
  return peer.revoked.flatMap((note) => {
    const at = cards.findIndex((c) => equal(c.id, note.card));
    if (at < 0) return [];
    const counts = speaksFor(note, cards[at]) || cards.slice(0, at).some((c) => chain.includes(c) && speaksFor(note, c));
    return counts ? [{ note, card: cards[at] }] : [];
  });
}

const ofPinned = (peer) => withdrawals(peer).filter(({ note, card }) => note.scope === 'all' && card === peer.card);

export const isRevoked = (peer) => ofPinned(peer).length > 0;

// By its announced next root: then its own root says nothing more.
export const isRootRevoked = (peer) => ofPinned(peer).some(({ note }) => !equal(note.key, peer.card.root));

// Also of a card that a recovery left behind.
export function isSignRevoked(peer, card) {
  if (!chainOf(peer).includes(card)) return true;
  return withdrawals(peer).some(({ note, card: named }) =>
    (note.scope === 'all' || note.scope === 'sign') && equal(named.sign, card.sign));
}
