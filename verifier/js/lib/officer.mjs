// Certificates of second officers and what they approve (docs/protocol.md 6.5).
import { H, equal, toBase64, utf8 } from './bytes.mjs';
import { cardKeys, signName } from './card.mjs';
import { verifies } from './curve.mjs';
import { Lines, date, edKey, party } from './lines.mjs';
import { checkNote, kPlain, parseNote } from './note.mjs';
import { kRelease, pae } from './pae.mjs';
import { declare, must } from './refused.mjs';

declare({
  'officer.size': 'a certificate longer than 2 KiB',
  'officer.role': 'a role has another form',
  'officer.key': 'the officer key is one of the card',
  'officer.until': 'until is not later than from',
  'approval.time': 'the certificate is not of the time of the record',
  'approval.sig': 'the officer did not sign the manifest',
});

const kMostBytes = 2 * 1024;

// card: the one whose sign key made the certificate.
export function readCertificate(bytes, card) {
  must(bytes.length <= kMostBytes, 'officer.size');
  const note = parseNote(bytes);
  const lines = new Lines(note.text, 'focal-officer/v1');
  const c = { text: note.text };
  c.party = party(lines.value('party'));
  must(c.party === card.party, 'text.party', c.party);
  c.role = lines.value('role');
  must(utf8(c.role).length <= 64, 'officer.role', c.role);
  c.key = edKey(lines.value('key'));
  const taken = [...cardKeys(card).map((k) => k.key), card.transport];
  must(!taken.some((k) => equal(k, c.key)), 'officer.key');
  c.from = date(lines.value('from'));
  c.until = date(lines.value('until'));
  must(c.until > c.from, 'officer.until');
  lines.end();
  checkNote(note, [{ name: signName(c.party), type: kPlain, key: card.sign }]);
  c.id = H(bytes);
  return c;
}

// One approval of a manifest.
export function checkApproval(approval, manifest, manifestBytes, card) {
  const c = readCertificate(approval.certificate, card);
  const ms = manifest.created_ms;
  must(c.from * 1000n <= ms && ms < c.until * 1000n, 'approval.time');
  must(verifies(c.key, pae(kRelease, manifestBytes), approval.signature), 'approval.sig');
}

export const certificateText = (f) =>
  ['focal-officer/v1', `party ${f.party}`, `role ${f.role}`,
    `key ${toBase64(f.key)}`, `from ${f.from}`, `until ${f.until}`, '']
    .join('\n');
