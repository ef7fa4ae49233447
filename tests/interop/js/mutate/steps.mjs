// Mutations that the receiver's steps 3 to 11 refuse (docs/protocol.md 9 and 10): everything
// else of the envelope is right, down to signatures and sealing.
import { H, concat, toBase64, utf8 } from '../lib/bytes.mjs';
import { pad, kBuckets } from '../lib/envelope.mjs';
import { fold } from '../lib/merkle.mjs';
import { kPlain } from '../lib/note.mjs';
import { kRelease, pae } from '../lib/pae.mjs';
import { bodyCommit, receiptLeaf } from '../lib/leaf.mjs';
import { keyOf } from '../lib/party.mjs';
import { formOf } from '../lib/record.mjs';
import { openBatch, rebuild } from './batch.mjs';
import { withAttachment } from './lints.mjs';
import { signText } from './text.mjs';
import { decode, encode, get, withField, without } from './tlv.mjs';

const kDay = 86400000n;
const text = (bytes) => new TextDecoder().decode(bytes);
const put = (no, wire, value) => (fields) => withField(fields, no, wire, typeof value === 'function' ? value(get(fields, no)) : value);
export const flip = (bytes, rng) => { const out = Uint8Array.from(bytes); out[rng.below(out.length)] ^= 1 << rng.below(8); return out; };

// A class over envelopes of records, or of receipts. edits(rng, batch) gives what rebuild wants, and
// perhaps in told what the judges are told besides: lines.
export function step(name, fields, rule, edits, { receipts = false, want, always } = {}) {
  return {
    name, kind: 'envelope', fields, rule, want, always,
    async make(rng, original) {
      const batch = await openBatch(original);
      if (batch.isReceipts !== receipts) return null;
      const e = edits(rng, batch);
      if (e === null) return null;
      const bytes = await rebuild(batch, rng, { place: rng.below(4), ...e });
      return e.told ? { bytes, told: e.told } : bytes;
    },
  };
}
export const both = (name, fields, rule, edits, more) => [
  step(`records: ${name}`, fields, rule, edits, more),
  step(`receipts: ${name}`, fields, rule, edits, { ...more, receipts: true }),
];

const stepThree = () => both('padding that is not zero', ['padding'], 'envelope.padding', (rng) => ({
  plain(inner) {
    const out = pad(inner, kBuckets.find((b) => b > inner.length + 4));
    out[rng.pick([4 + inner.length, out.length - 1])] = 1 + rng.below(255);
    return out;
  },
})).concat(both('a length beyond the bucket', ['length of Inner'], 'envelope.length', (rng) => ({
  plain(inner) {
    const out = pad(inner);
    new DataView(out.buffer).setUint32(0, out.length - 3 + rng.pick([0, 1, 2 ** 31]));
    return out;
  },
})), both('a shorter length', ['length of Inner'], ['envelope.padding'], () => ({
  plain(inner) {
    const out = pad(inner);
    new DataView(out.buffer).setUint32(0, inner.length - 2);
    out[inner.length + 2] |= 1; // the cut part is not all zero
    return out;
  },
})), both('no Inner at all', ['length of Inner'], 'envelope.length', () => ({ innerBytes: () => new Uint8Array(0) })),
both('a larger bucket', [], undefined, () => ({
  plain: (inner) => { const least = kBuckets.findIndex((b) => b >= inner.length + 4); return pad(inner, kBuckets[least + 1] ?? kBuckets[least]); },
}), { want: 'accept' }));

const versions = [2n, 3n, 2n ** 31n, 2n ** 32n + 1n, 2n ** 64n - 1n];

