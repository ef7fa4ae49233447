// Consistency of two trees (RFC 6962 2.1.2 and 2.1.4), over leaf hashes.
import { equal } from './bytes.mjs';
import { fold, nodeHash } from './merkle.mjs';

// The largest power of two below n.
function split(n) {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

function subproof(m, leaves, whole) {
  const n = leaves.length;
  if (m === n) return whole ? [] : [fold(leaves)];
  const k = split(n);
  if (m <= k) return [...subproof(m, leaves.slice(0, k), whole), fold(leaves.slice(k))];
  return [...subproof(m - k, leaves.slice(k), false), fold(leaves.slice(0, k))];
}

// From the tree of the first m leaves, m > 0, to that of all.
export const consistency = (m, leaves) => subproof(m, leaves, true);

// Does the path lead from that root to this one (RFC 9162 2.1.4.2)? 0 < first < second, BigInt.
export function isConsistent(first, firstRoot, second, secondRoot, path) {
  if (path.length === 0) return false;
  const rest = (first & (first - 1n)) === 0n ? [firstRoot, ...path] : [...path];
  let [fn, sn] = [first - 1n, second - 1n];
  while (fn % 2n === 1n) [fn, sn] = [fn >> 1n, sn >> 1n];
  let [fr, sr] = [rest[0], rest[0]];
  for (const hash of rest.slice(1)) {
    if (sn === 0n) return false;
    if (fn % 2n === 1n || fn === sn) {
      [fr, sr] = [nodeHash(hash, fr), nodeHash(hash, sr)];
      while (fn % 2n === 0n && fn !== 0n) [fn, sn] = [fn >> 1n, sn >> 1n];
    } else {
      sr = nodeHash(sr, hash);
    }
    [fn, sn] = [fn >> 1n, sn >> 1n];
  }
  return sn === 0n && equal(fr, firstRoot) && equal(sr, secondRoot);
}

// The path of a leaf, from it up (RFC 6962 2.1.1).
export function inclusion(index, leaves) {
  if (leaves.length === 1) return [];
  const k = split(leaves.length);
  if (index < k) return [...inclusion(index, leaves.slice(0, k)), fold(leaves.slice(k))];
  return [...inclusion(index - k, leaves.slice(k)), fold(leaves.slice(0, k))];
}
