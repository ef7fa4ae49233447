// Mutations of the structure of signed objects (docs/protocol.md 5.2): every field of every
// message, every rule of the lint; everything else of the envelope is right.
import { concat } from '../lib/bytes.mjs';
import { kInner, kItem, kManifest, kReceiptBatch, kReceiptItem, kRef, kStatement, kAttachment } from '../lib/objects.mjs';
import { tag, varint } from '../lib/write.mjs';
import { openBatch, rebuild } from './batch.mjs';
import { decode, encode, encodeField, get, longVarint, withField, without } from './tlv.mjs';

const kApproval = kItem.fields.find((f) => f.name === 'approvals').message;

// How to change the fields of a message inside an envelope: (edit) => edits of rebuild, or null
// if this envelope has no such message.
const inField = (no) => (edit) => (fields) => {
  const i = fields.findIndex((f) => f.no === no);
  return fields.map((f, j) => (j === i ? { ...f, value: encode(edit(decode(f.value))) } : f));
};
const kPlaces = {
  Inner: { of: kInner, records: true, receipts: true, edits: (edit) => ({ inner: edit }) },
  Item: { of: kItem, records: true, edits: (edit) => ({ item: edit }) },
  Manifest: { of: kManifest, records: true, edits: (edit) => ({ manifest: edit }) },
  'thread Ref': { of: kRef, records: true, edits: (edit) => ({ manifest: (m) => inField(7)(edit)(withRef(m, 7)) }) },
  'reply_to Ref': { of: kRef, records: true, edits: (edit) => ({ manifest: (m) => inField(8)(edit)(withRef(m, 8)) }) },
  Attachment: { of: kAttachment, records: true, edits: (edit) => ({ manifest: (m) => inField(13)(edit)(withAttachment(m)) }) },
  Approval: { of: kApproval, records: true, edits: (edit) => ({ item: (i) => (get(i, 8) ? inField(8)(edit)(i) : null) }) },
  BatchStmt: { of: kStatement, records: true, receipts: true, edits: (edit) => ({ stmt: edit }) },
  ReceiptBatch: { of: kReceiptBatch, receipts: true, edits: (edit) => ({ outer: edit }) },
  ReceiptItem: { of: kReceiptItem, receipts: true, edits: (edit) => ({ item: edit }) },
};

const filled = (n, byte = 7) => new Uint8Array(n).fill(byte);
const withRef = (m, no) => (get(m, no) ? m : withField(m, no, 2, encode([
  { no: 1, wire: 2, value: filled(32) }, { no: 2, wire: 1, value: 1795431600000n }])));
const attachment = () => encode([
  { no: 1, wire: 2, value: filled(32) }, { no: 2, wire: 0, value: 77n }, { no: 3, wire: 2, value: new TextEncoder().encode('image/png') },
  { no: 4, wire: 2, value: filled(32) }, { no: 5, wire: 2, value: filled(32) }]);
export const withAttachment = (m) => withField(m, 13, 2, attachment());

const kWire = { u32: 0, u64: 0, ms: 1, text: 2, bytes: 2, message: 2 };

// A value that may stand in a field that this object leaves out.
function some(field) {
  if (field.name === 'att') return attachment();
  if (field.type === 'message') return null;
  if (kWire[field.type] === 0) return 1n;
  if (field.type === 'ms') return 1795431600000n;
  return filled(field.length ?? 1, 0x61);
}

const same = (a, b) => a.length === b.length && a.every((f, i) => f === b[i]);

// The field of this number in a list, put there if it is not.
function present(fields, field) {
  if (fields.some((f) => f.no === field.no)) return fields;
  const value = some(field);
  return value === null ? null : withField(fields, field.no, kWire[field.type], value);
}

const lastOf = (fields, no) => fields.map((f) => f.no).lastIndexOf(no);

// change(field as it stands, rng) gives a list of fields that stands in its place.
const inPlace = (change) => (field) => (fields, rng) => {
  const all = present(fields, field);
  if (all === null) return null;
  const at = lastOf(all, field.no);
  const after = change(all[at], rng, field);
  return after === null ? null : [...all.slice(0, at), ...after, ...all.slice(at + 1)];
};

const raw = (...parts) => [{ raw: concat(...parts) }];
const valueBytes = (f) => encodeField(f).subarray(tag(f.no, f.wire).length);

