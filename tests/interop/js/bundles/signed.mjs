// Mutations that are made before signing: fields edited and signed again by right and wrong keys.
// {name, expect: [claim, verdict, reason], hooks, steps, roots(world), owners}
import { H, concat, fromUtf8, toBase64, utf8 } from '../lib/bytes.mjs';
import { logName } from '../lib/card.mjs';
import { kReceived, kRejected, kSent, makeLeaf, receiptLeaf, readLeaf } from '../lib/leaf.mjs';
import { dateText, keyOf } from '../lib/party.mjs';
import { cosigner } from './ledger.mjs';
import { kStart } from './world.mjs';

const strange = () => keyOf(new Uint8Array(32).fill(77));
const zeros = new Uint8Array(32);
const flipped = (bytes) => Uint8Array.from(bytes, (b, i) => (i === 0 ? b ^ 1 : b));
const otherHash = () => H(utf8('other'));

const m = (name, expect, hooks, more = {}) => ({ name, expect, hooks, ...more });
const leafOf = (bytes, more) => makeLeaf({ ...readLeaf(bytes), ...more });

const kSignedStatement = [
  m('a statement of purpose 2', ['SIGNED', 'BROKEN', 'SIGNATURE'], { 'stmt fields': (f) => ({ ...f, purpose: 2n }) }),
  m('a statement from another', ['SIGNED', 'BROKEN', 'SIGNATURE'], { 'stmt fields': (f) => ({ ...f, from: 'XB' }) }),
  m('a statement under another card', ['SIGNED', 'BROKEN', 'SIGNATURE'], { 'stmt fields': (f) => ({ ...f, card: otherHash() }) }),
  m('another root', ['SIGNED', 'BROKEN', 'PATH'], { 'stmt fields': (f) => ({ ...f, root: otherHash() }) }),
  m('another size', ['SIGNED', 'BROKEN', 'PATH'], { 'stmt fields': (f) => ({ ...f, size: f.size + 1n }) }),
  m('a later version', ['SIGNED', 'BROKEN', 'FORM'], { 'stmt fields': (f) => ({ ...f, v: 2n }) }),
  m('a field twice', ['SIGNED', 'BROKEN', 'FORM'], { stmt: (b) => concat(b, b.subarray(b.length - 9)) }),
  m('a stranger signs', ['SIGNED', 'BROKEN', 'SIGNATURE'], { 'stmt key': strange }),
  m('the log key signs', ['SIGNED', 'BROKEN', 'SIGNATURE'], { 'stmt key': (k, w) => w.sender.keys.log }),
  m('the officer signs', ['SIGNED', 'BROKEN', 'SIGNATURE'], { 'stmt key': (k, w) => w.sender.keys.officer }),
  m('a signature of 63 bytes', ['SIGNED', 'BROKEN', 'FORM'], { 'stmt sig': (b) => b.subarray(1) }),
  m('another index in the path', ['SIGNED', 'BROKEN', 'PATH'], { 'stmt path': (p) => ({ ...p, size: p.size + 1, index: p.index + 1 }) }),
  m('a hash too many in the path', ['SIGNED', 'BROKEN', 'PATH'], { 'stmt path': (p) => ({ ...p, path: [...p.path, zeros] }) }),
  m('a path with index = size', ['SIGNED', 'BROKEN', 'FORM'], { 'stmt path': (p) => ({ ...p, index: p.size }) }),
  m('a path without its end', ['SIGNED', 'BROKEN', 'FORM'], { 'stmt path text': (b) => b.subarray(0, b.length - 1) }),
  m('a manifest under another card', ['SIGNED', 'NOT_SHOWN', 'ABSENT'], {
    manifest: (f) => ({ ...f, from_card: otherHash() }), 'stmt fields': (f) => ({ ...f, card: otherHash() }),
  }),
];

