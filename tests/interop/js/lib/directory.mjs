// Directories of introducers (docs/protocol.md 3.5).
import { H, compare, toBase64, utf8 } from './bytes.mjs';
import { rootName } from './card.mjs';
import { Lines, bytes, isParty, number } from './lines.mjs';
import { checkNote, kPlain, parseNote } from './note.mjs';
import { declare, must } from './refused.mjs';

declare({
  'directory.prev': 'prev is none, if and only if serial is 1',
  'directory.entry': 'an entry has another form',
  'directory.order': 'entries are not in ascending order, or a party stands twice',
});

const kMostEntries = 768;
const kMaxSerial = 2n ** 63n - 1n;

function readEntry(value) {
  const parts = value.split(' ');
  must(parts.length === 3 && isParty(parts[0]), 'directory.entry', value);
  return { party: parts[0], root: bytes(parts[1], 32), serial: number(parts[2], 1n, kMaxSerial) };
}

// card: the pinned one of the introducer.
export function readDirectory(note, card) {
  const parsed = parseNote(note);
  const lines = new Lines(parsed.text, 'focal-directory/v1');
  const d = { text: parsed.text };
  d.introducer = lines.value('introducer');
  must(d.introducer === card.party, 'text.party', d.introducer);
  d.serial = number(lines.value('serial'), 1n, kMaxSerial);
  const prev = lines.value('prev');
  must((prev === 'none') === (d.serial === 1n), 'directory.prev');
  if (prev !== 'none') bytes(prev, 32);
  d.entries = lines.values('entry', 0, kMostEntries).map(readEntry);
  lines.end();
  const order = d.entries.every((e, i) => i === 0 || compare(utf8(d.entries[i - 1].party), utf8(e.party)) < 0);
  must(order, 'directory.order');
  checkNote(parsed, [{ name: rootName(d.introducer), type: kPlain, key: card.root }]);
  d.id = H(utf8(d.text));
  return d;
}

export const directoryText = (f) =>
  ['focal-directory/v1', `introducer ${f.introducer}`, `serial ${f.serial}`,
    `prev ${f.prev ? toBase64(f.prev) : 'none'}`,
    ...f.entries.map((e) => `entry ${e.party} ${toBase64(e.root)} ${e.serial}`), ''].join('\n');
