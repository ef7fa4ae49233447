// Makes what travels: records, batches, receipts (docs/protocol.md 6 and 8).
import { H, compare, utf8 } from './bytes.mjs';
import { bodyCommit, receiptLeaf } from './leaf.mjs';
import { fold, leafHash } from './merkle.mjs';
import { kInner, kManifest, kReceiptItem, kStatement } from './objects.mjs';
import { kBatch, kRelease, pae } from './pae.mjs';
import { writeObject } from './write.mjs';

export const sorted = (parties) => [...parties].sort((a, b) => compare(utf8(a), utf8(b)));

// {item, leaf}: an item with its manifest. approvers: [{key, certificate}].
export function makeRecord(rng, fields, body, approvers = []) {
  const salt = rng.bytes(32);
  const manifest = writeObject(kManifest, {
    v: 1n, msg_id: rng.bytes(16), body_commit: bodyCommit(salt, body), body_len: BigInt(body.length),
    approver: approvers.map((a) => H(a.certificate)), ...fields,
  });
  const approvals = approvers.map((a) =>
    ({ certificate: a.certificate, signature: a.key.sign(pae(kRelease, manifest)) }));
  return { item: { manifest, salt, body, approvals }, leaf: leafHash(manifest) };
}

export const leafOnly = (leaf) => ({ item: { leaf }, leaf });

export function makeStatement(from, card, purpose, leaves, signed_ms) {
  return writeObject(kStatement, {
    v: 1n, from, card, purpose, size: BigInt(leaves.length), root: fold(leaves), signed_ms,
  });
}

// records: from makeRecord and leafOnly, in leaf order.
export function makeInner(key, from, card, records, signed_ms) {
  const stmt = makeStatement(from, card, 1n, records.map((r) => r.leaf), signed_ms);
  return writeObject(kInner, { stmt, sig: key.sign(pae(kBatch, stmt)), item: records.map((r) => r.item) });
}

// items: [{rid, status, at_ms, created_ms}]. notes: {checkpoint, cosigs} that go with them (10).
export function makeReceipts(key, from, card, items, signed_ms, notes = {}) {
  const item = items.map((i) => writeObject(kReceiptItem, { leaf: receiptLeaf(i), ...i }));
  const stmt = makeStatement(from, card, 2n, item.map(leafHash), signed_ms);
  return writeObject(kInner, { receipts: { stmt, sig: key.sign(pae(kBatch, stmt)), item, ...notes } });
}
