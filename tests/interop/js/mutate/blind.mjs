// Mutations that know nothing of the format, of every kind of object. Nobody signs a code, so
// a changed one may be a code again.
import { concat } from '../lib/bytes.mjs';

const kChanges = [
  ['a bit', (b, rng) => { const out = Uint8Array.from(b); out[rng.below(b.length)] ^= 1 << rng.below(8); return out; }],
  ['a byte', (b, rng) => { const out = Uint8Array.from(b); out[rng.below(b.length)] = rng.below(256); return out; }],
  ['bytes removed', (b, rng) => { const at = rng.below(b.length); return concat(b.subarray(0, at), b.subarray(at + rng.between(1, 3))); }],
  ['a byte added', (b, rng) => { const at = rng.below(b.length + 1); return concat(b.subarray(0, at), rng.bytes(1), b.subarray(at)); }],
  ['two bytes swapped', (b, rng) => {
    const out = Uint8Array.from(b);
    const [i, j] = [rng.below(b.length), rng.below(b.length)];
    [out[i], out[j]] = [out[j], out[i]];
    return out;
  }],
  ['a part twice', (b, rng) => { const at = rng.below(b.length); const to = Math.min(b.length, at + rng.between(1, 40)); return concat(b.subarray(0, to), b.subarray(at)); }],
  ['cut off', (b, rng) => b.subarray(0, rng.below(b.length))],
  ['a part of another', (b, rng, other) => { const at = rng.below(Math.min(b.length, other.length)); return concat(b.subarray(0, at), other.subarray(at)); }],
];

export const blindClasses = (kinds) => kinds.flatMap((kind) => kChanges.map(([name, change]) => ({
  name: `${kind}: ${name}`, kind, fields: [], rule: undefined, want: kind === 'code' ? 'agree' : undefined,
  make: (rng, original) => change(original.bytes, rng, rng.pick(original.world.originals.filter((o) => o.kind === kind)).bytes),
})));