const stepFour = () => [
  ...both('v of the statement', ['BatchStmt.v'], 'batch.version', (rng) => ({ stmt: put(1, 0, rng.pick(versions)) })),
  ...both('v of a statement with what this version does not know', ['BatchStmt.v'], 'batch.version', (rng) => ({
    stmt: (f) => [...put(1, 0, rng.pick(versions))(f), { no: 9, wire: 2, value: rng.bytes(9) }],
  })),
  step('v of a manifest', ['Manifest.v'], 'batch.version', (rng) => ({ manifest: put(1, 0, rng.pick(versions)) })),
  step('v of a manifest with what this version does not know', ['Manifest.v'], 'batch.version', (rng) => ({
    manifest: (f) => [...put(1, 0, rng.pick(versions))(without(f, 2)), { no: 15, wire: 0, value: 1n }],
  })),
  ...both('another size', ['BatchStmt.size'], 'batch.size', (rng) => ({ stmt: put(5, 0, (n) => (n > 1n && rng.chance(50) ? n - 1n : n + BigInt(rng.between(1, 9)))) })),
  ...both('another root', ['BatchStmt.root'], 'batch.root', (rng) => ({ stmt: put(6, 2, (b) => flip(b, rng)) })),
  ...both('an item too many', ['BatchStmt.size', 'Inner.item'], 'batch.size', () => ({
    outer: (f) => { const i = f.findIndex((x) => x.no === 3); return [...f.slice(0, i), f[i], ...f.slice(i)]; },
  })),
  step('an item left out', ['Inner.item'], ['batch.size', 'lint.missing'], () => ({
    outer: (f) => { const i = f.findIndex((x) => x.no === 3); return [...f.slice(0, i), ...f.slice(i + 1)]; },
  })),
  step('items in another order', ['Inner.item'], 'batch.root', (rng, batch) => (batch.items.length < 2 ? null : {
    outer: (f) => { const items = f.filter((x) => x.no === 3).reverse(); return f.map((x) => (x.no === 3 ? items.shift() : x)); },
  })),
  step('a leaf in the place of an inner node', ['Item.leaf', 'BatchStmt.size'], ['batch.size', 'lint.missing'], (rng, batch) => (batch.items.length !== 3 ? null : {
    // The same root from two leaves, one of which is the node over the first two.
    outer: (f) => { const items = f.filter((x) => x.no === 3); const node = { no: 2, wire: 2, value: fold(items.slice(0, 2).map((i) => leafOf(i.value))) };
      return f.filter((x) => x !== items[1]).map((x) => (x === items[0] ? { no: 3, wire: 2, value: encode([node]) } : x)); },
  })),
  step('another leaf', ['Item.leaf'], 'batch.root', (rng, batch) => (batch.items.length < 3 ? null : {
    outer: (f) => f.map((x) => (x.no === 3 && get(decode(x.value), 2) ? { ...x, value: encode([{ no: 2, wire: 2, value: rng.bytes(32) }]) } : x)),
  })),
  step('leaves only', ['Inner.item', 'Item.manifest'], 'lint.missing', (rng, batch) => ({
    items: (items) => items.map((i) => (get(i, 2) ? i : [{ no: 2, wire: 2, value: leafOf(encode(i)) }])),
  })),
  ...[['from', 3, (rng) => utf8('XQ')], ['from_card', 4, (rng) => rng.bytes(32)]].map(([name, no, value]) =>
    step(`items of another ${name}`, [`Manifest.${name}`], 'batch.same', (rng, batch) => (batch.items.length < 3 ? null : { manifest: put(no, 2, value(rng)) }))),
  step('items of another audience', ['Manifest.to'], 'batch.same', (rng, batch) => (batch.items.length < 3 ? null
    : { manifest: (f) => f.filter((x) => x.no !== 5 || text(x.value) === batch.original.world.state.party) })),
  step('another manifest, not signed again', ['Manifest.msg_id', 'Manifest.thread', 'Manifest.reply_to', 'Manifest.expires_ms'], 'batch.root', (rng) => ({
    outer: (f) => { const i = f.findIndex((x) => x.no === 3 && get(decode(x.value), 1)); const item = decode(f[i].value);
      const m = decode(get(item, 1)); const no = rng.pick([2, 7, 8, 10]);
      const changed = withField(m, no, no === 10 ? 1 : 2, no === 2 ? rng.bytes(16) : no === 10 ? 1n + BigInt(rng.below(1e9))
        : encode([{ no: 1, wire: 2, value: rng.bytes(32) }, { no: 2, wire: 1, value: 1n }]));
      return f.map((x, j) => (j === i ? { ...x, value: encode(withField(item, 1, 2, encode(changed))) } : x)); },
  })),
  step('another receipt item, not signed again', ['ReceiptItem.rid', 'ReceiptItem.status', 'ReceiptItem.leaf', 'ReceiptItem.at_ms', 'ReceiptItem.created_ms'], 'batch.root', (rng) => ({
    outer: (f) => { const i = f.findIndex((x) => x.no === 3); const item = decode(f[i].value); const no = rng.between(1, 5);
      const value = no === 2 ? get(item, 2) % 2n + 1n : no > 3 ? get(item, no) + 1n : rng.bytes(32);
      const wire = item.find((x) => x.no === no).wire;
      return f.map((x, j) => (j === i ? { ...x, value: encode(withField(item, no, wire, value)) } : x)); },
  }), { receipts: true }),
];

