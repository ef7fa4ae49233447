// Fingerprints that the caller has on another way (docs/protocol.md 20.5).
import { unhex, utf8 } from './bytes.mjs';
import { fingerprint } from './card.mjs';
import { readCode } from './code.mjs';
import { isParty } from './lines.mjs';
import { orNull } from './refused.mjs';

// {party, fp} of PARTY=64 hex digits, or of a code without secret; null if it is neither.
export function readRoot(text) {
  const found = /^([^=]+)=([0-9a-fA-F]{64})$/.exec(text);
  if (found) return isParty(found[1]) ? { party: found[1], fp: unhex(found[2]) } : null;
  const code = orNull(() => readCode(utf8(text)));
  if (code === null || code.c !== null) return null;
  return { party: code.party, fp: fingerprint(code.party, code.root) };
}
