// Makes worlds with keys of their own, and writes bundles from them (docs/protocol.md 20). A
// mutation hooks into a step by its name and changes what comes out of it; everything that
// follows is signed and hashed over what it left.
import { H, concat, hex, utf8 } from '../lib/bytes.mjs';
import { leafOnly, makeRecord, makeStatement, sorted } from '../lib/batch.mjs';
import { indexText, kIndex, kReadme } from '../lib/bundle.mjs';
import { logName } from '../lib/card.mjs';
import { detailHash, kReceived, kRejected, kSent, kShred, makeLeaf, receiptLeaf } from '../lib/leaf.mjs';
import { readObject } from '../lib/lint.mjs';
import { fold, leafHash } from '../lib/merkle.mjs';
import { formatNote, kPlain, parseNote } from '../lib/note.mjs';
import { kReceiptItem, kStatement } from '../lib/objects.mjs';
import { kBatch, pae } from '../lib/pae.mjs';
import { dateText, signer } from '../lib/party.mjs';
import { policyText } from '../lib/policy.mjs';
import { pathText, proofText } from '../lib/proof.mjs';
import { certificateText } from '../lib/officer.mjs';
import { Rng } from '../lib/rng.mjs';
import { writeTar } from '../lib/tar.mjs';
import { writeObject } from '../lib/write.mjs';
import { Ledger, checkpointNote, cosigner, logSigner, pathOf } from './ledger.mjs';
import { Owner } from './owner.mjs';

export const kStart = 1795428000; // 2026-11-23T10:00:00Z
const kDay = 86400;
const kSteps = ['update', 'update keys', 'new-next', 'rotation', 'rotation keys', 'recovery keys'];
const kSender = 'XA';
export const kWitnesses = ['XW', 'XX', 'XY'];

// files: name -> bytes, without README.txt and index.txt.
export function pack(files, readme, index = {}) {
  const listed = [...files].map(([name, data]) => ({ name, data })).sort((a, b) => (a.name < b.name ? -1 : 1));
  const text = indexText({ exporter: kSender, made: '2026-12-01T00:00:00Z', root: 'none', files: listed, ...index });
  return writeTar([{ name: kReadme, data: readme }, { name: kIndex, data: utf8(text) }, ...listed]);
}

export class World {
  // plain: one card a party, everything proved. Else everything that may be, may.
  constructor(seed, { hooks = {}, plain = false } = {}) {
    this.rng = new Rng(`bundle ${seed}`);
    this.hooks = hooks;
    this.plain = plain;
    this.files = new Map();
    this.hits = new Set();
    this.makeParties();
    const n = plain ? 1 : this.rng.between(1, 3);
    this.records = Array.from({ length: n }, (_, i) => this.makeRecord(i));
    this.makeReceipts();
    this.makeLogs();
    this.makeNotes();
  }

  hook(name, value) {
    const change = this.hooks[name];
    if (!change) return value;
    this.hits.add(name);
    return change(value, this) ?? value;
  }

  maybe(percent) { return this.plain || this.rng.chance(percent); }

  makeParties() {
    const { rng } = this;
    const steps = () => (this.plain ? [] : Array.from({ length: rng.below(4) }, () => rng.pick(kSteps)));
    const owner = (name) => new Owner(rng, name, kStart - kDay * 300, this.hooks[`steps ${name}`] ?? steps(),
      (step, value) => this.hook(step, value));
    this.sender = owner(kSender);
    const names = this.plain || rng.chance(60) ? ['XB'] : ['XB', 'XC'];
    this.recipients = names.map(owner);
    this.witnesses = kWitnesses.map(owner);
    this.owners = [this.sender, ...this.recipients, ...this.witnesses];
    this.roots = new Map(this.owners.map((o) => [o.name, o.fingerprint(0)]));
  }

  put(name, data) { this.files.set(name, data); }

  approvals(n, created) {
    const { rng, sender } = this;
    return Array.from({ length: n }, (_, i) => {
      const fields = this.hook('certificate', {
        party: sender.name, role: rng.pick(['SUPERVISOR', 'Chef de bureau', 'الرئيس']), key: sender.keys.officer.pk,
        from: dateText(created - kDay), until: dateText(created + kDay * (i + 1)),
      });
      const key = this.hook('certificate key', sender.keys.sign);
      const certificate = formatNote(certificateText(fields), [signer(`focal/${fields.party}/sign`, kPlain, key)]);
      return { certificate, key: this.hook('officer key', sender.keys.officer) };
    });
  }