function leafOf(itemBytes) {
  const item = decode(itemBytes);
  return get(item, 2) ?? H(new Uint8Array([0]), get(item, 1));
}

// Every manifest of the batch with these fields, so that they stay equal to each other.
export const everywhere = (batch, edit) => (batch.isReceipts ? {} : {
  items: (items) => items.map((i) => (get(i, 1) ? withField(i, 1, 2, encode(edit(decode(get(i, 1))))) : i)),
});

// As another party says it: its name, card and key, in all manifests and in the statement.
export function spokenBy(batch, party, cardId, key, more = (m) => m) {
  const rename = (m) => more(withField(withField(m, 3, 2, utf8(party)), 4, 2, cardId));
  return { ...everywhere(batch, rename), stmt: (f) => withField(withField(f, 2, 2, utf8(party)), 3, 2, cardId), key };
}

export function oldCard(batch) {
  const { state } = batch.original.world;
  const peer = state.peers.get(text(get(batch.stmt, 2)));
  const tooOld = state.now - peer.card.issued * 1000n > 400n * kDay;
  return peer.old.length > 0 ? { card: peer.old[0], tooOld } : null;
}

// As that card's key says it; its officers approved nothing of it.
export function saidUnder(batch, card, key) {
  const spoken = spokenBy(batch, card.party, card.id, key, unapproved);
  return batch.isReceipts ? spoken : { ...spoken, items: (items) => spoken.items(items.map((i) => without(i, 8))) };
}

const stepFive = () => both('a party nobody knows', ['Manifest.from', 'BatchStmt.from'], 'batch.from', (rng, batch) =>
  spokenBy(batch, 'XQ', rng.bytes(32), keyOf(rng.bytes(32)))).concat(both('a card that is not here', ['Manifest.from_card', 'BatchStmt.card'], 'batch.card', (rng, batch) =>
  spokenBy(batch, text(get(batch.stmt, 2)), rng.bytes(32))), both('a card superseded long ago', ['Manifest.from_card', 'BatchStmt.card'], 'batch.old-card', (rng, batch) => {
  const old = oldCard(batch);
  return old?.tooOld ? saidUnder(batch, old.card, batch.original.world.key(old.card.sign)) : null;
}), both('a card superseded lately', [], undefined, (rng, batch) => {
  const old = oldCard(batch);
  return old && !old.tooOld ? saidUnder(batch, old.card, batch.original.world.key(old.card.sign)) : null;
}, { want: 'accept' }));

const stepSix = () => [
  ...both('a bit of the signature', ['Inner.sig', 'ReceiptBatch.sig'], 'batch.sig', (rng) => ({ sig: (b) => flip(b, rng) })),
  ...both('signed by another key', ['Inner.sig', 'ReceiptBatch.sig'], 'batch.sig', (rng, batch) => ({ key: rng.pick([keyOf(rng.bytes(32)), batch.original.world.key(batch.card.root)]) })),
  ...both('signed in another form', ['Inner.sig', 'ReceiptBatch.sig'], 'batch.sig', (rng, batch) => {
    const key = batch.original.world.key(batch.card.sign);
    const form = rng.pick([(b) => b.subarray(b.indexOf(0x08)), (b) => concat(b, [0x0a]), (b) => pae(kRelease, b)]);
    return { key: { sign: (b) => key.sign(form(b)) } };
  }),
  ...both('another time, not signed again', ['BatchStmt.signed_ms'], 'batch.sig', () => ({
    outer: (f) => f.map((x) => (x.no === 1 ? { ...x, value: encode(withField(decode(x.value), 7, 1, get(decode(x.value), 7) + 1n)) } : x)),
  })),
  ...both('the other purpose', ['BatchStmt.purpose'], 'batch.purpose', () => ({ stmt: put(4, 0, (n) => 3n - n) })),
  step('another sender in the statement', ['BatchStmt.from'], 'batch.stmt-from', () => ({ stmt: put(2, 2, utf8('XQ')) })),
  step('another card in the statement', ['BatchStmt.card'], 'batch.stmt-card', (rng) => ({ stmt: put(3, 2, rng.bytes(32)) })),
];

