// A checkpoint of a ledger (docs/protocol.md 15.3).
import { H, utf8 } from './bytes.mjs';
import { logName } from './card.mjs';
import { Lines, bytes, number } from './lines.mjs';
import { checkNote, kPlain, parseNote } from './note.mjs';

// card: of the party whose ledger it is.
export function readCheckpoint(note, card) {
  const parsed = parseNote(note);
  const name = logName(card.party, card.log.generation);
  const lines = new Lines(parsed.text, name);
  const size = number(lines.line(), 0n, 2n ** 63n - 1n);
  const root = bytes(lines.line(), 32);
  lines.end();
  checkNote(parsed, [{ name, type: kPlain, key: card.log.key }]);
  return { size, root, id: H(utf8(parsed.text)) };
}
