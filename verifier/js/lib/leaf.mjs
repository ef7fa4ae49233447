// Leaves of a ledger, and what else is hashed with a name (docs/protocol.md 6.1, 10, 15.1).
import { H, concat, readBe, u64be, u8, utf8 } from './bytes.mjs';
import { leafHash } from './merkle.mjs';

export const kSent = 1;
export const kReceived = 2;
export const kShred = 8;
export const kRejected = 15;

export const kLeafSize = 74;
const kZeros = new Uint8Array(32);

export const makeLeaf = ({ type, ms, ref, detail }) => concat(u8(1), u8(type), u64be(ms), ref, detail ?? kZeros);

// null if it is no leaf.
export function readLeaf(bytes) {
  if (bytes.length !== kLeafSize || bytes[0] !== 1) return null;
  const ms = readBe(bytes.subarray(2, 10));
  if (ms >= 2n ** 48n) return null;
  const detail = bytes.subarray(42);
  return { type: bytes[1], ms, ref: bytes.subarray(10, 42), detail, isPlain: detail.every((b) => b === 0) };
}

export const detailHash = (saltAndText) => H(utf8('focal/detail/v1\0'), saltAndText);

export const bodyCommit = (salt, body) => H(utf8('focal/body/v1\0'), salt, body);

export const kFirstRejection = 16n;

// The hash of the leaf that a receipt item speaks of (section 10).
export const receiptLeaf = (i) => leafHash(makeLeaf(
  { type: i.status < kFirstRejection ? kReceived : kRejected, ms: i.at_ms, ref: i.rid }));