const isNumber = (f) => f.type === 'u32' || f.type === 'u64';
const isLong = (f) => kWire[f.type] === 2;
const hasVarint = (f) => f.type !== 'ms';
const isFixed = (f) => f.length !== undefined;
const isMany = (f) => Boolean(f.repeated);
const any = () => true;

// [what, rule, for which fields, how].
const kForms = [
  ['an unknown number before it', 'lint.order', any, inPlace((f) => [{ no: f.no > 1 ? 0x3ffffff : 100, wire: 0, value: 1n }, f])],
  ['after a later one', 'lint.order', any, (field) => (fields) => {
    const at = lastOf(fields, field.no);
    const other = fields.findIndex((f) => f.no > field.no);
    if (at < 0 || other < 0) return null;
    return [...fields.slice(0, at), ...fields.slice(at + 1, other + 1), fields[at], ...fields.slice(other + 1)];
  }],
  ['twice', 'lint.twice', (f) => !isMany(f), inPlace((f) => [f, f])],
  ['tag not minimal', 'lint.varint', any, inPlace((f) => raw(longVarint(BigInt(f.no * 8 + f.wire)), valueBytes(f)))],
  ['value or length not minimal', 'lint.varint', hasVarint, inPlace((f) =>
    raw(tag(f.no, f.wire), longVarint(f.wire === 0 ? f.value : f.value.length), f.wire === 0 ? [] : f.value))],
  ['a varint of eleven bytes', 'lint.varint', hasVarint, inPlace((f) => raw(tag(f.no, f.wire), filled(10, 0x80), [1]))],
  ['a varint of 2^64', 'lint.varint', hasVarint, inPlace((f) => raw(tag(f.no, f.wire), filled(9, 0x80), [2]))],
  ['2^32 and more', 'lint.varint', (f) => f.type === 'u32', inPlace((f) => [{ ...f, value: f.value + 2n ** 32n }])],
  ['another wire type', 'lint.wire', any, inPlace((f, rng) => {
    const wire = rng.pick([0, 1, 2, 3, 4, 5, 6, 7].filter((w) => w !== f.wire));
    return raw(tag(f.no, wire), wire === 1 ? filled(8) : wire === 5 ? filled(4) : [1, 0x61].slice(0, wire === 2 ? 2 : 1));
  })],
  ['zero', 'lint.default', (f) => !isLong(f), inPlace((f) => [{ ...f, value: 0n }])],
  ['nothing in it', ['lint.default', 'lint.fixed', 'lint.missing', 'lint.ref', 'lint.limit'], (f) => isLong(f) && (!isMany(f) || f.type === 'text'),
    inPlace((f) => [{ ...f, value: new Uint8Array(0) }])],
  ['not UTF-8', 'lint.utf8', (f) => f.type === 'text', inPlace((f, rng) =>
    [{ ...f, value: new Uint8Array(rng.pick([[0xff, 0x61], [0x61, 0xc0, 0xaf], [0xed, 0xa0, 0x80]])) }])],
  ['a length past the end', 'lint.length', isLong, inPlace((f) => raw(tag(f.no, 2), varint(300000 + f.value.length), f.value))],
  ['cut off', 'lint.length', any, (field) => (fields) => {
    const at = lastOf(fields, field.no);
    if (at < 0) return null;
    const bytes = encodeField(fields[at]);
    return [...fields.slice(0, at), { raw: bytes.subarray(0, bytes.length - 1) }];
  }],
  ['one byte shorter', 'lint.fixed', isFixed, inPlace((f) => [{ ...f, value: f.value.subarray(1) }])],
  ['one byte longer', 'lint.fixed', isFixed, inPlace((f) => [{ ...f, value: concat(f.value, filled(1)) }])],
  ['2^48 ms', 'lint.ms', (f) => f.type === 'ms', inPlace((f, rng) => [{ ...f, value: 2n ** 48n + BigInt(rng.below(2)) * 2n ** 60n }])],
  ['missing', 'lint.missing', (f) => !f.optional, (field) => (fields) =>
    (fields.some((f) => f.no === field.no) ? fields.filter((f) => f.no !== field.no) : null)],
];

// A version is read before anything else, and what is missing in a Ref has a rule of its own.
function ruleOf(place, field, rule) {
  const isVersion = field.no === 1 && (place === 'Manifest' || place === 'BatchStmt');
  if (isVersion) return [...[rule].flat(), 'lint.missing', 'batch.version'];
  return rule === 'lint.missing' && place.endsWith(' Ref') ? 'lint.ref' : rule;
}

