// Receiving, steps 1 to 10 of docs/protocol.md 9, and receipts by its section 10.
import { H, equal, hex } from './bytes.mjs';
import { verifies } from './curve.mjs';
import { openEnvelope } from './envelope.mjs';
import { bodyCommit, receiptLeaf } from './leaf.mjs';
import { readObject, readVersion } from './lint.mjs';
import { fold, leafHash } from './merkle.mjs';
import { kInner, kManifest, kReceiptItem, kStatement } from './objects.mjs';
import { checkApproval } from './officer.mjs';
import { kBatch, pae } from './pae.mjs';
import { formOf, kKinds } from './record.mjs';
import { Refused, declare, kRules, must } from './refused.mjs';
import { isRevoked, isSignRevoked } from './standing.mjs';

declare({
  'batch.version': 'step 4: v of statement or manifest is not 1',
  'batch.size': 'step 4: number of items is not size',
  'batch.root': 'step 4: the leaves do not fold to root',
  'batch.same': 'step 4: items do not share from, from_card and to',
  'batch.from': 'step 5: from is not known',
  'batch.card': 'step 5: from_card is not here',
  'batch.revoked': 'step 5: from is REVOKED',
  'batch.revoked-key': 'step 5: receipts under a revoked sign key',
  'item.revoked-key': 'step 5: a record under a revoked sign key',
  'batch.old-card': 'step 5: from_card was superseded more than 400 days ago',
  'batch.sig': 'step 6: the signature does not verify',
  'batch.purpose': 'step 6: another purpose',
  'batch.stmt-from': 'step 6: stmt.from is another party',
  'batch.stmt-card': 'step 6: stmt.card is another card',
  'batch.to': 'step 7: own party is not in to',
  'batch.self': 'step 7: from is in to, or myself',
  'item.commit': 'step 8: body_commit does not fit',
  'item.length': 'step 8: body_len does not fit',
  'item.attachments': 'step 8: numbers of attachments, keys and names differ',
  'item.approvals': 'step 8: number of approvals, or a hash of a certificate, does not fit',
  'item.level': 'step 9: not at this level of trust',
  'item.suspended': 'step 9: the sender is SUSPENDED',
  'item.future': 'step 10: created too far ahead',
  'item.apart': 'step 10: signed and created too far apart',
  'item.record': 'step 11: the body is no Record, or has no header',
  'item.attachment': 'step 11: it has attachments',
  'item.approver': 'step 11: no approver is named, and one is asked for',
  'receipt.unknown': 'step 11: a receipt for no record of mine, or not to that party',
  'receipt.leaf': 'step 11: the leaf of a receipt is not that of its item',
});

const kDay = 86400000n;
const kSupersededMs = 400n * kDay;

// A statement or manifest: its version first, then the rest.
function readVersioned(message, bytes) {
  const v = readVersion(bytes);
  must(v === 1n, 'batch.version', `v = ${v}`);
  return readObject(message, bytes);
}

// The card that a batch names: pinned, or superseded less than 400 days ago.
function cardOf(world, from, id) {
  const peer = world.peers.get(from);
  must(peer, 'batch.from', from);
  const cards = [peer.card, ...peer.old]; // newest first
  const i = cards.findIndex((c) => equal(c.id, id));
  must(i >= 0, 'batch.card');
  must(!isRevoked(peer), 'batch.revoked');
  must(i === 0 || world.now - cards[i - 1].issued * 1000n <= kSupersededMs, 'batch.old-card');
  return { peer, card: cards[i] };
}

function readBatch(inner) {
  const manifests = inner.item.filter((i) => i.manifest);
  const stmt = readVersioned(kStatement, inner.stmt);
  for (const item of manifests) item.m = readVersioned(kManifest, item.manifest);
  must(BigInt(inner.item.length) === stmt.size, 'batch.size');
  for (const i of inner.item) i.rid = i.leaf ?? leafHash(i.manifest);
  must(equal(fold(inner.item.map((i) => i.rid)), stmt.root), 'batch.root');
  const first = manifests[0].m;
  const same = ({ m }) =>
    m.from === first.from && equal(m.from_card, first.from_card) && m.to.join() === first.to.join();
  must(manifests.every(same), 'batch.same');
  return { stmt, first };
}

function checkStatement(stmt, sig, card, purpose) {
  must(verifies(card.sign, pae(kBatch, stmt.exact), sig), 'batch.sig');
  must(stmt.purpose === purpose, 'batch.purpose');
}

function checkItem(item, card) {
  const { m } = item;
  const body = item.body ?? new Uint8Array(0);
  must(equal(m.body_commit, bodyCommit(item.salt, body)), 'item.commit');
  must((m.body_len ?? 0n) === BigInt(body.length), 'item.length');
  must(item.att_key.length === m.att.length && item.att_name.length === m.att.length,
    'item.attachments');
  must(item.approvals.length === m.approver.length, 'item.approvals', 'the number');
  item.approvals.forEach((a, i) => {
    must(equal(H(a.certificate), m.approver[i]), 'item.approvals', 'the hash');
    checkApproval(a, m, item.manifest, card);
  });
}

