// Claims that a signature or a commitment makes: SIGNED, RELEASED, CONTENT, ACCEPTED, REJECTED
// (docs/protocol.md 20.6).
import { H, equal, hex } from './bytes.mjs';
import { brokenIf, decide, notShown, readOr, timeText } from './claim.mjs';
import { verifies } from './curve.mjs';
import { bodyCommit, kFirstRejection, receiptLeaf } from './leaf.mjs';
import { readObject, readVersion } from './lint.mjs';
import { leafHash, rootOf } from './merkle.mjs';
import { kReceiptItem, kStatement } from './objects.mjs';
import { readCertificate } from './officer.mjs';
import { kBatch, kRelease, pae } from './pae.mjs';
import { readPath } from './proof.mjs';
import { must, orNull } from './refused.mjs';

const kSaltSize = 32;
const kSignatureSize = 64;
const kRecords = 1n;
const kReceipts = 2n;

function readStatement(bytes) {
  must(readVersion(bytes) === 1n, 'lint.limit', 'v');
  return readObject(kStatement, bytes);
}

// {stmt, path}; rule 1.
function readBatch(files, head) {
  return readOr('FORM', () => {
    const stmt = readStatement(files.get(`${head}.stmt`));
    must(files.get(`${head}.sig`).length === kSignatureSize, 'lint.fixed', 'signature');
    return { stmt, path: readPath(files.get(`${head}.path`)) };
  });
}

function checkPath({ stmt, path }, leaf) {
  const root = path.size === stmt.size ? rootOf(leaf, path.index, path.size, path.path) : null;
  brokenIf(root === null || !equal(root, stmt.root), 'PATH');
}

const isSigned = (files, head, stmt, key) => verifies(key, pae(kBatch, stmt.exact), files.get(`${head}.sig`));

// Place in the chain of the card that the sender signed under.
function cardOf(holder, id) {
  const at = holder.find(id);
  if (at < 0) notShown(holder.missing);
  return at;
}

export function signedOf(world, record, isOlder) {
  const { rid, files, manifest: m } = record;
  const from = world.holder(m.from);
  return decide('SIGNED', rid, m.from, (c) => {
    const batch = readBatch(files, 'batch');
    const { stmt } = batch;
    c.at = timeText(stmt.signed_ms);
    const at = from.find(m.from_card);
    if (at >= 0) c.by = String(from.cards[at].serial);
    checkPath(batch, leafHash(m.exact));
    brokenIf(stmt.purpose !== kRecords || stmt.from !== m.from || !equal(stmt.card, m.from_card), 'SIGNATURE');
    cardOf(from, m.from_card);
    brokenIf(!isSigned(files, 'batch', stmt, from.cards[at].sign), 'SIGNATURE');
    return from.standing(at, 'sign', isOlder);
  });
}

function releaseOf(record, from, n, isOlder) {
  const { rid, files, manifest: m } = record;
  return decide('RELEASED', rid, m.from, (c) => {
    const bytes = files.get(`approval-${n}.cert`);
    if (bytes === undefined) notShown('ABSENT');
    brokenIf(!equal(H(bytes), m.approver[n]), 'CERTIFICATE');
    const at = cardOf(from, m.from_card);
    const cert = readOr('CERTIFICATE', () => readCertificate(bytes, from.cards[at]));
    brokenIf(m.created_ms < cert.from * 1000n || m.created_ms >= cert.until * 1000n, 'CERTIFICATE');
    c.by = cert.role;
    c.at = timeText(m.created_ms);
    brokenIf(!verifies(cert.key, pae(kRelease, m.exact), files.get(`approval-${n}.sig`)), 'SIGNATURE');
    return from.standing(at, 'sign', isOlder);
  });
}

export function releasedOf(world, record, isOlder) {
  const { manifest: m } = record;
  return m.approver.map((hash, n) => releaseOf(record, world.holder(m.from), n, isOlder));
}

export function contentOf(record) {
  const { rid, files, manifest: m } = record;
  return decide('CONTENT', rid, m.from, () => {
    const body = files.get('body.bin');
    if (body === undefined) notShown(record.erased.length > 0 ? 'ABSENT' : 'WITHHELD');
    const salt = files.get('salt.bin');
    const fits = salt.length === kSaltSize && equal(bodyCommit(salt, body), m.body_commit) &&
      (m.body_len ?? 0n) === BigInt(body.length);
    brokenIf(!fits, 'COMMITMENT');
    return 'OK';
  });
}

// party -> item, of those receipts whose item passes the lint.
export function receiptItems(record) {
  const out = new Map();
  for (const name of record.receipts) {
    const item = orNull(() => readObject(kReceiptItem, record.files.get(`receipt-${name}.item`)));
    if (item !== null) out.set(name, item);
  }
  return out;
}

// isOlder: of what this party signed.
export function receiptOf(world, record, name, items, isOlder) {
  const { rid, files, manifest: m } = record;
  const holder = world.holder(name);
  const head = `receipt-${name}`;
  const item = items.get(name);
  const isRejection = item !== undefined && item.status >= kFirstRejection;
  return decide('ACCEPTED', rid, name, (c) => {
    if (!record.receipts.includes(name)) notShown('ABSENT');
    brokenIf(item === undefined, 'FORM');
    const batch = readBatch(files, head);
    const { stmt } = batch;
    c.claim = isRejection ? 'REJECTED' : 'ACCEPTED';
    c.by = String(item.status);
    c.at = timeText(item.at_ms);
    const isOfRecord = hex(item.rid) === rid && item.created_ms === m.created_ms;
    brokenIf(!isOfRecord || !equal(item.leaf, receiptLeaf(item)), 'LEAF');
    checkPath(batch, leafHash(item.exact));
    brokenIf(stmt.purpose !== kReceipts || stmt.from !== name, 'SIGNATURE');
    const at = cardOf(holder, stmt.card);
    brokenIf(!isSigned(files, head, stmt, holder.cards[at].sign), 'SIGNATURE');
    return holder.standing(at, 'sign', isOlder);
  });
}
