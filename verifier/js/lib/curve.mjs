// Keys, signatures and X25519 as docs/protocol.md 2.1 wants them.
import { ed25519, x25519 } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { H, concat, equal, hex } from './bytes.mjs';

const Point = ed25519.Point;
const kOrder = Point.Fn.ORDER;

const known = new Map(); // hex of a key -> usable; checks of the subgroup are slow

// The canonical encoding of a point of the prime-order subgroup, and not the identity.
export function isUsableKey(key) {
  if (key.length !== 32) return false;
  const name = hex(key);
  if (!known.has(name)) {
    let usable = false;
    try {
      const point = Point.fromBytes(key, false);
      usable = !point.is0() && point.isTorsionFree();
    } catch {
      usable = false;
    }
    known.set(name, usable);
  }
  return known.get(name);
}

const littleEndian = (bytes) => BigInt('0x' + hex(Uint8Array.from(bytes).reverse()));

// RFC 8032 without the cofactor: S is canonical, neither the key nor R is of small order, and
// the encoding of S·B − k·A is R byte for byte. noble multiplies by the cofactor and takes
// any R, so its answer alone would let a signer make signatures that only some programs take.
function verifiesAnew(key, message, sig) {
  if (!ed25519.verify(sig, message, key, { zip215: false })) return false;
  const s = littleEndian(sig.subarray(32));
  if (s >= kOrder) return false;
  const k = littleEndian(sha512(concat(sig.subarray(0, 32), key, message))) % kOrder;
  const point = Point.fromBytes(key, false);
  const r = Point.BASE.multiplyUnsafe(s).subtract(point.multiplyUnsafe(k));
  return !r.isSmallOrder() && equal(r.toBytes(), sig.subarray(0, 32));
}

// Of a case with many records most signatures are of the same notes.
const kMostAnswers = 4096;
const answers = new Map();

export function verifies(key, message, sig) {
  if (sig.length !== 64 || key.length !== 32) return false;
  const name = hex(H(key, sig, message));
  let answer = answers.get(name);
  if (answer === undefined) {
    answer = verifiesAnew(key, message, sig);
    if (answers.size >= kMostAnswers) answers.clear();
    answers.set(name, answer);
  }
  return answer;
}

export const publicKey = (seed) => ed25519.getPublicKey(seed);
export const sign = (seed, message) => ed25519.sign(message, seed);

export const x25519Public = (secret) => x25519.getPublicKey(secret);

// The shared secret; null if it is all zero.
export function x25519Shared(secret, key) {
  try {
    const shared = x25519.getSharedSecret(secret, key);
    return shared.every((byte) => byte === 0) ? null : shared;
  } catch {
    return null;
  }
}

// Of small order: any clamped scalar takes it to zero.
export const isSmallX25519 = (key) => x25519Shared(new Uint8Array(32).fill(0x42), key) === null;
