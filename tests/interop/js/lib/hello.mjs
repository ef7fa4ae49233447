// What HELLO says of caps, and of what the sender holds of the reader's (docs/protocol.md 12.1). Form alone:
// a claim that has not its form is ignored, and ends no link.
import { H, concat, hex, utf8 } from './bytes.mjs';
import { parseCheckpoint } from './checkpoint.mjs';
import { readLoose } from './loose.mjs';
import { Refused } from './refused.mjs';
import { readCosig } from './witness.mjs';
import { fixed64, long, tag, varint } from './write.mjs';

const kMostNote = 64 * 1024;
const kMostStatement = 512;
const kWitnessing = 2n;

const orNone = (read) => {
  try {
    return read() ?? '-';
  } catch (e) {
    if (e instanceof Refused) return '-';
    throw e;
  }
};
const bytesOf = (fields, no, most) => {
  const f = fields.get(no);
  return f instanceof Uint8Array && f.length > 0 && f.length <= most ? f : null;
};

const noteOf = (f) => f && parseCheckpoint(f, null) && hex(H(f));
function statementOf(f) {
  if (!f) return null;
  const fields = readLoose(f);
  const [stmt, sig] = [bytesOf(fields, 1, kMostStatement), bytesOf(fields, 2, kMostStatement)];
  return stmt && sig && sig.length === 64 ? hex(H(stmt, sig)) : null;
}
function cosigOf(f) {
  if (!f) return null;
  const { conflict, checkpoint } = readCosig(f);
  return conflict ? null : hex(H(checkpoint));
}

// caps, and the hash of each claim or -.
export function readClaims(body) {
  const fields = readLoose(body);
  const caps = fields.get(11) ?? 0n;
  if (!(caps & kWitnessing)) return 'none';
  const claims = [
    orNone(() => noteOf(bytesOf(fields, 8, kMostNote))), orNone(() => statementOf(bytesOf(fields, 9, kMostStatement))),
    orNone(() => cosigOf(bytesOf(fields, 10, kMostNote))),
  ];
  return claims.join();
}

// f: {party, card, stream, incarnation, now, serial, note, stmt: {stmt, sig}, cosig, caps}.
export const helloBytes = (f) => concat(
  tag(1, 0), varint(1n), long(2, utf8(f.party)), long(3, f.card), long(4, f.stream), long(5, f.incarnation),
  tag(6, 1), fixed64(f.now), tag(7, 0), varint(f.serial),
  ...[[8, f.note], [9, f.stmt && concat(long(1, f.stmt.stmt), long(2, f.stmt.sig))], [10, f.cosig]].map(([no, v]) => (v ? long(no, v) : new Uint8Array(0))),
  tag(11, 0), varint(f.caps), tag(14, 0), varint(1n),
);
