// How a card that comes in stands to what is pinned of its party (docs/protocol.md 3.2).
import { equal } from './bytes.mjs';
import { nextHash, readCard, rootName } from './card.mjs';
import { kPlain, lineOf } from './note.mjs';
import { must } from './refused.mjs';
import { isRootRevoked } from './standing.mjs';

// Did the pinned root sign too: true, false, or 'wrong' if its line does not verify.
function oldRootSigned(card, pinned) {
  if (equal(card.root, pinned.root)) return false;
  return lineOf(card.note, { name: rootName(card.party), type: kPlain, key: pinned.root });
}

const kSuccessors = ['update', 'new-next-root', 'rotation', 'recovery', 'recovery-from-earlier'];
export const kVerdicts = [...kSuccessors, 'same', 'older', 'fork', 'gap', 'bad-rotation', 'unknown-root', 'wrong-prev',
  'undecided', 'copied-key', 'revoked-root', 'copied-transport'];

const isRecovery = (verdict) => verdict.startsWith('recovery');

// Would it follow that card, if nothing else were known.
const follows = (card, held) => kSuccessors.includes(compare({ card: held, old: [] }, card));

function lookAgain(peer, card, verdict, peers) {
  const others = peers.filter((p) => p.card.party !== card.party);
  const cards = others.flatMap((p) => [p.card, ...p.old]);
  const keys = (c) => [c.root, c.sign, c.log.key, c.witness];
  if (keys(card).some((key) => cards.some((o) => keys(o).some((k) => equal(k, key))))) return 'copied-key';
  if (isRecovery(verdict)) return verdict;
  if (isRootRevoked(peer) && equal(card.root, peer.card.root)) return 'revoked-root';
  if (peer.held.some((h) => isRecovery(compare(peer, h)))) return 'undecided';
  if (others.some((p) => equal(p.card.transport, card.transport))) return 'copied-transport';
  return verdict;
}

// peer: {card, old: earlier cards, newest first, held, revoked}; peers: all of them. The first row
// of the table that fits, and what is looked at once more.
export function succession(peer, bytes, peers) {
  const card = readCard(bytes);
  const verdict = compare(peer, card);
  if (kSuccessors.includes(verdict)) return lookAgain(peer, card, verdict, peers);
  const isKnown = verdict === 'same' || peer.old.some((o) => o.text === card.text);
  return !isKnown && peer.held.some((h) => follows(card, h)) ? 'undecided' : verdict;
}

function compare(peer, card) {
  const { card: pinned, old } = peer;
  must(card.party === pinned.party, 'text.party', 'another party');
  if (card.text === pinned.text) return 'same';
  const announced = equal(nextHash(card.root), pinned.next);
  const isPinnedRoot = equal(card.root, pinned.root);
  const signed = oldRootSigned(card, pinned);
  const before = old.find((o) => card.prev !== null && equal(o.id, card.prev));
  if (announced && before && equal(before.root, pinned.root) && equal(before.next, pinned.next) &&
      card.serial === before.serial + 1n) return 'recovery-from-earlier';
  if (old.some((o) => o.text === card.text) || card.serial < pinned.serial) return 'older';
  const known = isPinnedRoot || announced;
  if (card.serial === pinned.serial && (known || signed === true)) return 'fork';
  if (card.serial > pinned.serial + 1n) return 'gap';
  if (!known) return signed === true && card.serial === pinned.serial + 1n ? 'bad-rotation' : 'unknown-root';
  if (!equal(card.prev, pinned.id)) return 'wrong-prev';
  if (isPinnedRoot) return equal(card.next, pinned.next) ? 'update' : 'new-next-root';
  if (signed === 'wrong') return 'bad-rotation';
  return signed ? 'rotation' : 'recovery';
}