const audience = (...parties) => (m) => {
  const rest = m.filter((f) => f.no !== 5);
  const at = rest.findIndex((f) => f.no > 5);
  const to = [...new Set(parties)].sort((a, b) => Buffer.compare(utf8(a), utf8(b))).map((p) => ({ no: 5, wire: 2, value: utf8(p) }));
  return [...rest.slice(0, at), ...to, ...rest.slice(at)];
};
const partiesOf = (batch) => batch.items.filter((i) => get(i, 1)).map((i) => decode(get(i, 1)))[0].filter((f) => f.no === 5).map((f) => text(f.value));

const stepSeven = () => [
  step('written to others', ['Manifest.to'], 'batch.to', (rng, batch) => everywhere(batch, audience('XX', 'XY'))),
  step('written to its sender too', ['Manifest.to', 'Manifest.from'], 'batch.self', (rng, batch) =>
    everywhere(batch, audience(...partiesOf(batch), text(get(batch.stmt, 2))))),
];

// The manifest says what the item holds, in all but this.
const item = (no, wire, value) => ({ item: put(no, wire, value) });
const certificateOf = (approval) => text(get(decode(approval), 1));

// An approval with another certificate: named in the manifest, and its key signs.
function approvedWith(batch, change, { keepName = false } = {}) {
  let manifest = null;
  let certificate = null;
  const { world } = batch.original;
  return {
    keepApprovals: true,
    manifest(m) {
      const it = batch.items.find((i) => get(i, 8));
      certificate = it ? change(certificateOf(get(it, 8))) : null;
      return certificate === null || keepName ? m : withField(m, 14, 2, H(certificate));
    },
    manifestBytes: (b) => (manifest = b),
    item(i) {
      if (certificate === null || !get(i, 8)) return i;
      const pk = new Uint8Array(Buffer.from(/^key (.*)$/m.exec(text(certificate))[1], 'base64'));
      const key = world.key(pk) ?? keyOf(new Uint8Array(32).fill(9));
      return withField(i, 8, 2, encode([{ no: 1, wire: 2, value: certificate }, { no: 2, wire: 2, value: key.sign(pae(kRelease, manifest)) }]));
    },
  };
}

// The text of a certificate with another value of a line, signed by the sign key of the card.
const recertified = (batch, key, value) => (note) => {
  const { world } = batch.original;
  const before = note.slice(0, note.indexOf('\n\n') + 1);
  const signers = [{ name: `focal/${batch.card.party}/sign`, type: kPlain, pk: batch.card.sign, t: 0n }];
  return signText(before.replace(new RegExp(`^${key} .*$`, 'm'), `${key} ${value}`), signers, world);
};

const approvals = (name, fields, rule, edits) => step(name, fields, rule, (rng, batch) => {
  const place = batch.items.filter((i) => get(i, 1)).findIndex((i) => get(i, 8));
  return place < 0 ? null : { ...edits(rng, batch), place };
});

const iso = (ms) => new Date(Number(ms)).toISOString().slice(0, 19) + 'Z';

