// Pair secrets and their weekly keys (docs/protocol.md 7.1).
import { hkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { H, compare, concat, lp, utf8 } from './bytes.mjs';
import { fingerprint } from './card.mjs';

const kFirstWeek = 2922n; // begins on Monday 2026-01-05
export const kPskId = utf8('focal/psk/v1');

const derive = (ikm, info, salt) => hkdf(sha256, ikm, salt, info, 32);
const mac = (key, ...parts) => hmac(sha256, key, concat(...parts));
const ordered = (a, b) => (compare(a, b) < 0 ? concat(a, b) : concat(b, a));

// N of the safety number (section 4): 32 bytes.
export const pairNumber = (a, rootA, b, rootB) =>
  H(utf8('focal/pair/v1\0'), ordered(fingerprint(a, rootA), fingerprint(b, rootB)));

export const pairSecret = (cA, cB, number) => derive(ordered(cA, cB), utf8('focal/psk/v1'), number);

// The key of the first week of the direction from one party to another.
export const firstKey = (secret, from, to) =>
  derive(secret, concat(utf8('focal/psk/dir/v1'), lp(from), lp(to)));

export function weekKey(first, week) {
  let key = first;
  for (let e = kFirstWeek; e < week; e++) key = derive(key, utf8('focal/psk/next/v1'));
  return key;
}

// day: of not_before of the recipient's sealing key, in days since 1970.
export const weekOf = (day) => (day - 4n) / 7n;

export const hintKey = (key) => derive(key, utf8('hint'));
export const hintOf = (key, enc) => mac(hintKey(key), enc).subarray(0, 8);
export const confirmTag = (first, sender) => mac(first, utf8('confirm'), lp(sender));
