// How a card that comes in stands to what is pinned of its party (docs/protocol.md 3.2).
import { equal } from './bytes.mjs';
import { nextHash, readCard, rootName } from './card.mjs';
import { kPlain, lineOf } from './note.mjs';
import { must } from './refused.mjs';

// Did the pinned root sign too: true, false, or 'wrong' if its line does not verify.
function oldRootSigned(card, pinned) {
  if (equal(card.root, pinned.root)) return false;
  return lineOf(card.note, { name: rootName(card.party), type: kPlain, key: pinned.root });
}

const kSuccessors = ['update', 'new-next-root', 'rotation', 'recovery', 'recovery-from-earlier'];

// Keys of other parties that a successor may not have.
function copied(card, verdict, peers) {
  const others = peers.filter((p) => p.card.party !== card.party);
  const cards = others.flatMap((p) => [p.card, ...p.old]);
  const keys = (c) => [c.root, c.sign, c.log.key, c.witness];
  if (keys(card).some((key) => cards.some((o) => keys(o).some((k) => equal(k, key))))) return 'copied-key';
  if (!verdict.startsWith('recovery') && others.some((p) => equal(p.card.transport, card.transport))) return 'copied-transport';
  return verdict;
}

// peer: {card, old: earlier cards, newest first}; peers: all of them. The first row of the table
// that fits, and what is looked at once more in a successor.
export function succession(peer, bytes, peers) {
  const card = readCard(bytes);
  const verdict = compare(peer, card);
  return kSuccessors.includes(verdict) ? copied(card, verdict, peers) : verdict;
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