function lintClass(place, field, what, rule, edit) {
  const name = place.replace(/^.* /, '');
  return {
    name: field.name === '' ? `${place}: ${what}` : `${place}.${field.name}: ${what}`, kind: 'envelope', fields: [`${name}.${field.name}`],
    rule: ruleOf(place, field, rule),
    async make(rng, original) {
      const batch = await openBatch(original);
      if (!kPlaces[place][batch.isReceipts ? 'receipts' : 'records']) return null;
      let possible = true;
      const edits = kPlaces[place].edits((fields) => {
        const after = edit(fields, rng);
        if (after === null || same(after, fields)) possible = false;
        return after ?? fields;
      });
      const item = edits.item;
      if (item) edits.item = (i) => { const after = item(i); possible &&= after !== null; return after ?? i; };
      edits.place = rng.below(4);
      const bytes = await rebuild(batch, rng, edits).catch((e) => { if (possible) throw e; });
      return possible ? bytes : null;
    },
  };
}

// Sizes, counts and values one beyond their limit.
const text = (s) => new TextEncoder().encode(s);
const times = (no, n, value) => (fields, rng) => {
  const rest = fields.filter((f) => f.no !== no);
  const at = rest.findIndex((f) => f.no > no);
  const many = Array.from({ length: n }, (_, i) => ({ no, wire: 2, value: value(i, rng) }));
  return at < 0 ? [...rest, ...many] : [...rest.slice(0, at), ...many, ...rest.slice(at)];
};
const put = (no, wire, value) => (fields) => withField(fields, no, wire, value);
const partyOf = (i) => text(`P${String(i).padStart(4, '0')}`);

const kLimits = [
  ['Manifest', 'from', 'a name that is none', put(3, 2, text('xa'))], ['Manifest', 'from', '13 bytes', put(3, 2, text('ABCDEFGHIJKLM'))],
  ['Manifest', 'from', 'one byte', put(3, 2, text('X'))],
  ['Manifest', 'to', '257 parties', times(5, 257, partyOf)], ['Manifest', 'to', 'not sorted', times(5, 2, (i) => text(['XB', 'XA'][i]))],
  ['Manifest', 'to', 'twice', times(5, 2, () => text('XB'))], ['Manifest', 'to', 'a name that is none', times(5, 1, () => text('X b'))],
  ['Manifest', 'kind', '65 bytes', put(6, 2, text('k'.repeat(65)))], ['Manifest', 'kind', 'a name that is none', put(6, 2, text('Peer.Ping'))],
  ['Manifest', 'kind', 'ends with a dot', put(6, 2, text('peer.'))], ['Manifest', 'kind', 'a dash', put(6, 2, text('peer-ping'))],
  ['Manifest', 'kind', 'begins with a digit', put(6, 2, text('1peer'))],
  ['Manifest', 'body_len', 'more than 240 KiB', put(12, 0, 240n * 1024n + 1n)],
  ['Manifest', 'att', '65 attachments', times(13, 65, attachment)],
  ['Manifest', 'approver', 'five', times(14, 5, (i) => filled(32, i))],
  ['Manifest', 'to', 'longer than 16 KiB', (m) => times(5, 256, (i) => text(`P${String(i).padStart(11, '0')}`))(times(13, 64, () => concat(attachment().subarray(0, 36), [0x1a, 100], filled(100, 0x61), attachment().subarray(47)))(m))],
  ['Attachment', 'size', 'more than 32 GiB', put(2, 0, 2n ** 35n + 1n)], ['Attachment', 'media', '256 bytes', put(3, 2, filled(256, 0x61))],
  ['Item', 'body', 'more than 240 KiB', put(4, 2, filled(240 * 1024 + 1))],
  ['Item', 'att_key', '65 keys', times(5, 65, () => filled(32))], ['Item', 'att_name', '65 names', times(6, 65, () => text('n'))],
  ['Item', 'att_name', '256 bytes', times(6, 1, () => filled(256, 0x61))],
  ['Item', 'approvals', 'five', times(8, 5, () => encode([{ no: 1, wire: 2, value: filled(9) }, { no: 2, wire: 2, value: filled(64) }]))],
  ['Approval', 'certificate', 'more than 2 KiB', put(1, 2, filled(2049, 0x61))],
  ['BatchStmt', 'from', 'a name that is none', put(2, 2, text('x-'))], ['BatchStmt', 'from', '13 bytes', put(2, 2, text('ABCDEFGHIJKLM'))],
  ['BatchStmt', 'purpose', '3', put(4, 0, 3n)], ['BatchStmt', 'size', '2049', put(5, 0, 2049n)],
  ['ReceiptItem', 'status', 'one that is never sent', (f, rng) => put(2, 0, rng.pick([3n, 9n, 15n, 17n, 20n]))(f)],
  ['ReceiptBatch', 'checkpoint', 'more than 64 KiB', put(4, 2, filled(65537, 0x61))],
  ['ReceiptBatch', 'cosigs', 'more than 64 KiB', put(5, 2, filled(65537, 0x61))],
  ['Inner', 'stmt', 'missing', (f) => without(f, 1), 'lint.missing'], ['Inner', 'sig', 'missing', (f) => without(f, 2), 'lint.missing'],
  ['Inner', 'item', 'missing', (f) => without(f, 3), 'lint.missing'], ['Inner', 'receipts', 'missing', (f) => without(f, 7), ['lint.missing', 'envelope.length']],
  ['Item', 'manifest', 'missing', (f) => without(f, 1), 'lint.missing'], ['Item', 'salt', 'missing', (f) => without(f, 3), 'lint.missing'],
  ['Item', 'leaf', 'beside the rest', put(2, 2, filled(32)), 'lint.missing'],
  ['Item', 'leaf', 'beside a body', (f) => put(2, 2, filled(32))(without(without(f, 1), 3)), 'lint.missing'],
  ['Inner', 'receipts', 'beside records', put(7, 2, filled(3)), ['lint.missing', 'lint.order', 'lint.length', 'lint.limit', 'lint.varint', 'lint.wire', 'lint.default', 'lint.fixed']],
];

