// A ledger of the bundle maker: leaves, checkpoints, proofs (docs/protocol.md 15, 20.3).
import { toBase64 } from '../lib/bytes.mjs';
import { logName, witnessName } from '../lib/card.mjs';
import { fold, leafHash } from '../lib/merkle.mjs';
import { formatNote, kCosign, kPlain } from '../lib/note.mjs';
import { signer } from '../lib/party.mjs';

// Inclusion proof of leaf i (RFC 6962 section 2.1.1) over leaf hashes.
export function pathOf(hashes, i) {
  if (hashes.length <= 1) return [];
  let k = 1;
  while (k * 2 < hashes.length) k *= 2;
  return i < k ? [...pathOf(hashes.slice(0, k), i), fold(hashes.slice(k))]
    : [...pathOf(hashes.slice(k), i - k), fold(hashes.slice(0, k))];
}

export class Ledger {
  constructor(rng, size) {
    this.hashes = Array.from({ length: size }, () => leafHash(rng.bytes(74)));
  }
  append(leaf) {
    this.hashes.push(leafHash(leaf));
    return this.hashes.length - 1;
  }
  root() { return fold(this.hashes); }
  get size() { return this.hashes.length; }
  path(i) { return pathOf(this.hashes, i); }
}

export const checkpointText = (f) => `${f.log}\n${f.size}\n${toBase64(f.root)}\n`;

// lines: the signers of formatNote.
export const checkpointNote = (f) => formatNote(checkpointText(f), f.lines);

export const logSigner = (party, keys) => signer(logName(party, keys.generation), kPlain, keys.log);
export const cosigner = (party, keys, t) => signer(witnessName(party), kCosign, keys.witness, BigInt(t));
