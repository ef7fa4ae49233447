// A leaf and the proof that it stands in a log (docs/protocol.md 15.9, 20.3). As an object of these tests: the
// 74 bytes of the leaf || the proof.
import { equal } from './bytes.mjs';
import { readCheckpoint } from './checkpoint.mjs';
import { leafHash, rootOf } from './merkle.mjs';
import { readProof } from './proof.mjs';
import { declare, must } from './refused.mjs';

declare({ 'proof.leaf': '20.3: the path does not lead from the leaf to the root' });

const kLeaf = 74;

// INDEX:SIZE. card: of the party whose log it is.
export function readLeafProof(bytes, card) {
  const proof = readProof(bytes.subarray(kLeaf));
  const { size, root } = readCheckpoint(proof.checkpoint, card);
  const leads = rootOf(leafHash(bytes.subarray(0, kLeaf)), proof.index, size, proof.path);
  must(leads && equal(leads, root), 'proof.leaf');
  return `${proof.index}:${size}`;
}
