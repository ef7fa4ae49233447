// Reads a signed object and checks its structure on the way (docs/protocol.md 5.2).
import { fromUtf8 } from './bytes.mjs';
import { Refused, declare, must } from './refused.mjs';

declare({
  'lint.order': '1: an unknown field number, or a lower one than before',
  'lint.twice': '2: a singular field stands twice',
  'lint.varint': '3: a varint is not minimal, or too large',
  'lint.wire': '4: a wire type is not that of the field',
  'lint.default': '5: a default value is written',
  'lint.utf8': '6: text is not UTF-8',
  'lint.length': '7: a length passes the end',
  'lint.fixed': '8: a field of fixed length has another length',
  'lint.ref': '9: a Ref without both fields',
  'lint.ms': '10: a time of 2^48 ms or more',
  'lint.limit': '11: a size, count or value beyond the limits',
  'lint.missing': '12: a field is missing',
});

export const kVarint = 0;
export const kFixed64 = 1;
export const kBytes = 2;
const kWire = { u32: kVarint, u64: kVarint, ms: kFixed64, text: kBytes, bytes: kBytes, message: kBytes };

class Reader {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }
  get more() {
    return this.at < this.bytes.length;
  }
  // Ten bytes at most, minimal, below 2^64.
  varint() {
    let value = 0n;
    for (let i = 0n; i < 10n; i++) {
      must(this.more, 'lint.length', 'a varint passes the end');
      const byte = this.bytes[this.at++];
      value |= BigInt(byte & 127) << (7n * i);
      if (byte >= 128) continue;
      must((byte !== 0 || i === 0n) && value < 2n ** 64n, 'lint.varint');
      return value;
    }
    throw new Refused('lint.varint', 'more than ten bytes');
  }
  take(length) {
    must(length <= BigInt(this.bytes.length - this.at), 'lint.length');
    const out = this.bytes.subarray(this.at, this.at + Number(length));
    this.at += Number(length);
    return out;
  }
}

function readScalar(field, reader) {
  if (field.type === 'ms') {
    const bytes = reader.take(8n);
    const value = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
    must(value < 2n ** 48n, 'lint.ms', field.name);
    return value;
  }
  const value = reader.varint();
  must(field.type !== 'u32' || value < 2n ** 32n, 'lint.varint', field.name);
  return value;
}

function readLong(field, reader) {
  const bytes = reader.take(reader.varint());
  must(bytes.length > 0 || field.repeated || field.type === 'message', 'lint.default', field.name);
  if (field.length !== undefined) must(bytes.length === field.length, 'lint.fixed', field.name);
  must(bytes.length <= (field.most ?? Infinity), 'lint.limit', field.name);
  if (field.type === 'message') return readObject(field.message, bytes);
  if (field.type === 'bytes') return bytes;
  const text = fromUtf8(bytes);
  must(text !== null, 'lint.utf8', field.name);
  return text;
}

function readField(field, reader) {
  const value = kWire[field.type] === kBytes ? readLong(field, reader) : readScalar(field, reader);
  if (!field.repeated) must(value !== 0n, 'lint.default', field.name);
  if (field.check) must(field.check(value), 'lint.limit', field.name);
  return value;
}

function checkPresence(message, out) {
  for (const field of message.fields) {
    const value = out[field.name];
    if (field.repeated) {
      const n = value.length;
      must(n > 0 || field.optional, 'lint.missing', field.name);
      must(n <= (field.count ?? Infinity), 'lint.limit', field.name);
    } else if (value === undefined) {
      must(field.optional, message.name === 'Ref' ? 'lint.ref' : 'lint.missing', field.name);
    }
  }
  if (message.whole) message.whole(out);
}

// message: {name, most, fields: [{no, name, type, …}], whole}. The object, with its exact bytes.
export function readObject(message, bytes) {
  must(bytes.length <= (message.most ?? Infinity), 'lint.limit', message.name);
  const reader = new Reader(bytes);
  const out = { exact: bytes };
  for (const field of message.fields) if (field.repeated) out[field.name] = [];
  let last = 0;
  while (reader.more) {
    const tag = reader.varint();
    const no = Number(tag >> 3n);
    const field = message.fields.find((f) => f.no === no);
    must(field && no >= last, 'lint.order', `${message.name} ${no}`);
    must(no !== last || field.repeated, 'lint.twice', field.name);
    must(Number(tag & 7n) === kWire[field.type], 'lint.wire', field.name);
    const value = readField(field, reader);
    if (field.repeated) out[field.name].push(value);
    else out[field.name] = value;
    last = no;
  }
  checkPresence(message, out);
  return out;
}

// Field 1 of a manifest or statement, before anything else of it: a minimal varint, at least 1.
export function readVersion(bytes) {
  must(bytes[0] === 0x08, 'lint.missing', 'v');
  const v = new Reader(bytes.subarray(1)).varint();
  must(v !== 0n, 'lint.default', 'v');
  return v;
}