  makeRecord(i) {
    const { rng, sender } = this;
    const created = kStart + 1000 * i;
    const approvers = this.approvals(this.plain ? 1 : rng.below(3), created);
    const to = sorted(this.recipients.map((r) => r.name));
    const body = this.hook('body', rng.bytes(rng.pick([0, 1, 300, 5000])));
    const fields = this.hook('manifest', {
      from: sender.name, from_card: sender.card.id, to, kind: 'trace.request', created_ms: BigInt(created) * 1000n,
    });
    const { item, leaf } = makeRecord(rng, fields, body, approvers);
    const rid = hex(leaf);
    const r = { rid, leaf, item, created, fields, dir: `rec/${rid}` };
    this.put(`${r.dir}/manifest.bin`, item.manifest);
    item.approvals.forEach((a, n) => {
      this.put(`${r.dir}/approval-${n}.cert`, a.certificate);
      this.put(`${r.dir}/approval-${n}.sig`, this.hook('approval sig', a.signature));
    });
    if (this.maybe(60)) {
      this.put(`${r.dir}/body.bin`, this.hook('sent body', body));
      this.put(`${r.dir}/salt.bin`, this.hook('sent salt', item.salt));
    }
    this.putBatch(r);
    return r;
  }

  // What is signed over leaves of which one is ours, with its path.
  putSigned(head, step, owner, leaf, stmtOf) {
    const others = Array.from({ length: this.rng.below(5) }, () => leafOnly(this.rng.bytes(32)).leaf);
    const index = this.rng.below(others.length + 1);
    const leaves = [...others.slice(0, index), leaf, ...others.slice(index)];
    const fields = this.hook(`${step} fields`, readObject(kStatement, stmtOf(leaves)));
    const stmt = this.hook(step, writeObject(kStatement, fields));
    const key = this.hook(`${step} key`, owner.keys.sign);
    this.put(`${head}.stmt`, stmt);
    this.put(`${head}.sig`, this.hook(`${step} sig`, key.sign(pae(kBatch, stmt))));
    const path = this.hook(`${step} path`, { index, size: leaves.length, path: pathOf(leaves, index) });
    this.put(`${head}.path`, this.hook(`${step} path text`, utf8(pathText(path))));
  }

  putBatch(r) {
    const { sender } = this;
    const signed = BigInt(r.created) * 1000n + 500n;
    this.putSigned(`${r.dir}/batch`, 'stmt', sender, r.leaf,
      (leaves) => makeStatement(sender.name, sender.card.id, 1n, leaves, signed));
  }

  // What each recipient says of each record, and what stands in its ledger then.
  makeReceipts() {
    for (const r of this.records) {
      r.answers = new Map(this.recipients.map((o) => [o.name, this.answer(r, o)]));
    }
  }

  answer(r, owner) {
    const { rng } = this;
    const status = this.plain ? 1n : rng.pick([1n, 1n, 2n, 19n]);
    const item = { rid: r.leaf, status, at_ms: BigInt(r.created) * 1000n + 7000n, created_ms: BigInt(r.created) * 1000n };
    const leaf = makeLeaf({ type: status < 16n ? kReceived : kRejected, ms: item.at_ms, ref: r.leaf });
    if (this.maybe(80)) {
      const fields = this.hook('receipt item fields', { leaf: receiptLeaf(item), ...item });
      const bytes = this.hook('receipt item', writeObject(kReceiptItem, fields));
      const head = `${r.dir}/receipt-${owner.name}`;
      this.put(`${head}.item`, bytes);
      this.putSigned(head, 'receipt stmt', owner, leafHash(bytes),
        (leaves) => makeStatement(owner.name, owner.card.id, 2n, leaves, item.at_ms + 1n));
    }
    return leaf;
  }

