// Reads and writes frames: protobuf that is neither signed nor linted (docs/protocol.md 5.2, 12). Unknown
// fields are passed over; of a singular field the last one counts; an empty one is absent.
import { declare, must } from './refused.mjs';

declare({ 'frame.form': 'a frame that protobuf does not read' });

// [value, where it ends]: at most ten bytes, and no more of it than 64 bits.
function varint(bytes, at) {
  let value = 0n;
  for (let i = 0; i < 10; i++) {
    must(at + i < bytes.length, 'frame.form', 'a varint passes the end');
    value |= BigInt(bytes[at + i] & 127) << BigInt(7 * i);
    if (bytes[at + i] < 128) return [value & (2n ** 64n - 1n), at + i + 1];
  }
  must(false, 'frame.form', 'more than ten bytes');
}

// The fields of length-delimited and varint values, by number: the last of each.
export function readLoose(bytes) {
  const out = new Map();
  for (let at = 0; at < bytes.length;) {
    const [tag, behind] = varint(bytes, at);
    const [no, wire] = [Number(tag >> 3n), Number(tag & 7n)];
    must(no > 0 && no < 2 ** 29, 'frame.form', 'field number');
    must([0, 1, 2, 5].includes(wire), 'frame.form', 'wire type');
    if (wire === 0) {
      const [value, end] = varint(bytes, behind);
      out.set(no, value);
      at = end;
      continue;
    }
    const [length, start] = wire === 2 ? varint(bytes, behind) : [wire === 1 ? 8n : 4n, behind];
    must(length <= BigInt(bytes.length - start), 'frame.form', 'a field passes the end');
    at = start + Number(length);
    out.set(no, bytes.subarray(start, at));
  }
  return out;
}
