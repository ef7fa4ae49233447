// A protobuf message as a list of fields, each of which can be written wrongly.
import { concat } from '../lib/bytes.mjs';
import { fixed64, tag, varint } from '../lib/write.mjs';

// A field: {no, wire, value} (value: bigint or bytes), or {raw: bytes}.
export function decode(bytes) {
  const out = [];
  let at = 0;
  const number = () => {
    let value = 0n;
    for (let i = 0n; ; i++) {
      if (at >= bytes.length) throw new Error('no message');
      const byte = bytes[at++];
      value |= BigInt(byte & 127) << (7n * i);
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const head = number();
    const [no, wire] = [Number(head >> 3n), Number(head & 7n)];
    if (wire === 0) {
      out.push({ no, wire, value: number() });
    } else {
      const length = wire === 1 ? 8 : Number(number());
      const part = bytes.subarray(at, at + length);
      at += length;
      out.push({ no, wire, value: wire === 1 ? new DataView(part.buffer, part.byteOffset).getBigUint64(0, true) : part });
    }
  }
  return out;
}

// A varint of one byte more than needed.
export function longVarint(value) {
  const bytes = varint(value);
  bytes[bytes.length - 1] |= 128;
  return concat(bytes, new Uint8Array([0]));
}

export function encodeField(f) {
  if (f.raw) return f.raw;
  if (f.wire === 0) return concat(tag(f.no, 0), varint(f.value));
  if (f.wire === 1) return concat(tag(f.no, 1), fixed64(f.value));
  return concat(tag(f.no, 2), varint(f.value.length), f.value);
}
export const encode = (fields) => concat(...fields.map(encodeField));

export const get = (fields, no) => fields.find((f) => f.no === no)?.value;

// With this value in the place of that field, or in its place in the order.
export function withField(fields, no, wire, value) {
  const field = { no, wire, value };
  if (fields.some((f) => f.no === no)) return fields.map((f) => (f.no === no ? field : f));
  const at = fields.findIndex((f) => f.no > no);
  return at < 0 ? [...fields, field] : [...fields.slice(0, at), field, ...fields.slice(at)];
}
export const without = (fields, no) => fields.filter((f) => f.no !== no);
