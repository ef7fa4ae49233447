// Revocations (docs/protocol.md 3.2).
import { H, equal, toBase64, utf8 } from './bytes.mjs';
import { nextHash, rootName } from './card.mjs';
import { Lines, bytes, date, edKey, party } from './lines.mjs';
import { checkNote, kPlain, parseNote } from './note.mjs';
import { declare, must } from './refused.mjs';

declare({
  'revoke.size': 'a revocation longer than 2 KiB',
  'revoke.key': 'a key that is neither the pinned root nor the next one it announces',
  'revoke.scope': 'no scope',
  'revoke.reason': 'a reason longer than 255 bytes, or with a space at an end',
});

const kMostBytes = 2 * 1024;
const kScopes = ['all', 'sign', 'transport', 'seal'];

// card: the pinned one.
export const readRevocation = (note, card) => parseRevocation(note, card);

// One that was taken once: by the pinned card of then, which may be superseded now.
export const readTakenRevocation = (note) => parseRevocation(note, null);

function parseRevocation(note, card) {
  must(note.length <= kMostBytes, 'revoke.size');
  const parsed = parseNote(note);
  const lines = new Lines(parsed.text, 'focal-revoke/v1');
  const r = { text: parsed.text };
  r.party = party(lines.value('party'));
  must(card === null || r.party === card.party, 'text.party', r.party);
  r.card = bytes(lines.value('card'), 32);
  r.key = edKey(lines.value('key'));
  must(card === null || equal(r.key, card.root) || equal(nextHash(r.key), card.next), 'revoke.key');
  r.scope = lines.value('scope');
  must(kScopes.includes(r.scope), 'revoke.scope', r.scope);
  r.since = date(lines.value('since'));
  r.reason = lines.value('reason');
  must(utf8(r.reason).length <= 255 && r.reason.trim() === r.reason, 'revoke.reason');
  lines.end();
  checkNote(parsed, [{ name: rootName(r.party), type: kPlain, key: r.key }]);
  r.id = H(utf8(r.text));
  return r;
}

export const revocationText = (f) =>
  ['focal-revoke/v1', `party ${f.party}`, `card ${toBase64(f.card)}`, `key ${toBase64(f.key)}`,
    `scope ${f.scope}`, `since ${f.since}`, `reason ${f.reason}`, ''].join('\n');
