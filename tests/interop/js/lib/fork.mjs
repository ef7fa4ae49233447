// Fork proofs: two notes that one key cannot both have made honestly (docs/protocol.md 3.6).
// As an object of these tests: u32be length of the first note || first || second.
import { H, compare, concat, equal, fromUtf8, readBe, u32be, utf8 } from './bytes.mjs';
import { nextHash, readCard, rootName } from './card.mjs';
import { readDirectory } from './directory.mjs';
import { kPlain, lineOf } from './note.mjs';
import { Refused, declare, must } from './refused.mjs';
import { readSchedule } from './schedule.mjs';

declare({
  'fork.type': 'two notes of different types, or of none that can fork',
  'fork.same': 'the same text, or another serial: no contradiction',
  'fork.key': 'no key of the party stands under both',
});

// Read under the keys of the first card that fits.
function underOne(cards, read) {
  let last = null;
  for (const card of cards) {
    try {
      return read(card);
    } catch (e) {
      if (!(e instanceof Refused)) throw e;
      last ??= e;
    }
  }
  throw last;
}

const isRootOf = (key, cards) => cards.some((c) => equal(c.root, key) || equal(c.next, nextHash(key)));
const signs = (key, card) => equal(card.root, key) ||
  lineOf(card.note, { name: rootName(card.party), type: kPlain, key }) === true;

function checkCards(a, b, cards) {
  must(a.party === cards[0].party && b.party === cards[0].party, 'text.party');
  const roots = [a.root, b.root, ...cards.map((c) => c.root)].filter((key) => isRootOf(key, cards));
  const oneKey = roots.some((key) => signs(key, a) && signs(key, b));
  const announced = [[a, b], [b, a]].some(([x, y]) => equal(nextHash(y.root), x.next) && isRootOf(x.root, cards));
  must(oneKey || announced, 'fork.key');
}

const kReaders = {
  'focal-card/v1': (note) => readCard(note),
  'focal-seal/v1': (note, cards) => underOne(cards, (card) => readSchedule(note, card)),
  'focal-directory/v1': (note, cards) => underOne(cards, (card) => readDirectory(note, card)),
};
const firstLine = (note) => (fromUtf8(note) ?? '').split('\n')[0];

// peer: {card, old}.
export function readFork(bytes, peer) {
  const length = Number(readBe(bytes.subarray(0, 4)));
  const notes = [bytes.subarray(4, 4 + length), bytes.subarray(4 + length)];
  const type = firstLine(notes[0]);
  must(kReaders[type] && firstLine(notes[1]) === type, 'fork.type');
  const cards = [peer.card, ...peer.old];
  const [a, b] = notes.map((note) => kReaders[type](note, cards));
  must(a.serial === b.serial && a.text !== b.text, 'fork.same');
  if (type === 'focal-card/v1') checkCards(a, b, cards);
  else if (type === 'focal-seal/v1') must(equal(a.sign, b.sign), 'fork.key');
  const hashes = [a, b].map((n) => H(utf8(n.text))).sort(compare);
  return H(utf8('focal/fork/v1\0'), ...hashes);
}

export const forkBytes = (a, b) => concat(u32be(a.length), a, b);
