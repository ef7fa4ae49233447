// Bytes and their texts, strictly: one spelling each (docs/protocol.md 1). Nothing that a
// browser does not have.
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';

export const kEncoder = new TextEncoder();
export const utf8 = (text) => kEncoder.encode(text);

// The text, or null if the bytes are not UTF-8.
export function fromUtf8(bytes) {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

export function concat(...parts) {
  const out = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

export const equal = (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i]);

// Bytewise order: negative, 0 or positive.
export function compare(a, b) {
  const n = Math.min(a.length, b.length);
  for (let i = 0; i < n; i++) if (a[i] !== b[i]) return a[i] - b[i];
  return a.length - b.length;
}

export const hex = (bytes) => bytesToHex(Uint8Array.from(bytes));
export const unhex = (text) => hexToBytes(text);

// One character a byte, as btoa and atob want it. In parts: a call takes so many arguments.
function toChars(bytes) {
  let out = '';
  for (let at = 0; at < bytes.length; at += 4096) out += String.fromCharCode(...bytes.subarray(at, at + 4096));
  return out;
}
export const toBase64 = (bytes) => btoa(toChars(Uint8Array.from(bytes)));

// RFC 4648 section 4, the canonical encoding alone; null otherwise.
export function fromBase64(text) {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return null;
  if (text.length % 4 !== 0) return null;
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  return toBase64(bytes) === text ? bytes : null;
}

function be(value, size) {
  const out = new Uint8Array(size);
  let rest = BigInt(value);
  for (let i = size - 1; i >= 0; i--) {
    out[i] = Number(rest & 255n);
    rest >>= 8n;
  }
  return out;
}
export const u8 = (n) => be(n, 1);
export const u16be = (n) => be(n, 2);
export const u32be = (n) => be(n, 4);
export const u64be = (n) => be(n, 8);
export const readBe = (bytes) => BigInt('0x' + (hex(bytes) || '0'));

export function lp(text) {
  const bytes = utf8(text);
  return concat(u8(bytes.length), bytes);
}

export const H = (...parts) => sha256(concat(...parts));
