// Claims about ledgers: LOGGED, WITNESSED, QUORUM, ERASED (docs/protocol.md 20.6).
import { equal, hex, readBe } from './bytes.mjs';
import { witnessName } from './card.mjs';
import { parseCheckpoint } from './checkpoint.mjs';
import { broken, brokenIf, decide, notShown, readOr, timeText } from './claim.mjs';
import { detailHash, kReceived, kRejected, kSent, kShred, readLeaf } from './leaf.mjs';
import { leafHash, rootOf } from './merkle.mjs';
import { checkLine, kCosign, kPlain, linesOf } from './note.mjs';
import { isLogName } from './policy.mjs';
import { readProof } from './proof.mjs';

const kSkewSeconds = 86400n;
const kMostSeconds = 2n ** 63n - 1n;
const kSaltSize = 32;

// Of the line of a witness key in a note: undefined (no line), null (wrong), or T.
function cosignedAt(note, witness, key) {
  const k = { name: witnessName(witness), type: kCosign, key };
  const lines = linesOf(note, k);
  if (lines.length === 0) return undefined;
  if (lines.length > 1 || lines[0].sig.length !== 72) return null;
  const t = readBe(lines[0].sig.subarray(0, 8));
  if (t < 1n || t > kMostSeconds) return null;
  return checkLine(lines[0], k, note.text) ? t : null;
}

// [{witness, at, t}] of all parties but the one whose log it is.
function cosignatures(world, note, owner) {
  return world.holders.filter((h) => h.name !== owner).flatMap((witness) =>
    witness.witnessKeys().flatMap(({ at, key }) => {
      const t = cosignedAt(note, witness.name, key);
      return t === undefined ? [] : [{ witness, at, t }];
    }));
}

function checkLogLine(note, log, key) {
  const k = { name: log, type: kPlain, key };
  const lines = linesOf(note, k);
  brokenIf(lines.length !== 1 || !checkLine(lines[0], k, note.text), 'CHECKPOINT');
}

// Rules 3 to 7: what is known of a leaf that stands in a log.
function findInLog(world, owner, c, leafBytes, proofBytes) {
  const proof = readOr('PROOF', () => readProof(proofBytes));
  const point = readOr('CHECKPOINT', () => parseCheckpoint(proof.checkpoint, null));
  brokenIf(!isLogName(point.log, owner.name), 'CHECKPOINT');
  c.by = `${point.log}#${proof.index}`;
  c.at = timeText(readLeaf(leafBytes).ms);
  const root = rootOf(leafHash(leafBytes), proof.index, point.size, proof.path);
  brokenIf(root === null || !equal(root, point.root), 'PROOF');
  const at = owner.findLog(point.log);
  if (at < 0) notShown(owner.missing);
  checkLogLine(point.note, point.log, owner.cards[at].log.key);
  return { owner, at, note: point.note, log: point.log, cosignatures: cosignatures(world, point.note, owner.name) };
}

function checkLoggedLeaf(record, owner, bytes, receipt) {
  const leaf = readLeaf(bytes);
  brokenIf(leaf === null || hex(leaf.ref) !== record.rid, 'LEAF');
  if (owner.name === record.manifest.from) {
    brokenIf(leaf.type !== kSent, 'LEAF');
    return;
  }
  brokenIf((leaf.type !== kReceived && leaf.type !== kRejected) || !leaf.isPlain, 'LEAF');
  brokenIf(receipt && !equal(receipt.leaf, leafHash(bytes)), 'LEAF');
}

// [{claim, entry}]: entry is set where rule 8 was reached; its standing is not in the claim yet.
export function loggedOf(world, record, receipts) {
  const { files, manifest } = record;
  return [manifest.from, ...manifest.to].map((name) => {
    const out = { entry: null };
    out.claim = decide('LOGGED', record.rid, name, (c) => {
      if (!files.has(`leaf-${name}.bin`)) notShown('ABSENT');
      const owner = world.holder(name);
      const bytes = files.get(`leaf-${name}.bin`);
      checkLoggedLeaf(record, owner, bytes, receipts.get(name));
      out.entry = findInLog(world, owner, c, bytes, files.get(`proof-${name}.tlog-proof`));
      return 'OK';
    });
    return out;
  });
}

// Of one entry.
export function witnessedOf(record, entry) {
  const name = entry.owner.name;
  entry.seen = [];
  const claims = entry.cosignatures.map(({ witness, at, t }) => decide('WITNESSED', record.rid, name, (c) => {
    c.by = witness.name;
    brokenIf(t === null, 'SIGNATURE');
    c.at = timeText(t * 1000n);
    const standing = witness.standing(at, 'witness');
    if (standing === 'OK') entry.seen.push({ witness: witness.name, t });
    return standing;
  }));
  return claims.length > 0 ? claims : [decide('WITNESSED', record.rid, name, () => 'ABSENT')];
}

function countFor(policy, seen) {
  const k = new Set(seen.map((s) => s.witness).filter((w) => policy.witnesses.includes(w))).size;
  return { isMet: policy.quorum > 0 && k >= policy.quorum, words: `${k}/${policy.quorum}/${policy.witnesses.length}` };
}

// logged: the claim of this entry, with its standing.
export function quorumOf(record, entry, logged) {
  return decide('QUORUM', record.rid, entry.owner.name, (c) => {
    if (logged.verdict !== 'PROVED') notShown(logged.reason);
    const policies = entry.owner.policies.filter((p) => p.log === entry.log);
    if (policies.length === 0) notShown('ABSENT');
    const last = entry.seen.reduce((t, s) => (s.t > t ? s.t : t), 0n);
    // A change needs the quorum of the list before, once.
    const looked = policies.filter((p) => entry.seen.length > 0 && p.serial <= last + kSkewSeconds)
      .sort((a, b) => (a.serial < b.serial ? 1 : -1)).slice(0, 2).map((p) => countFor(p, entry.seen));
    const met = looked.find((l) => l.isMet);
    c.by = (met ?? looked[0])?.words ?? '';
    if (!met) notShown('POLICY');
    c.at = timeText(last * 1000n);
    return 'OK';
  });
}

function checkErasedLeaf(record, bytes, detail) {
  const leaf = readLeaf(bytes);
  brokenIf(leaf === null || hex(leaf.ref) !== record.rid || leaf.type !== kShred, 'LEAF');
  if (detail === undefined) return;
  if (detail.length < kSaltSize || !equal(detailHash(detail), leaf.detail)) broken('COMMITMENT');
}

export function erasedOf(world, record, name) {
  return decide('ERASED', record.rid, name, (c) => {
    const { files } = record;
    const bytes = files.get(`erased-${name}.leaf`);
    checkErasedLeaf(record, bytes, files.get(`erased-${name}.detail`));
    const owner = world.holder(name);
    const entry = findInLog(world, owner, c, bytes, files.get(`erased-${name}.tlog-proof`));
    if (files.has(`erased-${name}.detail`)) c.by += ' detail';
    brokenIf(entry.cosignatures.some(({ t }) => t === null), 'CHECKPOINT');
    return owner.standing(entry.at, 'log');
  });
}
