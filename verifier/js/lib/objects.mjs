// The signed objects: their fields, as tables (docs/protocol.md 5.2, 6 and 10).
import { compare, utf8 } from './bytes.mjs';
import { isParty } from './lines.mjs';
import { must } from './refused.mjs';

const text = (no, name, more) => ({ no, name, type: 'text', ...more });
const bytes = (no, name, more) => ({ no, name, type: 'bytes', ...more });
const u32 = (no, name, more) => ({ no, name, type: 'u32', ...more });
const ms = (no, name, more) => ({ no, name, type: 'ms', ...more });
const message = (no, name, of, more) => ({ no, name, type: 'message', message: of, ...more });

const kMostBody = 240 * 1024;
const kMostManifest = 16 * 1024;
const kMostStatement = 256;
const kMostReceiptItem = 128;

const hash = { length: 32 };
const optional = { optional: true };
const many = { repeated: true };

const kKind = /^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$/;
const isKind = (t) => t.length <= 64 && kKind.test(t);

export const kRef = { name: 'Ref', fields: [bytes(1, 'rid', hash), ms(2, 'created_ms')] };

export const kAttachment = {
  name: 'Attachment',
  fields: [
    bytes(1, 'root', hash),
    { no: 2, name: 'size', type: 'u64', ...optional, check: (n) => n <= 2n ** 35n },
    text(3, 'media', { ...optional, most: 255 }),
    bytes(4, 'name_commit', hash),
    bytes(5, 'key_commit', hash),
  ],
};

const isSorted = (to) => to.every((p, i) => i === 0 || compare(utf8(to[i - 1]), utf8(p)) < 0);

export const kManifest = {
  name: 'Manifest',
  most: kMostManifest,
  fields: [
    u32(1, 'v'),
    bytes(2, 'msg_id', { length: 16 }),
    text(3, 'from', { check: isParty }),
    bytes(4, 'from_card', hash),
    text(5, 'to', { ...many, count: 256, check: isParty }),
    text(6, 'kind', { check: isKind }),
    message(7, 'thread', kRef, optional),
    message(8, 'reply_to', kRef, optional),
    ms(9, 'created_ms'),
    ms(10, 'expires_ms', optional),
    bytes(11, 'body_commit', hash),
    { no: 12, name: 'body_len', type: 'u64', ...optional, check: (n) => n <= BigInt(kMostBody) },
    message(13, 'att', kAttachment, { ...many, ...optional, count: 64 }),
    bytes(14, 'approver', { ...many, ...optional, ...hash, count: 4 }),
  ],
  whole: (m) => must(isSorted(m.to), 'lint.limit', 'to is not sorted'),
};

const kMostLeaves = { 1: 256n, 2: 2048n };

export const kStatement = {
  name: 'BatchStmt',
  most: kMostStatement,
  fields: [
    u32(1, 'v'),
    text(2, 'from', { check: isParty }),
    bytes(3, 'card', hash),
    u32(4, 'purpose', { check: (n) => n === 1n || n === 2n }),
    u32(5, 'size'),
    bytes(6, 'root', hash),
    ms(7, 'signed_ms'),
  ],
  whole: (s) => must(s.size <= kMostLeaves[s.purpose], 'lint.limit', 'size'),
};

const kApproval = {
  name: 'Approval',
  fields: [bytes(1, 'certificate', { most: 2048 }), bytes(2, 'signature', { length: 64 })],
};

function wholeItem(item) {
  const rest = item.manifest ?? item.salt ?? item.body;
  const more = item.att_key.length + item.att_name.length + item.approvals.length;
  if (item.leaf) must(rest === undefined && more === 0, 'lint.missing', 'a leaf is not alone');
  else must(item.manifest && item.salt, 'lint.missing', 'a manifest and its salt');
}

export const kItem = {
  name: 'Item',
  fields: [
    bytes(1, 'manifest', { ...optional, most: kMostManifest }),
    bytes(2, 'leaf', { ...optional, ...hash }),
    bytes(3, 'salt', { ...optional, ...hash }),
    bytes(4, 'body', { ...optional, most: kMostBody }),
    bytes(5, 'att_key', { ...many, ...optional, ...hash, count: 64 }),
    text(6, 'att_name', { ...many, ...optional, count: 64, most: 255, check: (t) => t !== '' }),
    message(8, 'approvals', kApproval, { ...many, ...optional, count: 4 }),
  ],
  whole: wholeItem,
};

export const kReceiptItem = {
  name: 'ReceiptItem',
  fields: [
    bytes(1, 'rid', hash),
    u32(2, 'status', { check: isStatus }),
    bytes(3, 'leaf', hash),
    ms(4, 'at_ms'),
    ms(5, 'created_ms'),
  ],
};

// 3 to 15, 17 and 20 are never sent.
function isStatus(n) {
  return !(n >= 3n && n <= 15n) && n !== 17n && n !== 20n;
}

export const kReceiptBatch = {
  name: 'ReceiptBatch',
  fields: [
    bytes(1, 'stmt', { most: kMostStatement }),
    bytes(2, 'sig', { length: 64 }),
    bytes(3, 'item', { ...many, count: 2048, most: kMostReceiptItem, check: (b) => b.length > 0 }),
    bytes(4, 'checkpoint', { ...optional, most: 64 * 1024 }),
    bytes(5, 'cosigs', { ...optional, most: 64 * 1024 }),
  ],
};

function wholeInner(inner) {
  if (inner.receipts) {
    must(!inner.stmt && !inner.sig && inner.item.length === 0, 'lint.missing', 'both kinds');
  } else {
    must(inner.stmt && inner.sig && inner.item.length > 0, 'lint.missing', 'stmt, sig, item');
    must(inner.item.some((i) => i.manifest), 'lint.missing', 'no item has a manifest');
  }
}

export const kInner = {
  name: 'Inner',
  most: 288 * 1024 - 4,
  fields: [
    bytes(1, 'stmt', { ...optional, most: kMostStatement }),
    bytes(2, 'sig', { ...optional, length: 64 }),
    message(3, 'item', kItem, { ...many, ...optional, count: 256 }),
    message(7, 'receipts', kReceiptBatch, optional),
  ],
  whole: wholeInner,
};
