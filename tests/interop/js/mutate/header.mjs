// Mutations of the envelope itself (docs/protocol.md 6.6): what steps 1 and 2 refuse.
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concat, utf8 } from '../lib/bytes.mjs';
import { headerOf, kBuckets, parseEnvelope } from '../lib/envelope.mjs';
import { hintOf } from '../lib/pair.mjs';
import { smallX25519 } from './bad.mjs';
import { openBatch, rebuild } from './batch.mjs';

// change(parts, rng) of the parts of the header; the sealed rest stays.
function header(name, fields, rule, change) {
  return {
    name: `header: ${name}`, kind: 'envelope', fields: fields.map((f) => `header.${f}`), rule,
    make(rng, original) {
      const e = parseEnvelope(original.bytes);
      const parts = { version: 1, suite: 1, mode: e.mode, kid: e.kid, enc: e.enc, hint: e.hint, idx: e.idx, ct: e.ct };
      const changed = change(parts, rng, original);
      if (changed === null) return null;
      const after = { ...parts, ...changed };
      return concat(headerOf(after), after.ct);
    },
  };
}

// Sealed for something else than the receiver will take it for.
function sealed(name, fields, edits) {
  return {
    name: `sealed: ${name}`, kind: 'envelope', fields: fields.map((f) => `header.${f}`), rule: 'envelope.open',
    async make(rng, original) {
      const batch = await openBatch(original);
      const bytes = await rebuild(batch, rng, { ...edits(rng, batch) });
      const e = parseEnvelope(original.bytes);
      return concat(bytes.subarray(0, 3), e.kid, bytes.subarray(19)); // with the kid that the receiver has
    },
  };
}

const kNothing = new Uint8Array(0);
const derived = (key) => hkdf(sha256, key, undefined, utf8('focal/psk/next/v1'), 32);

// In mode 1 with a hint that fits the sender's secret, but sealed otherwise.
function hinted(name, edits) {
  return {
    name: `header: ${name}`, kind: 'envelope', fields: ['header.hint', 'header.mode'], rule: 'envelope.open',
    async make(rng, original) {
      const batch = await openBatch(original);
      const e = edits(rng, batch);
      if (e === null) return null;
      const sealed = parseEnvelope(await rebuild(batch, rng, e));
      const hint = hintOf(batch.pairs.at(-1), sealed.enc);
      return concat(headerOf({ mode: 1, kid: sealed.kid, enc: sealed.enc, hint, idx: sealed.idx }), sealed.ct);
    },
  };
}

const flip = (bytes, at, bit) => { const out = Uint8Array.from(bytes); out[at] ^= 1 << bit; return out; };
const anyBit = (bytes, rng) => flip(bytes, rng.below(bytes.length), rng.below(8));
const oneOf = (...values) => (rng) => rng.pick(values);

