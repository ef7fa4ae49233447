// Paths in batches, and proofs of leaves in ledgers (docs/protocol.md 20.3).
import { fromUtf8, toBase64, utf8 } from './bytes.mjs';
import { Lines, bytes, number } from './lines.mjs';
import { declare, must } from './refused.mjs';

declare({
  'path.text': 'a path is not UTF-8, or its last line has no end',
  'proof.text': 'a proof is not UTF-8, or has no empty line',
});

const kMostBatch = 2048n;
const kMostHashes = 63;
const kFirst = 'c2sp.org/tlog-proof@v1';

// The rest of the lines, each a hash.
function hashes(lines, most) {
  const out = [];
  while (lines.at < lines.lines.length) out.push(bytes(lines.line(), 32));
  must(out.length <= most, 'text.lines', 'too many hashes');
  return out;
}

// {index, size, path}
export function readPath(data) {
  const text = fromUtf8(data);
  must(text !== null && text.endsWith('\n'), 'path.text');
  const lines = new Lines(`path\n${text}`, 'path');
  const index = number(lines.value('index'), 0n, kMostBatch - 1n);
  const size = number(lines.value('size'), 1n, kMostBatch);
  must(index < size, 'text.number', 'index');
  return { index, size, path: hashes(lines, kMostHashes) };
}

// {index, path, checkpoint}: the checkpoint as bytes, not looked at.
export function readProof(data) {
  const text = fromUtf8(data);
  must(text !== null, 'proof.text');
  const split = text.indexOf('\n\n');
  must(split >= 0, 'proof.text');
  const lines = new Lines(text.slice(0, split + 1), kFirst);
  const index = number(lines.value('index'), 0n, 2n ** 63n - 1n);
  return { index, path: hashes(lines, kMostHashes), checkpoint: utf8(text.slice(split + 2)) };
}

const hashLines = (path) => path.map((h) => `${toBase64(h)}\n`).join('');
export const pathText = (f) => `index ${f.index}\nsize ${f.size}\n${hashLines(f.path)}`;
export const proofText = (f) => `${kFirst}\nindex ${f.index}\n${hashLines(f.path)}\n${fromUtf8(f.checkpoint)}`;