const kReleased = [
  m('another officer key', ['RELEASED', 'BROKEN', 'SIGNATURE'], { 'officer key': strange }),
  m('an approval of 63 bytes', ['RELEASED', 'BROKEN', 'SIGNATURE'], { 'approval sig': (b) => b.subarray(1) }),
  m('a certificate by a stranger', ['RELEASED', 'BROKEN', 'CERTIFICATE'], { 'certificate key': strange }),
  m('a certificate by the log key', ['RELEASED', 'BROKEN', 'CERTIFICATE'], { 'certificate key': (k, w) => w.sender.keys.log }),
  m('a certificate that has ended', ['RELEASED', 'BROKEN', 'CERTIFICATE'], { certificate: (f) => ({ ...f, until: dateText(kStart) }) }),
  m('a certificate of later', ['RELEASED', 'BROKEN', 'CERTIFICATE'], { certificate: (f) => ({ ...f, from: dateText(kStart + 1) }) }),
  m('a certificate of another party', ['RELEASED', 'BROKEN', 'CERTIFICATE'], { certificate: (f) => ({ ...f, party: 'XB' }) }),
  m('a certificate for the sign key', ['RELEASED', 'BROKEN', 'CERTIFICATE'], { certificate: (f, w) => ({ ...f, key: w.sender.keys.sign.pk }) }),
  m('a role of 65 bytes', ['RELEASED', 'BROKEN', 'CERTIFICATE'], { certificate: (f) => ({ ...f, role: 'r'.repeat(65) }) }),
];

const kContent = [
  m('another body', ['CONTENT', 'BROKEN', 'COMMITMENT'], { 'sent body': (b) => concat(b, new Uint8Array(1)) }),
  m('another salt', ['CONTENT', 'BROKEN', 'COMMITMENT'], { 'sent salt': flipped }),
  m('a salt of 31 bytes', ['CONTENT', 'BROKEN', 'COMMITMENT'], { 'sent salt': (b) => b.subarray(1) }),
];

const item = (more) => ({ 'receipt item fields': (f) => ({ ...f, ...more(f) }) });
const kReceipts = [
  m('a receipt for another record', ['ACCEPTED', 'BROKEN', 'LEAF'], item(() => ({ rid: otherHash() }))),
  m('a receipt of another time', ['ACCEPTED', 'BROKEN', 'LEAF'], item((f) => ({ at_ms: f.at_ms + 1n }))),
  m('a receipt for another created_ms', ['ACCEPTED', 'BROKEN', 'LEAF'], item((f) => ({ created_ms: f.created_ms + 1n }))),
  m('a receipt with another leaf', ['ACCEPTED', 'BROKEN', 'LEAF'], item(() => ({ leaf: otherHash() }))),
  m('a rejection of an acceptance', ['REJECTED', 'BROKEN', 'LEAF'], item(() => ({ status: 19n }))),
  m('a status that is never sent', ['ACCEPTED', 'BROKEN', 'FORM'], item(() => ({ status: 3n }))),
  m('another receipt than the leaf', ['LOGGED', 'BROKEN', 'LEAF'], item((f) => {
    const more = { ...f, at_ms: f.at_ms + 1n };
    return { ...more, leaf: receiptLeaf(more) };
  })),
  m('a receipt of purpose 1', ['ACCEPTED', 'BROKEN', 'SIGNATURE'], { 'receipt stmt fields': (f) => ({ ...f, purpose: 1n }) }),
  m('a receipt by another', ['ACCEPTED', 'BROKEN', 'SIGNATURE'], { 'receipt stmt fields': (f) => ({ ...f, from: 'XA' }) }),
  m('a receipt under another card', ['ACCEPTED', 'NOT_SHOWN', 'ABSENT'], { 'receipt stmt fields': (f) => ({ ...f, card: otherHash() }) }),
  m('a receipt with another root', ['ACCEPTED', 'BROKEN', 'PATH'], { 'receipt stmt fields': (f) => ({ ...f, root: otherHash() }) }),
  m('a receipt of a later version', ['ACCEPTED', 'BROKEN', 'FORM'], { 'receipt stmt fields': (f) => ({ ...f, v: 2n }) }),
  m('the sender signs a receipt', ['ACCEPTED', 'BROKEN', 'SIGNATURE'], { 'receipt stmt key': (k, w) => w.sender.keys.sign }),
  m('a receipt signature of 65 bytes', ['ACCEPTED', 'BROKEN', 'FORM'], { 'receipt stmt sig': (b) => concat(b, new Uint8Array(1)) }),
  m('another path of a receipt', ['ACCEPTED', 'BROKEN', 'PATH'], { 'receipt stmt path': (p) => ({ ...p, path: [...p.path, zeros] }) }),
  m('a receipt path of zeros before a number', ['ACCEPTED', 'BROKEN', 'FORM'], {
    'receipt stmt path text': (b) => utf8(fromUtf8(b).replace('index ', 'index 0')),
  }),
];