  // The first record is in every ledger; others perhaps.
  makeLogs() {
    for (const owner of [this.sender, ...this.recipients]) {
      const ledger = new Ledger(this.rng, this.rng.between(1, 90));
      const shown = this.records.filter((r, i) => i === 0 || this.maybe(70)).map((r) => this.append(ledger, owner, r));
      const erasures = this.records.filter((r) => this.plain || this.rng.chance(30)).map((r) => this.erase(ledger, owner, r));
      while (ledger.size % 64 !== 0) ledger.append(this.rng.bytes(74));
      const note = this.checkpoint(owner, ledger);
      for (const s of shown) this.putProof(`${s.r.dir}/leaf-${owner.name}.bin`, `${s.r.dir}/proof-${owner.name}`, 'proof', s, ledger, note);
      for (const s of erasures) this.putProof(`${s.r.dir}/erased-${owner.name}.leaf`, `${s.r.dir}/erased-${owner.name}`, 'erased proof', s, ledger, note);
    }
  }

  append(ledger, owner, r) {
    const isSender = owner === this.sender;
    const sent = makeLeaf({ type: kSent, ms: BigInt(r.created) * 1000n + 900n, ref: r.leaf, detail: H(utf8('x')) });
    const leaf = this.hook(isSender ? 'sent leaf' : 'received leaf', isSender ? sent : r.answers.get(owner.name));
    return { r, leaf, index: ledger.append(leaf) };
  }

  erase(ledger, owner, r) {
    const detail = concat(this.rng.bytes(32), utf8('focal-detail/v1\nperson jo\n'));
    const fields = { type: kShred, ms: BigInt(r.created) * 1000n + 9000n, ref: r.leaf, detail: detailHash(detail) };
    const leaf = this.hook('erased leaf', makeLeaf(fields));
    if (this.maybe(50)) this.put(`${r.dir}/erased-${owner.name}.detail`, this.hook('erased detail', detail));
    return { r, leaf, index: ledger.append(leaf) };
  }

  // Witnesses that have a card here, at times of their own.
  checkpoint(owner, ledger) {
    const others = this.witnesses.filter(() => this.maybe(80));
    const times = new Map(others.map((w) => [w.name, kStart + 9000 + this.rng.below(500)]));
    return checkpointNote(this.hook('checkpoint', {
      log: logName(owner.name, owner.keys.generation), size: ledger.size, root: ledger.root(), owner,
      lines: [logSigner(owner.name, owner.keys), ...others.map((w) => cosigner(w.name, w.keys, times.get(w.name)))],
    }));
  }

  putProof(leafName, proofName, step, { leaf, index }, ledger, note) {
    this.put(leafName, leaf);
    const fields = this.hook(step, { index, path: ledger.path(index), checkpoint: note });
    this.put(`${proofName}.tlog-proof`, this.hook(`${step} text`, utf8(proofText(fields))));
  }

  putPolicy(owner, more = {}, key = owner.keys.log) {
    const log = logName(owner.name, owner.keys.generation);
    const f = { party: owner.name, log, serial: kStart - 5000, quorum: 2, witnesses: kWitnesses, ...more };
    const bytes = formatNote(policyText(f), [signer(f.log, kPlain, key)]);
    this.put(`policy/${owner.name}/${String(f.serial).padStart(16, '0')}.note`, bytes);
  }

  putRevocation(owner, of, scope, since, by) {
    this.putNote('revoke', owner.name, owner.revocation(of, scope, since, by));
  }

  // Under the hash of its text.
  putNote(folder, name, bytes) {
    const id = hex(H(utf8(parseNote(bytes).text))).slice(0, 16);
    this.put(`${folder}/${name}/${id}.note`, bytes);
  }

  makeNotes() {
    const { rng } = this;
    for (const owner of this.owners) {
      for (const { bytes, card } of owner.made)
        this.put(`card/${owner.name}/${String(card.serial).padStart(10, '0')}.note`, bytes);
    }
    for (const owner of [this.sender, ...this.recipients]) {
      if (this.maybe(80)) this.putPolicy(owner, this.hook('policy', {}));
    }
    if (!this.plain && rng.chance(30)) this.putRevocation(this.sender, -1, rng.pick(['all', 'sign']), kStart + rng.pick([-5000, 50000]));
    if (!this.plain && rng.chance(20)) this.putRevocation(rng.pick(this.witnesses), -1, 'all', kStart + 50000);
    this.hook('notes', null);
  }

  // Names of files of this form: "rec/…" with the record's folder left out.
  named(pattern) { return [...this.files.keys()].filter((name) => pattern.test(name)); }
}