const stepEight = () => [
  step('another body', ['Item.body', 'Manifest.body_commit'], 'item.commit', (rng) => item(4, 2, (b) => (b ? flip(b, rng) : rng.bytes(1)))),
  step('another salt', ['Item.salt'], 'item.commit', (rng) => item(3, 2, (b) => flip(b, rng))),
  step('another commitment', ['Manifest.body_commit'], 'item.commit', (rng) => ({ manifest: put(11, 2, (b) => flip(b, rng)) })),
  step('another length', ['Manifest.body_len'], 'item.length', (rng) => ({ manifest: put(12, 0, (n) => (n ?? 0n) + BigInt(1 + rng.below(9))) })),
  step('an attachment without key and name', ['Manifest.att'], 'item.attachments', () => ({ manifest: withAttachment })),
  step('an attachment without its key', ['Item.att_name', 'Manifest.att'], 'item.attachments', () => ({ manifest: withAttachment, item: put(6, 2, utf8('n')) })),
  step('a key without its attachment', ['Item.att_key'], 'item.attachments', (rng) => item(5, 2, rng.bytes(32))),
  step('a name without its attachment', ['Item.att_name'], 'item.attachments', () => item(6, 2, utf8('n'))),
  approvals('an approval taken away', ['Item.approvals', 'Manifest.approver'], 'item.approvals', () => ({ item: (i) => without(i, 8) })),
  approvals('an approval that is not named', ['Item.approvals', 'Manifest.approver'], 'item.approvals', () => ({ manifest: (m) => without(m, 14) })),
  approvals('another certificate named', ['Manifest.approver'], 'item.approvals', (rng) => ({ manifest: put(14, 2, (b) => flip(b, rng)) })),
  approvals('another certificate', ['Approval.certificate'], 'item.approvals', (rng, batch) => approvedWith(batch, recertified(batch, 'role', 'OTHER'), { keepName: true })),
  approvals('a bit of the approval', ['Approval.signature'], 'approval.sig', (rng) => ({ item: (i) => put(8, 2, (a) => encode(put(2, 2, (s) => flip(s, rng))(decode(a))))(i) })),
  approvals('an approval of another manifest', ['Approval.signature', 'Manifest.msg_id'], 'approval.sig', (rng) => ({ keepApprovals: true, manifest: put(2, 2, rng.bytes(16)) })),
  approvals('an officer of another party', ['Approval.certificate'], 'text.party', (rng, batch) => approvedWith(batch, recertified(batch, 'party', 'XQ'))),
  approvals('an officer whose key nobody has', ['Approval.certificate'], 'approval.sig', (rng, batch) => approvedWith(batch, recertified(batch, 'key', toBase64(keyOf(rng.bytes(32)).pk)))),
  approvals('an officer with a key of the card', ['Approval.certificate'], 'officer.key', (rng, batch) => approvedWith(batch, recertified(batch, 'key', toBase64(batch.card[rng.pick(['sign', 'root', 'witness'])])))),
  approvals('a certificate that is over', ['Approval.certificate', 'Manifest.created_ms'], 'approval.time', (rng, batch) => {
    const created = get(decode(get(batch.items.find((i) => get(i, 8)), 1)), 9);
    return approvedWith(batch, (note) => recertified(batch, 'from', iso(created - 9n * kDay))(text(recertified(batch, 'until', iso(created / 1000n * 1000n))(note))));
  }),
  approvals('a certificate of later', ['Approval.certificate', 'Manifest.created_ms'], 'approval.time', (rng, batch) => {
    const created = get(decode(get(batch.items.find((i) => get(i, 8)), 1)), 9);
    return approvedWith(batch, (note) => recertified(batch, 'from', iso(created + 1000n))(text(recertified(batch, 'until', iso(created + 9n * kDay))(note))));
  }),
  approvals('a certificate signed by nobody', ['Approval.certificate'], 'note.wrong', (rng, batch) => approvedWith(batch, (note) => {
    const lines = note.split('\n');
    const at = lines.findIndex((l) => l.startsWith('\u2014'));
    const words = lines[at].split(' ');
    const sig = new Uint8Array(Buffer.from(words[2], 'base64'));
    sig[9] ^= 1;
    lines[at] = [words[0], words[1], toBase64(sig)].join(' ');
    return utf8(lines.join('\n'));
  })),
];

// The party that is only introduced, with its own card and key.
function introduced(batch) {
  const { world } = batch.original;
  const peer = [...world.state.peers.values()].find((p) => p.level === 1);
  return { card: peer.card, key: world.key(peer.card.sign) };
}

export const withKind = (kind) => (m) => withField(m, 6, 2, utf8(kind));
// Without approvals: they are of the other party.
export const unapproved = (m) => without(m, 14);

// Under a kind that the reader knows the body has to be a Record; of other kinds it is anything.
const hasRecord = (item) => {
  const form = formOf(get(item, 4) ?? new Uint8Array(0));
  return !get(item, 1) || (form.isMessage && (form.hasHeader || !form.hasKind));
};

export function fromIntroduced(batch, kind) {
  const { card, key } = introduced(batch);
  const spoken = spokenBy(batch, card.party, card.id, key, (m) => unapproved(withKind(kind)(m)));
  return { ...spoken, items: (items) => spoken.items(items.map((i) => without(i, 8))) };
}

// created_ms of every manifest moved; the officer's certificate would not fit any more.
export const moved = (batch, by) => ({
  items: (items) => items.map((i) => (get(i, 1) ? without(withField(i, 1, 2, encode(unapproved(withField(decode(get(i, 1)), 9, 1, by(get(decode(get(i, 1)), 9)))))), 8) : i)),
});

