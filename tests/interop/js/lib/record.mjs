// Bodies, as far as this peer looks at them: a Record has a header in field 1
// (docs/protocol.md 6.2). Their content is the schema's matter.
import { utf8, concat } from './bytes.mjs';
import { long } from './write.mjs';

// The kinds that the document names (6.2, 16.2); any other is unknown.
export const kKinds = new Set(['peer.ping', 'peer.proof_request', 'peer.proof', 'peer.opened',
  'recovery.request', 'recovery.data', ...['request', 'ack', 'info_request', 'info_supply',
  'delay', 'interim', 'response', 'refusal', 'clarify', 'clarify_reply', 'withdraw', 'close',
  'reopen', 'correction'].map((k) => `trace.${k}`)]);

// Reads a varint of at most ten bytes, as protobuf does; [value, where it ends] or null.
function varint(bytes, at) {
  let value = 0n;
  for (let i = 0; i < 10 && at + i < bytes.length; i++) {
    value |= BigInt(bytes[at + i] & 127) << BigInt(7 * i);
    if (bytes[at + i] < 128) return [value, at + i + 1];
  }
  return null;
}

// {isMessage, hasHeader, hasKind}: is it a protobuf message, with a field 1, and with one beyond 2?
export function formOf(bytes) {
  const out = { isMessage: false, hasHeader: false, hasKind: false };
  for (let at = 0; at < bytes.length;) {
    const tag = varint(bytes, at);
    const no = tag ? tag[0] >> 3n : 0n;
    if (no === 0n) return out;
    at = tag[1];
    const wire = Number(tag[0] & 7n);
    if (wire === 0 || wire === 2) {
      const value = varint(bytes, at);
      if (!value) return out;
      at = value[1] + (wire === 2 ? Number(value[0]) : 0);
    } else if (wire === 1 || wire === 5) {
      at += wire === 1 ? 8 : 4;
    } else {
      return out;
    }
    if (at > bytes.length) return out;
    out.hasHeader ||= tag[0] === 0x0an;
    out.hasKind ||= no > 2n;
  }
  return { ...out, isMessage: true };
}

// The ping of the worked example (19.5) with another text, or a header and nothing in it.
export function recordBody(rng, kind) {
  const header = concat(long(1, utf8('NPC')), long(3, utf8('Test record')), long(4, utf8('en')), long(5, utf8('ROUTINE')));
  const text = utf8('hello '.repeat(rng.below(30)));
  return concat(long(1, header), long(kind === 'peer.ping' ? 16 : 32, text.length ? long(1, text) : text));
}