const sent = (change) => ({ 'sent leaf': change });
const received = (change) => ({ 'received leaf': change });
const kLeaves = [
  m('a leaf of version 2', ['LOGGED', 'BROKEN', 'LEAF'], sent((b) => Uint8Array.from(b, (x, i) => (i === 0 ? 2 : x)))),
  m('a leaf of 75 bytes', ['LOGGED', 'BROKEN', 'LEAF'], sent((b) => concat(b, new Uint8Array(1)))),
  m('a leaf of another record', ['LOGGED', 'BROKEN', 'LEAF'], sent((b) => leafOf(b, { ref: otherHash() }))),
  m('RECEIVED at the sender', ['LOGGED', 'BROKEN', 'LEAF'], sent((b) => leafOf(b, { type: kReceived }))),
  m('a leaf of after 2^48 ms', ['LOGGED', 'BROKEN', 'LEAF'], sent((b) => leafOf(b, { ms: 2n ** 48n }))),
  m('SENT at a recipient', ['LOGGED', 'BROKEN', 'LEAF'], received((b) => leafOf(b, { type: kSent }))),
  m('REJECTED in the ledger, ACCEPTED in the receipt', ['LOGGED', 'BROKEN', 'LEAF'], received((b) => leafOf(b, { type: kRejected }))),
  m('a detail at a recipient', ['LOGGED', 'BROKEN', 'LEAF'], received((b) => leafOf(b, { detail: otherHash() }))),
  m('an erasure of another record', ['ERASED', 'BROKEN', 'LEAF'], { 'erased leaf': (b) => leafOf(b, { ref: otherHash() }) }),
  m('an erasure that is an act', ['ERASED', 'BROKEN', 'LEAF'], { 'erased leaf': (b) => leafOf(b, { type: 11 }) }),
  m('another detail of an erasure', ['ERASED', 'BROKEN', 'COMMITMENT'], { 'erased detail': (b) => concat(b, utf8('more\n')) }),
  m('a detail shorter than its salt', ['ERASED', 'BROKEN', 'COMMITMENT'], { 'erased detail': (b) => b.subarray(0, 31) }),
];

const text = (change) => (b) => utf8(change(fromUtf8(b)));
const proofs = (step, claim) => [
  m(`another index: ${claim}`, [claim, 'BROKEN', 'PROOF'], { [step]: (f) => ({ ...f, index: f.index ^ 1 }) }),
  m(`an index beyond the size: ${claim}`, [claim, 'BROKEN', 'PROOF'], { [step]: (f) => ({ ...f, index: f.index + 4096 }) }),
  m(`a hash less: ${claim}`, [claim, 'BROKEN', 'PROOF'], { [step]: (f) => ({ ...f, path: f.path.slice(1) }) }),
  m(`another hash: ${claim}`, [claim, 'BROKEN', 'PROOF'], { [step]: (f) => ({ ...f, path: [otherHash(), ...f.path.slice(1)] }) }),
  m(`64 hashes: ${claim}`, [claim, 'BROKEN', 'PROOF'], { [step]: (f) => ({ ...f, path: Array(64).fill(zeros) }) }),
  m(`an extra line: ${claim}`, [claim, 'BROKEN', 'PROOF'], { [`${step} text`]: text((t) => t.replace('\nindex', '\nextra aGk=\nindex')) }),
  m(`another first line: ${claim}`, [claim, 'BROKEN', 'PROOF'], { [`${step} text`]: text((t) => t.replace('@v1', '@v2')) }),
  m(`no checkpoint: ${claim}`, [claim, 'BROKEN', 'CHECKPOINT'], { [`${step} text`]: text((t) => t.slice(0, t.indexOf('\n\n') + 2)) }),
  m(`no empty line: ${claim}`, [claim, 'BROKEN', 'PROOF'], { [`${step} text`]: text((t) => t.slice(0, t.indexOf('\n\n') + 1)) }),
  m(`no UTF-8: ${claim}`, [claim, 'BROKEN', 'PROOF'], { [`${step} text`]: (b) => concat(b, new Uint8Array([0xff])) }),
];

