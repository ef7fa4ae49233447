// A checkpoint of a ledger (docs/protocol.md 15.3).
import { H, utf8 } from './bytes.mjs';
import { logName } from './card.mjs';
import { Lines, bytes, number } from './lines.mjs';
import { checkNote, kPlain, parseNote } from './note.mjs';

// {note, log, size, root}; no key is needed. log: the name it must have, or null.
export function parseCheckpoint(bytesOfNote, log) {
  const note = parseNote(bytesOfNote);
  const name = log ?? note.text.split('\n')[0];
  const lines = new Lines(note.text, name);
  const size = number(lines.line(), 0n, 2n ** 64n - 1n);
  const root = bytes(lines.line(), 32);
  lines.end();
  return { note, log: name, size, root };
}

// card: of the party whose ledger it is.
export function readCheckpoint(bytesOfNote, card) {
  const name = logName(card.party, card.log.generation);
  const { note, size, root } = parseCheckpoint(bytesOfNote, name);
  checkNote(note, [{ name, type: kPlain, key: card.log.key }]);
  return { size, root, id: H(utf8(note.text)) };
}