function checkTrust(item, peer) {
  const needed = ['peer.ping', 'peer.psk_confirm'].includes(item.m.kind) ? 1 : 2;
  must(peer.level >= needed, 'item.level');
  must(!peer.suspended, 'item.suspended');
}

function checkTimes(m, stmt, now) {
  must(m.created_ms <= now + kDay, 'item.future');
  const apart = m.created_ms > stmt.signed_ms ? m.created_ms - stmt.signed_ms : stmt.signed_ms - m.created_ms;
  must(apart <= 7n * kDay, 'item.apart');
}

// Step 11, of a new record, as far as this peer goes: it has no schema. The status where the form alone
// decides it, else R.
function checkForm(item, world) {
  must(item.m.att.length === 0, 'item.attachment');
  must(item.m.approver.length > 0 || !world.approves.has(item.m.kind), 'item.approver');
  if (!kKinds.has(item.m.kind)) return '2';
  const form = formOf(item.body ?? new Uint8Array(0));
  must(form.isMessage && (form.hasHeader || !form.hasKind), 'item.record');
  return 'R';
}

function itemOutcome(item, stmt, card, peer, world) {
  if (item.leaf) return { leaf: hex(item.leaf) };
  try {
    checkItem(item, card);
    const before = world.here.find((h) => equal(h.rid, item.rid) && h.created === item.m.created_ms);
    if (before) return { rid: `${hex(item.rid)}:${before.status}` };
    must(!isSignRevoked(peer, card), 'item.revoked-key');
    checkTrust(item, peer);
    checkTimes(item.m, stmt, world.now);
    return { rid: `${hex(item.rid)}:${checkForm(item, world)}` };
  } catch (e) {
    if (!(e instanceof Refused)) throw e;
    return { rule: e.rule };
  }
}

const kCodes = {
  'envelope.kid': 'BOUNCE2', 'envelope.psk': 'BOUNCE3', 'batch.version': 'WAIT_VERSION',
  'batch.from': 'WAIT_NEED_CARD', 'batch.card': 'WAIT_NEED_CARD', 'item.level': 'WAIT_NEED_TRUST',
  'item.suspended': 'WAIT_NEED_TRUST',
  'item.future': 'WAIT_CLOCK', 'item.apart': 'REJECTED27', 'item.record': 'REJECTED16',
  'item.approver': 'REJECTED25', 'item.attachment': 'REJECTED26',
};

// The step that checks a rule: its words say so, or it is of the lint (4), or of a
// certificate (8).
function stepOf(rule) {
  const named = /^step ([0-9]+)/.exec(kRules[rule]);
  if (named) return Number(named[1]);
  return rule.startsWith('lint.') ? 4 : 8;
}

// STEP/CODE of a refusal: what the sender learns of it.
export function codeOf(rule) {
  const step = stepOf(rule);
  return `${step}/${kCodes[rule] ?? (step === 1 ? 'BOUNCE5' : 'BOUNCE4')}`;
}

function receiveReceipts(batch, world) {
  const stmt = readVersioned(kStatement, batch.stmt);
  const items = batch.item.map((bytes) => readObject(kReceiptItem, bytes));
  must(BigInt(items.length) === stmt.size, 'batch.size');
  must(equal(fold(batch.item.map(leafHash)), stmt.root), 'batch.root');
  const { card, peer } = cardOf(world, stmt.from, stmt.card);
  checkStatement(stmt, batch.sig, card, 2n);
  must(!isSignRevoked(peer, card), 'batch.revoked-key');
  return items.map((i) => {
    const sent = world.sent.some(
      (s) => equal(s.rid, i.rid) && s.created === i.created_ms && s.to.includes(stmt.from));
    if (!sent) return { rule: 'receipt.unknown' };
    if (!equal(receiptLeaf(i), i.leaf)) return { rule: 'receipt.leaf' };
    return { rid: `${hex(i.rid)}:${i.status}` };
  });
}

// What stands in an opened envelope, for this world. One outcome for each item, in order:
// {rid}, {leaf}, or {rule} of an item that was refused. Refused as a whole: throws.
export function receiveInner(bytes, world) {
  const inner = readObject(kInner, bytes);
  if (inner.receipts) return receiveReceipts(inner.receipts, world);
  const { stmt, first } = readBatch(inner);
  const { card, peer } = cardOf(world, first.from, first.from_card);
  checkStatement(stmt, inner.sig, card, 1n);
  must(stmt.from === first.from, 'batch.stmt-from');
  must(equal(stmt.card, first.from_card), 'batch.stmt-card');
  must(first.to.includes(world.party), 'batch.to');
  must(!first.to.includes(first.from) && first.from !== world.party, 'batch.self');
  return inner.item.map((i) => itemOutcome(i, stmt, card, peer, world));
}

export async function receive(bytes, world) {
  return receiveInner((await openEnvelope(bytes, world)).inner, world);
}