const point = (change) => ({ checkpoint: (f, w) => ({ ...f, ...change(f, w) }) });
const logLine = (f, more) => ({ lines: f.lines.map((l, i) => (i === 0 ? { ...l, ...more } : l)) });
const kCheckpoints = [
  m('a checkpoint of another root', ['LOGGED', 'BROKEN', 'PROOF'], point(() => ({ root: otherHash() }))),
  m('a checkpoint of another size', ['LOGGED', 'BROKEN', 'PROOF'], point((f) => ({ size: f.size * 4 }))),
  m('a checkpoint by a stranger', ['LOGGED', 'BROKEN', 'CHECKPOINT'], point((f) => logLine(f, { key: strange().pk, sign: strange().sign }))),
  m('a checkpoint with a wrong signature', ['LOGGED', 'BROKEN', 'CHECKPOINT'], point((f) => logLine(f, { sign: strange().sign }))),
  m('a checkpoint signed twice', ['LOGGED', 'BROKEN', 'CHECKPOINT'], point((f) => ({ lines: [...f.lines, f.lines[0]] }))),
  m('a checkpoint without its log', ['LOGGED', 'BROKEN', 'CHECKPOINT'], point((f) => ({ lines: f.lines.slice(1) }))),
  m('a checkpoint of another party', ['LOGGED', 'BROKEN', 'CHECKPOINT'], point(() => ({ log: 'focal/XW/log/1' }))),
  m('a checkpoint of no log', ['LOGGED', 'BROKEN', 'CHECKPOINT'], point((f) => ({ log: `${f.log}0000000000` }))),
  m('a checkpoint of a log that no card names', ['LOGGED', 'NOT_SHOWN', 'ABSENT'], point((f) => ({ log: logName(f.owner.name, 9) }))),
  m('a size with a zero before it', ['LOGGED', 'BROKEN', 'CHECKPOINT'], point((f) => ({ size: `0${f.size}` }))),
  m('an extension line', ['LOGGED', 'BROKEN', 'CHECKPOINT'], point((f) => ({ log: f.log, size: `${f.size}\n${toBase64(zeros)}` }))),
  m('the same of an erasure', ['ERASED', 'BROKEN', 'CHECKPOINT'], point((f) => logLine(f, { sign: strange().sign }))),
  m('an erasure in a log that no card names', ['ERASED', 'NOT_SHOWN', 'ABSENT'], point((f) => ({ log: logName(f.owner.name, 9) }))),
];

