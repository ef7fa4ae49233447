// The Merkle tree hash of RFC 6962 section 2.1, over leaf hashes, and its inclusion proofs.
import { H, u8 } from './bytes.mjs';

export const leafHash = (data) => H(u8(0), data);
export const nodeHash = (a, b) => H(u8(1), a, b);

export function fold(leaves) {
  if (leaves.length === 0) return H(new Uint8Array(0));
  if (leaves.length === 1) return leaves[0];
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return nodeHash(fold(leaves.slice(0, k)), fold(leaves.slice(k)));
}

// The root that a path leads to (RFC 9162 section 2.1.3.2); null if it has not as many hashes as
// index and size (BigInt) ask for.
export function rootOf(leaf, index, size, path) {
  if (index >= size) return null;
  let [fn, sn, root] = [index, size - 1n, leaf];
  for (const hash of path) {
    if (sn === 0n) return null;
    if (fn % 2n === 1n || fn === sn) {
      root = nodeHash(hash, root);
      while (fn % 2n === 0n && fn !== 0n) {
        fn >>= 1n;
        sn >>= 1n;
      }
    } else {
      root = nodeHash(root, hash);
    }
    fn >>= 1n;
    sn >>= 1n;
  }
  return sn === 0n ? root : null;
}