const stepsNineToEleven = () => [
  step('a kind that needs more trust', ['Manifest.kind'], 'item.level', (rng, batch) => fromIntroduced(batch, rng.pick(['trace.request', 'trace.response', 'peerless.kind', 'future.kind', 'peer_ping.x']))),
  step('a ping of one introduced', [], undefined, (rng, batch) => (batch.items.every(hasRecord) ? fromIntroduced(batch, 'peer.ping') : null), { want: 'accept' }),
  step('created too far ahead', ['Manifest.created_ms'], 'item.future', (rng, batch) => {
    const { now } = batch.original.world.state;
    return moved(batch, () => now + kDay + 1n + BigInt(rng.pick([0, 1e9])));
  }),
  step('created ahead, but not too far', [], undefined, (rng, batch) => moved(batch, () => batch.original.world.state.now + kDay), { want: 'accept' }),
  step('signed long after', ['Manifest.created_ms', 'BatchStmt.signed_ms'], 'item.apart', (rng, batch) => {
    const signed = get(batch.stmt, 7);
    return moved(batch, () => signed - 7n * kDay - 1n - BigInt(rng.pick([0, 1e9])));
  }),
  step('signed long before', ['Manifest.created_ms', 'BatchStmt.signed_ms'], 'item.apart', (rng) => ({ stmt: put(7, 1, (n) => n - 9n * kDay - BigInt(rng.below(1e9))) })),
  step('signed a week after', [], undefined, (rng, batch) => moved(batch, () => get(batch.stmt, 7) - 7n * kDay), { want: 'accept' }),
  step('an attachment', ['Manifest.att', 'Attachment.root', 'Attachment.size', 'Attachment.media', 'Attachment.name_commit', 'Attachment.key_commit'], 'item.attachment', (rng) => ({
    manifest: withAttachment, item: (i) => withField(withField(i, 5, 2, rng.bytes(32)), 6, 2, utf8('photo.png')),
  })),
  step('no Record', ['Item.body', 'Manifest.kind'], 'item.record', (rng) => {
    const body = rng.pick([...[[0x0a, 0xff], [0x07], [0x0b], [0x0a, 0x01], [0x80]].map((b) => Uint8Array.from(b))]);
    return withBody(body, 'peer.ping');
  }),
  step('a Record without its header', ['Item.body'], 'item.record', (rng) => withBody(Uint8Array.from(rng.pick([[0x82, 1, 0], [0x82, 1, 3, 0x0a, 1, 0x61]])), rng.pick(['peer.ping', 'trace.close']))),
];

export function withBody(body, kind) {
  const salt = new Uint8Array(32).fill(5);
  const set = (fields, no, value) => (value.length === 0 ? without(fields, no) : withField(fields, no, 2, value));
  return {
    manifest: (m) => {
      const out = withField(withKind(kind)(m), 11, 2, bodyCommit(salt, body));
      return body.length === 0 ? without(out, 12) : withField(out, 12, 0, BigInt(body.length));
    },
    item: (i) => set(withField(i, 3, 2, salt), 4, body),
  };
}

const leafFor = (f) => receiptLeaf({ rid: get(f, 1), status: get(f, 2), at_ms: get(f, 4) });
export const withLeaf = (f) => withField(f, 3, 2, leafFor(f));

const receiptItems = () => [
  ['of a record that is not mine', ['ReceiptItem.rid'], 'receipt.unknown', (rng) => (f) => withLeaf(withField(f, 1, 2, rng.bytes(32)))],
  ['of another time', ['ReceiptItem.created_ms'], 'receipt.unknown', () => put(5, 1, (n) => n + 1n)],
  ['another leaf', ['ReceiptItem.leaf'], 'receipt.leaf', (rng) => put(3, 2, rng.bytes(32))],
  ['another time of the leaf', ['ReceiptItem.at_ms'], 'receipt.leaf', () => put(4, 1, (n) => n + 1n)],
  ['the leaf of the other type', ['ReceiptItem.status'], 'receipt.leaf', () => (f) => withField(f, 2, 0, get(f, 2) < 16n ? 19n : 1n)],
].map(([name, fields, rule, edit]) => step(`receipts: ${name}`, fields, rule, (rng) => ({ item: edit(rng) }), { receipts: true })).concat([
  step('receipts: of a record that was sent to others', ['BatchStmt.from'], 'receipt.unknown', (rng, batch) => {
    const { card, key } = introduced(batch);
    return { stmt: (f) => withField(withField(f, 2, 2, utf8(card.party)), 3, 2, card.id), key };
  }, { receipts: true }),
]);

export const stepClasses = () => [...stepThree(), ...stepFour(), ...stepFive(), ...stepSix(), ...stepSeven(), ...stepEight(),
  ...stepsNineToEleven(), ...receiptItems()];