const witnesses = (change) => point((f, w) => ({ lines: [f.lines[0], ...change(f.lines.slice(1), w, f)] }));
const kWitnessed = [
  m('a wrong cosignature', ['WITNESSED', 'BROKEN', 'SIGNATURE'], witnesses((l) => l.map((x) => ({ ...x, sign: strange().sign })))),
  m('a cosignature twice', ['WITNESSED', 'BROKEN', 'SIGNATURE'], witnesses((l) => [...l, l[0]])),
  m('a cosignature of time 0', ['WITNESSED', 'BROKEN', 'SIGNATURE'], witnesses((l) => l.map((x) => ({ ...x, t: 0n })))),
  m('a cosignature of 2^63', ['WITNESSED', 'BROKEN', 'SIGNATURE'], witnesses((l) => l.map((x) => ({ ...x, t: 2n ** 63n })))),
  m('a short cosignature', ['WITNESSED', 'BROKEN', 'SIGNATURE'], witnesses((l) => l.map((x) => ({ ...x, sign: (b) => x.sign(b).subarray(1) })))),
  m('a cosignature of another text', ['WITNESSED', 'BROKEN', 'SIGNATURE'], witnesses((l) => l.map((x) => ({ ...x, sign: (b) => x.sign(concat(b, utf8('\n'))) })))),
  m('nobody saw it', ['WITNESSED', 'NOT_SHOWN', 'ABSENT'], witnesses(() => [])),
  m('nobody saw it: no time', ['TIME', 'NOT_SHOWN', 'ABSENT'], witnesses(() => [])),
  m('the log saw itself', ['WITNESSED', 'NOT_SHOWN', 'ABSENT'], witnesses((l, w, f) => [cosigner(f.owner.name, f.owner.keys, kStart + 9000)])),
  m('a wrong cosignature of an erasure', ['ERASED', 'BROKEN', 'CHECKPOINT'], witnesses((l) => [{ ...l[0], sign: strange().sign }, ...l.slice(1)])),
  m('one of three saw it', ['QUORUM', 'NOT_SHOWN', 'POLICY'], witnesses((l) => l.slice(0, 1))),
  m('strangers saw it', ['QUORUM', 'NOT_SHOWN', 'POLICY'], witnesses((l) => [...l.slice(0, 1), cosigner('XW', { witness: strange() }, kStart)])),
];

const policy = (more) => ({ policy: () => more });
const kPolicies = [
  m('a policy of later', ['QUORUM', 'NOT_SHOWN', 'POLICY'], policy({ serial: kStart + 9000 + 500 + 86401 })),
  m('a policy without witnesses', ['QUORUM', 'NOT_SHOWN', 'POLICY'], policy({ quorum: 0, witnesses: [] })),
  m('witnesses that are not here', ['QUORUM', 'NOT_SHOWN', 'POLICY'], policy({ quorum: 2, witnesses: ['XE', 'XF', 'XG'] })),
  m('a quorum that two lists could reach', ['CARD', 'BROKEN', 'POLICY'], policy({ quorum: 1 })),
  m('a quorum above the number', ['CARD', 'BROKEN', 'POLICY'], policy({ quorum: 4 })),
  m('a quorum of nobody', ['CARD', 'BROKEN', 'POLICY'], policy({ quorum: 1, witnesses: [] })),
  m('witnesses out of order', ['CARD', 'BROKEN', 'POLICY'], policy({ witnesses: ['XX', 'XW', 'XY'] })),
  m('a witness twice', ['CARD', 'BROKEN', 'POLICY'], policy({ witnesses: ['XW', 'XW', 'XY'] })),
  m('17 witnesses', ['CARD', 'BROKEN', 'POLICY'], policy({ quorum: 9, witnesses: Array.from({ length: 17 }, (_, i) => `X${String.fromCharCode(66 + i)}Z`) })),
  m('its own witness', ['CARD', 'BROKEN', 'POLICY'], { policy: (x, w) => ({ witnesses: [w.sender.name, 'XX', 'XY'] }) }),
  m('a policy of another log', ['QUORUM', 'NOT_SHOWN', 'ABSENT'], { notes(x, w) {
    for (const name of w.named(/^policy\/XA/)) w.files.delete(name);
    w.putPolicy(w.sender, { log: 'focal/XA/log/7' });
  } }),
  m('a policy by a stranger', ['CARD', 'BROKEN', 'POLICY'], { notes: (x, w) => w.putPolicy(w.sender, { serial: kStart - 4000 }, strange()) }),
  m('a policy by the sign key', ['CARD', 'BROKEN', 'POLICY'], { notes: (x, w) => w.putPolicy(w.sender, { serial: kStart - 4000 }, w.sender.keys.sign) }),
];

export const kSignedMutations = [
  ...kSignedStatement, ...kReleased, ...kContent, ...kReceipts, ...kLeaves,
  ...proofs('proof', 'LOGGED'), ...proofs('erased proof', 'ERASED'), ...kCheckpoints, ...kWitnessed, ...kPolicies,
];