// Any change of a message, everything else made right: all have to say the same of it.
function anyChange(fields, rng) {
  const i = rng.below(fields.length);
  const f = fields[i];
  const value = f.wire === 2 ? rng.pick([
    () => rng.bytes(rng.pick([0, 1, 16, 31, 32, 33, 64])), () => concat(f.value, rng.bytes(1)), () => f.value.subarray(1),
    () => text(rng.pick(['XA', 'A-', 'peer.ping', 'peer.', 'a.b_c.d1', 'x', 'Z9']))])()
    : rng.pick([f.value + 1n, f.value - 1n, f.value * 2n, 1n, 2n, 127n, 128n, 2n ** 32n - 1n, 2n ** 47n]);
  const changed = { ...f, value: typeof value === 'bigint' && value < 0n ? 0n : value };
  const bytes = encodeField(f);
  return [
    () => fields.map((x, j) => (j === i ? changed : x)),
    () => [...fields.slice(0, i), ...fields.slice(i + 1)],
    () => [...fields.slice(0, i), f, ...fields.slice(i)],
    () => [...fields.slice(0, i), { no: rng.between(1, 16), wire: 0, value: BigInt(rng.below(300)) }, ...fields.slice(i)],
    () => { const b = Uint8Array.from(bytes); b[rng.below(Math.min(3, b.length))] ^= 1 << rng.below(8); return [...fields.slice(0, i), { raw: b }, ...fields.slice(i + 1)]; },
  ][rng.below(5)]();
}

const freeClass = (place) => ({
  ...lintClass(place, { name: '', no: 0 }, 'any change, signed and sealed again', undefined, anyChange), fields: [], want: 'agree',
});

export function lintClasses() {
  const out = Object.keys(kPlaces).map(freeClass);
  for (const [place, { of }] of Object.entries(kPlaces)) {
    for (const field of of.fields) {
      for (const [what, rule, applies, form] of kForms) {
        if (applies(field)) out.push(lintClass(place, field, what, rule, form(field)));
      }
    }
    const added = (no) => (fields) => [...fields, { no, wire: 0, value: 1n }];
    out.push(lintClass(place, of.fields.at(-1), 'an unknown number behind it', 'lint.order', added(15)));
    out.push(lintClass(place, of.fields.at(-1), 'a large number behind it', 'lint.order', added(2 ** 29 - 1)));
  }
  for (const [place, name, what, edit, rule] of kLimits) {
    out.push(lintClass(place, { name, no: 0 }, what, rule ?? 'lint.limit', edit));
  }
  return out;
}
