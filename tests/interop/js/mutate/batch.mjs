// Opens an envelope down to the fields of its parts, and seals what was changed again with
// all that follows from it made right: leaves, root, size, signature, padding.
import { equal } from '../lib/bytes.mjs';
import { x25519Public } from '../lib/curve.mjs';
import { openEnvelope, pad, sealPlain } from '../lib/envelope.mjs';
import { fold, leafHash } from '../lib/merkle.mjs';
import { kBatch, kRelease, pae } from '../lib/pae.mjs';
import { hintOf, weekKey } from '../lib/pair.mjs';
import { decode, encode, get, withField } from './tlv.mjs';

// {original, to, idx, pair, pairs, isReceipts, stmt, items, rest, card}: stmt and each of items are lists of
// fields. Opened once; nobody changes what is in it.
export const openBatch = (original) => (original.batch ??= readBatch(original));

async function readBatch(original) {
  const { state } = original.world;
  const { header, inner } = await openEnvelope(original.bytes, state);
  const own = state.keys.find((k) => equal(k.kid, header.kid));
  const to = { party: state.party, kid: header.kid, key: x25519Public(own.secret) };
  const pairs = state.pairs.map((p) => weekKey(p.first, own.week));
  const pair = header.mode === 1 ? pairs.find((k) => equal(hintOf(k, header.enc), header.hint)) : undefined;
  const fields = decode(inner);
  const receipts = get(fields, 7) ? decode(get(fields, 7)) : null;
  const outer = receipts ?? fields;
  const batch = {
    original, to, idx: header.idx, pair, pairs, isReceipts: receipts !== null,
    stmt: decode(get(outer, 1)), rest: outer.filter((f) => f.no > 3),
    items: outer.filter((f) => f.no === 3).map((f) => decode(f.value)),
  };
  batch.card = cardOf(batch);
  return batch;
}

function cardOf({ original, stmt }) {
  const peer = original.world.state.peers.get(new TextDecoder().decode(get(stmt, 2)));
  return [peer.card, ...peer.old].find((c) => equal(c.id, get(stmt, 3)));
}

const isLeaf = (item) => get(item, 2) !== undefined;

// Edits, each optional: of the lists of fields of one item, its manifest, the statement (after
// size and root were set), the Inner or ReceiptBatch, the Inner as a whole; of the bytes of
// the manifest, statement, Inner and plaintext; the key that signs; where it is sealed to.
// place: which item (a place among those with a manifest).
export async function rebuild(batch, rng, edits = {}) {
  const same = (x) => x;
  const e = { item: same, manifest: same, manifestBytes: same, stmt: same, stmtBytes: same, outer: same, inner: same,
    innerBytes: same, plain: pad, sig: same, items: same, place: 0, ...edits };
  const named = batch.items.map((item, i) => i).filter((i) => batch.isReceipts || !isLeaf(batch.items[i]));
  const chosen = named[e.place % named.length];
  let items = batch.items.map((item, i) => (i === chosen ? editItem(batch, item, e) : item));
  items = e.items(items);
  const bytes = items.map((i) => encode(i));
  const leaves = items.map((i, n) => leafOf(batch, i, bytes[n]));
  let stmt = withField(withField(batch.stmt, 5, 0, BigInt(leaves.length)), 6, 2, fold(leaves));
  stmt = e.stmtBytes(encode(e.stmt(stmt)));
  const key = e.key ?? batch.original.world.key(batch.card.sign);
  const sig = e.sig(key.sign(pae(kBatch, stmt)));
  let outer = [{ no: 1, wire: 2, value: stmt }, { no: 2, wire: 2, value: sig },
    ...bytes.map((value) => ({ no: 3, wire: 2, value })), ...batch.rest];
  outer = e.outer(outer);
  const inner = e.innerBytes(encode(e.inner(batch.isReceipts ? [{ no: 7, wire: 2, value: encode(outer) }] : outer)));
  return sealPlain(e.plain(inner), { ...batch.to, ...e.to }, rng.bytes(32), { idx: batch.idx, pair: batch.pair, ...e.seal });
}

function leafOf(batch, item, bytes) {
  if (batch.isReceipts) return leafHash(bytes);
  const leaf = get(item, 2);
  if (leaf !== undefined && leaf.length === 32) return leaf;
  return leafHash(get(item, 1) instanceof Uint8Array ? get(item, 1) : new Uint8Array(0));
}

// A manifest that was changed is approved again by its officers.
function editItem(batch, item, e) {
  if (batch.isReceipts) return e.item(item);
  const manifest = e.manifestBytes(encode(e.manifest(decode(get(item, 1)))));
  let out = withField(item, 1, 2, manifest);
  if (!e.keepApprovals) out = out.map((f) => (f.no === 8 ? { ...f, value: approved(batch, f.value, manifest) } : f));
  return e.item(out);
}

function approved(batch, approval, manifest) {
  const fields = decode(approval);
  const certificate = new TextDecoder().decode(get(fields, 1));
  const pk = new Uint8Array(Buffer.from(/^key (.*)$/m.exec(certificate)[1], 'base64'));
  return encode(withField(fields, 2, 2, batch.original.world.key(pk).sign(pae(kRelease, manifest))));
}
