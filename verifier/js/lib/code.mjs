// Codes that machines compare (docs/protocol.md 4.1).
import { concat, fromUtf8, lp, utf8 } from './bytes.mjs';
import { isUsableKey } from './curve.mjs';
import { isParty } from './lines.mjs';
import { declare, must } from './refused.mjs';

declare({
  'code.size': 'a code longer than 124 characters',
  'code.prefix': 'not FOCAL:1: in upper case',
  'code.base45': 'no base45, or another spelling of the bytes',
  'code.length': 'other than 0 or 32 bytes behind the root key',
  'code.party': 'no name of a party',
  'code.key': 'a root key that no card could have',
});

const kMost = 124;
const kPrefix = 'FOCAL:1:';
const kDigits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';

// RFC 9285.
export function toBase45(bytes) {
  let out = '';
  for (let i = 0; i < bytes.length; i += 2) {
    const two = i + 1 < bytes.length;
    let n = two ? bytes[i] * 256 + bytes[i + 1] : bytes[i];
    for (let k = two ? 3 : 2; k > 0; k--) {
      out += kDigits[n % 45];
      n = Math.floor(n / 45);
    }
  }
  return out;
}

// null if the text is not the base45 of any bytes.
export function fromBase45(text) {
  const out = [];
  for (let i = 0; i < text.length; i += 3) {
    const digits = [...text.slice(i, i + 3)].map((c) => kDigits.indexOf(c));
    if (digits.includes(-1) || digits.length === 1) return null;
    const n = digits.reduceRight((sum, d) => sum * 45 + d, 0);
    if (n >= (digits.length === 3 ? 65536 : 256)) return null;
    if (digits.length === 3) out.push(n >> 8);
    out.push(n & 255);
  }
  return Uint8Array.from(out);
}

// {party, root, c}: c is null in a fingerprint.
export function readCode(bytes) {
  const text = fromUtf8(bytes);
  must(text !== null && text.length <= kMost, 'code.size');
  must(text.startsWith(kPrefix), 'code.prefix');
  const inside = fromBase45(text.slice(kPrefix.length));
  must(inside !== null, 'code.base45');
  const length = inside[0] ?? 0;
  const rest = inside.subarray(1 + length);
  must(rest.length === 32 || rest.length === 64, 'code.length');
  const party = fromUtf8(inside.subarray(1, 1 + length));
  must(party !== null && isParty(party), 'code.party');
  const root = rest.subarray(0, 32);
  must(isUsableKey(root), 'code.key');
  return { party, root, c: rest.length === 64 ? rest.subarray(32) : null, inside };
}

export const makeCode = (party, root, c) => utf8(kPrefix + toBase45(concat(lp(party), root, c ?? new Uint8Array(0))));

