// The Merkle tree hash of RFC 6962 section 2.1, over leaf hashes.
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
