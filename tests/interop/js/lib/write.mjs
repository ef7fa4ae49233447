// Writes the bytes of signed objects: fields in order, defaults left out.
import { concat, utf8 } from './bytes.mjs';

export function varint(value) {
  const out = [];
  let rest = BigInt(value);
  while (rest >= 128n) {
    out.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  out.push(Number(rest));
  return Uint8Array.from(out);
}

export function fixed64(value) {
  const out = new Uint8Array(8);
  new DataView(out.buffer).setBigUint64(0, BigInt(value), true);
  return out;
}

export const tag = (no, wire) => varint(BigInt(no) * 8n + BigInt(wire));
export const long = (no, bytes) => concat(tag(no, 2), varint(bytes.length), bytes);

function writeOne(field, value) {
  switch (field.type) {
    case 'ms': return concat(tag(field.no, 1), fixed64(value));
    case 'u32':
    case 'u64': return concat(tag(field.no, 0), varint(value));
    case 'text': return long(field.no, utf8(value));
    case 'message': return long(field.no, writeObject(field.message, value));
    default: return long(field.no, value);
  }
}

// value: an object as readObject gives it. A field that is absent or 0 is left out.
export function writeObject(message, value) {
  const parts = [];
  for (const field of message.fields) {
    const v = value[field.name];
    if (v === undefined || v === null || v === 0 || v === 0n || v.length === 0) continue;
    for (const one of field.repeated ? v : [v]) parts.push(writeOne(field, one));
  }
  return concat(...parts);
}