export function headerClasses() {
  const simple = (field, rule, pick) => header(`another ${field}`, [field], rule, (p, rng) => ({ [field]: pick(rng, p) }));
  return [
    simple('version', 'envelope.version', oneOf(0, 2, 255)), simple('suite', 'envelope.suite', oneOf(0, 2, 3, 255)),
    simple('mode', 'envelope.mode', oneOf(2, 3, 255)),
    header('mode 1 without a hint', ['mode', 'hint'], 'envelope.hint', () => ({ mode: 1, hint: kNothing })),
    header('mode 0 instead of 1', ['mode', 'hint'], 'envelope.open', (p) => (p.mode === 1 ? { mode: 0, hint: kNothing } : null)),
    header('a bit of the hint', ['hint'], 'envelope.psk', (p, rng) => (p.mode === 1 ? { hint: anyBit(p.hint, rng) } : null)),
    hinted('mode 1 instead of 0', (rng, batch) => (batch.pair ? null : { seal: {} })),
    hinted('mode 1 with the secret of another party', (rng, batch) => ({ seal: { pair: batch.pairs[0] } })),
    {
      name: 'header: the secret of another week', kind: 'envelope', fields: ['header.hint'], rule: 'envelope.psk',
      async make(rng, original) {
        const batch = await openBatch(original);
        return batch.pair ? rebuild(batch, rng, { seal: { pair: derived(batch.pair) } }) : null;
      },
    },
    header('mode 1 with a hint that fits nobody', ['mode', 'hint'], 'envelope.psk', (p, rng) => ({ mode: 1, hint: rng.bytes(8) })),
    header('a hint in mode 0', ['hint'], ['envelope.hint', 'envelope.size'], (p, rng) => ({ mode: 0, hint: rng.bytes(rng.pick([1, 8, 255])) })),
    header('mode 1 with a longer hint', ['hint'], 'envelope.hint', (p, rng) => ({ mode: 1, hint: rng.bytes(rng.pick([7, 9])) })),
    header('a kid of nobody', ['kid'], 'envelope.kid', (p, rng) => ({ kid: rng.bytes(16) })),
    header('a bit of the kid', ['kid'], 'envelope.kid', (p, rng) => ({ kid: anyBit(p.kid, rng) })),
    header('another kid of mine', ['kid'], ['envelope.open', 'envelope.psk'], (p, rng, o) => ({ kid: o.world.state.keys.map((k) => k.kid).find((k) => Buffer.compare(k, p.kid) !== 0) })),
    header('enc of another length', ['enc'], 'envelope.enc', (p, rng) => ({ enc: rng.bytes(rng.pick([0, 31, 33, 1120])) })),
    header('a bit of enc', ['enc'], ['envelope.open', 'envelope.psk'], (p, rng) => ({ enc: anyBit(p.enc, rng) })),
    header('the top bit of enc', ['enc'], ['envelope.open', 'envelope.psk'], (p) => ({ enc: flip(p.enc, 31, 7) })),
    header('enc of small order', ['enc'], ['envelope.open', 'envelope.psk'], (p, rng) => ({ enc: rng.pick(smallX25519) })),
    simple('idx', 'envelope.idx', (rng) => rng.pick([2n ** 20n, 2n ** 32n, 2n ** 64n - 1n])),
    header('an idx that was not sealed for', ['idx'], 'envelope.open', (p, rng) => ({ idx: (p.idx + 1n + BigInt(rng.below(999))) % (2n ** 20n) })),
    header('a bit of the ciphertext', ['ct'], 'envelope.open', (p, rng) => ({ ct: anyBit(p.ct, rng) })),
    header('a bit of the tag', ['ct'], 'envelope.open', (p, rng) => ({ ct: flip(p.ct, p.ct.length - 1 - rng.below(16), rng.below(8)) })),
    header('a byte more or less', ['ct'], 'envelope.size', (p, rng) => ({ ct: rng.chance(50) ? p.ct.subarray(1) : concat(p.ct, [0]) })),
    header('no ciphertext', ['ct'], 'envelope.size', (p, rng) => ({ ct: p.ct.subarray(0, rng.pick([0, 15, 16])) })),
    header('another bucket', ['ct'], 'envelope.open', (p, rng) => {
      const size = rng.pick(kBuckets.filter((b) => b + 16 !== p.ct.length && b < 70000)) + 16;
      return { ct: size < p.ct.length ? p.ct.subarray(0, size) : concat(p.ct, new Uint8Array(size - p.ct.length)) };
    }),
    {
      name: 'header: cut off', kind: 'envelope', fields: ['header.ct'], rule: undefined,
      make: (rng, original) => original.bytes.subarray(0, rng.below(80)),
    },
    {
      name: 'header: a byte of the numbers of length', kind: 'envelope', fields: ['header.enc', 'header.hint', 'header.idx'], rule: undefined,
      make: (rng, original) => flip(original.bytes, rng.pick([19, 20, 53, 54, 57]), rng.below(8)),
    },
    sealed('another party', ['info party'], () => ({ to: { party: 'XQ' } })),
    sealed('another kid', ['info kid'], (rng) => ({ to: { kid: rng.bytes(16) } })),
    sealed('another key', ['key'], (rng) => ({ to: { key: smallX25519[0].map((b, i) => (i === 0 ? 9 : b)) } })),
  ];
}

