// Envelopes: header, sealing, padding (docs/protocol.md 6.6 and 7).
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { H, concat, equal, lp, readBe, u16be, u32be, u64be, u8, utf8 } from './bytes.mjs';
import * as hpke from './hpke.mjs';
import { declare, must } from './refused.mjs';

declare({
  'envelope.version': 'step 1: another version of the envelope',
  'envelope.suite': 'step 1: an unknown suite',
  'envelope.mode': 'step 1: an unknown mode',
  'envelope.enc': 'step 1: enc has another length',
  'envelope.hint': 'step 1: the hint has another length',
  'envelope.idx': 'step 1: idx is not below 2^20',
  'envelope.size': 'step 1: no bucket and a tag, or shorter than a header',
  'envelope.kid': 'step 1: no key of mine',
  'envelope.psk': 'step 1: mode 1, and no pair has that hint',
  'envelope.open': 'step 2: does not open',
  'envelope.length': 'step 3: the length of Inner does not fit',
  'envelope.padding': 'step 3: padding is not zero',
});

export const kBuckets = [1, 2, 4, 8, 16, 32, 64, 128, 288].map((k) => k * 1024);
const kTag = 16;
const kSuite = 1;
const kEncLength = 32;
const kIdxEnd = 2n ** 20n;

export function parseEnvelope(bytes) {
  must(bytes.length >= 54, 'envelope.size', 'shorter than a header');
  must(bytes[0] === 1, 'envelope.version');
  must(bytes[1] === kSuite, 'envelope.suite');
  must(bytes[2] <= 1, 'envelope.mode');
  must(readBe(bytes.subarray(19, 21)) === BigInt(kEncLength), 'envelope.enc');
  const mode = bytes[2];
  const hintLength = bytes[53];
  must(hintLength === (mode === 1 ? 8 : 0), 'envelope.hint');
  const headerLength = 54 + hintLength + 8;
  must(bytes.length > headerLength, 'envelope.size', 'shorter than a header');
  const idx = readBe(bytes.subarray(headerLength - 8, headerLength));
  must(idx < kIdxEnd, 'envelope.idx');
  must(kBuckets.includes(bytes.length - headerLength - kTag), 'envelope.size');
  return {
    mode, idx,
    kid: bytes.subarray(3, 19), enc: bytes.subarray(21, 53), hint: bytes.subarray(54, 54 + hintLength),
    aad: bytes.subarray(0, headerLength), ct: bytes.subarray(headerLength),
  };
}

export const infoOf = (mode, party, kid) =>
  concat(utf8('focal/env/v1\0'), u8(kSuite), u8(mode), lp(party), kid);
const exportLabel = (idx) => concat(utf8('focal/env-key/v1\0'), u64be(idx));
const kNonce = new Uint8Array(12);

export const envId = (envelope) => H(utf8('focal/envelope/v1\0'), envelope);

// own: {party, keys: [{kid, secret}], pskOf(hint)}. The plaintext with its padding removed.
export async function openEnvelope(bytes, own) {
  const e = parseEnvelope(bytes);
  const key = own.keys.find((k) => equal(k.kid, e.kid));
  must(key, 'envelope.kid');
  const psk = e.mode === 1 ? own.pskOf(e.hint) : undefined;
  must(e.mode === 0 || psk, 'envelope.psk');
  const context = await hpke.recipient(key.secret, e.enc, infoOf(e.mode, own.party, e.kid), psk);
  must(context, 'envelope.open', 'all zero');
  let plain = null;
  try {
    plain = chacha20poly1305(await context.exports(exportLabel(e.idx)), kNonce, e.aad).decrypt(e.ct);
  } catch {
    plain = null;
  }
  must(plain, 'envelope.open');
  return { header: e, inner: unpad(plain) };
}

export function unpad(plain) {
  const length = Number(readBe(plain.subarray(0, 4)));
  must(length <= plain.length - 4, 'envelope.length');
  must(plain.subarray(4 + length).every((b) => b === 0), 'envelope.padding');
  return plain.subarray(4, 4 + length);
}

export function pad(inner, bucket = kBuckets.find((b) => b >= inner.length + 4)) {
  const out = new Uint8Array(bucket);
  out.set(u32be(inner.length));
  out.set(inner, 4);
  return out;
}

export const headerOf = (h) =>
  concat(u8(h.version ?? 1), u8(h.suite ?? kSuite), u8(h.mode ?? 0), h.kid, u16be(h.enc.length), h.enc,
    u8(h.hint?.length ?? 0), h.hint ?? new Uint8Array(0), u64be(h.idx ?? 0n));

// to: {party, kid, key}. plain: already padded. ekm as in hpke.sender.
export async function sealPlain(plain, to, ekm, { idx = 0n, mode = 0, hint, psk } = {}) {
  const context = await hpke.sender(to.key, infoOf(mode, to.party, to.kid), ekm, psk);
  const aad = headerOf({ mode, kid: to.kid, enc: context.enc, hint, idx });
  const key = await context.exports(exportLabel(idx));
  return concat(aad, chacha20poly1305(key, kNonce, aad).encrypt(plain));
}
