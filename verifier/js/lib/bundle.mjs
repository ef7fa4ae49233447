// What stands in a bundle, and where (docs/protocol.md 20.1, 20.2 and FORM of 20.6).
import { H, compare, fromUtf8, hex, utf8 } from './bytes.mjs';
import { Lines, date, isParty, number, party } from './lines.mjs';
import { readObject, readVersion } from './lint.mjs';
import { leafHash } from './merkle.mjs';
import { kManifest } from './objects.mjs';
import { declare, must } from './refused.mjs';
import { readTar } from './tar.mjs';

declare({
  'bundle.readme': 'README.txt is not the text of this version',
  'bundle.index': 'index.txt has another form, or lists other files',
  'bundle.digest': 'a file has another size or SHA-256 than index.txt says',
  'bundle.name': 'a file that has no place in a bundle',
  'bundle.together': 'files that stand only together, or a record without its own',
  'bundle.manifest': 'a manifest of a later version, of another rid, or to its own sender',
  'bundle.place': 'an approval, receipt, leaf or erasure of nobody who is concerned',
});

// SHA-256 of the README.txt of version 1.
export const kReadmeHash = '9dcedf6256dc9a0e69aa746b6b9c21589e4fcfabaea0d6cd32d21a51ac29ac9a';
export const kReadme = 'README.txt';
export const kIndex = 'index.txt';

const kMostFiles = 4096;
const kMostFile = 16n * 1024n * 1024n;
const kHash = /^[0-9a-f]{64}$/;

function readFileLine(value) {
  const parts = value.split(' ');
  must(parts.length === 3 && kHash.test(parts[2]), 'text.lines', value);
  return { name: parts[0], size: number(parts[1], 0n, kMostFile), hash: parts[2] };
}

export function readIndex(bytes) {
  const text = fromUtf8(bytes);
  must(text !== null && text.endsWith('\n'), 'bundle.index');
  const lines = new Lines(text, 'focal-proof/v1');
  const out = { exporter: party(lines.value('exporter')) };
  const made = lines.value('made');
  date(made);
  out.made = made;
  const root = lines.value('root');
  must(root === 'none' || kHash.test(root), 'text.lines', root);
  out.root = root;
  out.files = lines.values('file', 0, kMostFiles).map(readFileLine);
  must(lines.line() === 'end', 'text.lines', 'end');
  lines.end();
  return out;
}

export const indexText = (f) =>
  ['focal-proof/v1', `exporter ${f.exporter}`, `made ${f.made}`, `root ${f.root}`,
    ...f.files.map((x) => `file ${x.name} ${x.data.length} ${hex(H(x.data))}`), 'end', ''].join('\n');

function checkIndex(files) {
  const dataOf = (name) => files.find((f) => f.name === name)?.data;
  const readme = dataOf(kReadme);
  must(readme !== undefined && hex(H(readme)) === kReadmeHash, 'bundle.readme');
  const bytes = dataOf(kIndex);
  must(bytes !== undefined, 'bundle.index');
  const index = readIndex(bytes);
  const listed = files.filter((f) => f.name !== kReadme && f.name !== kIndex);
  const isSame = listed.length === index.files.length && listed.every((f, i) => f.name === index.files[i].name);
  must(isSame, 'bundle.index', 'other files');
  listed.forEach((f, i) => {
    const { size, hash } = index.files[i];
    must(BigInt(f.data.length) === size && hex(H(f.data)) === hash, 'bundle.digest', f.name);
  });
  return { index, listed };
}

const kOfParty = /^(card|revoke|policy)\/([^/]+)\/([0-9a-f]+)\.note$/;
const kNameOfNote = { card: /^[0-9]{10}$/, revoke: /^[0-9a-f]{16}$/, policy: /^[0-9]{16}$/ };
const kOfRecord = /^rec\/([0-9a-f]{64})\/(.+)$/;
const kOwn = ['manifest.bin', 'batch.stmt', 'batch.sig', 'batch.path'];
const kApproval = /^approval-([0-3])\.(cert|sig)$/;
const kWithParty = /^(receipt|leaf|proof|erased)-([^.]+)\.(.+)$/;
const kEndings = {
  receipt: ['item', 'stmt', 'sig', 'path'], leaf: ['bin'], proof: ['tlog-proof'],
  erased: ['leaf', 'tlog-proof', 'detail'],
};

function isNameOfRecord(name) {
  if (kOwn.includes(name) || name === 'body.bin' || name === 'salt.bin' || kApproval.test(name)) return true;
  const found = kWithParty.exec(name);
  return found !== null && isParty(found[2]) && kEndings[found[1]].includes(found[3]);
}

// {parties: name -> {card, revoke, policy: [{id, data}]}, records: rid -> name -> data}
function sortOut(listed) {
  const parties = new Map();
  const records = new Map();
  for (const { name, data } of listed) {
    const [, kind, owner, id] = kOfParty.exec(name) ?? [];
    const [, rid, file] = kOfRecord.exec(name) ?? [];
    if (kind !== undefined) {
      must(isParty(owner) && kNameOfNote[kind].test(id), 'bundle.name', name);
      if (!parties.has(owner)) parties.set(owner, { card: [], revoke: [], policy: [] });
      parties.get(owner)[kind].push({ id, data });
    } else {
      must(rid !== undefined && isNameOfRecord(file), 'bundle.name', name);
      if (!records.has(rid)) records.set(rid, new Map());
      records.get(rid).set(file, data);
    }
  }
  must(records.size > 0, 'bundle.together', 'no record');
  return { parties, records };
}

// All of these names, or none.
const together = (files, names) => {
  const n = names.filter((name) => files.has(name)).length;
  must(n === 0 || n === names.length, 'bundle.together', names[0]);
};

// Parties in names of this kind.
const partiesIn = (files, kind) => [...new Set([...files.keys()].flatMap((name) => {
  const found = kWithParty.exec(name);
  return found && found[1] === kind ? [found[2]] : [];
}))].sort((a, b) => compare(utf8(a), utf8(b)));

function checkTogether(files) {
  must(kOwn.every((name) => files.has(name)), 'bundle.together', 'a record without its own files');
  together(files, ['body.bin', 'salt.bin']);
  for (const n of [0, 1, 2, 3]) together(files, [`approval-${n}.cert`, `approval-${n}.sig`]);
  for (const p of partiesIn(files, 'receipt')) together(files, kEndings.receipt.map((e) => `receipt-${p}.${e}`));
  for (const p of [...partiesIn(files, 'leaf'), ...partiesIn(files, 'proof')])
    together(files, [`leaf-${p}.bin`, `proof-${p}.tlog-proof`]);
  for (const p of partiesIn(files, 'erased')) {
    together(files, [`erased-${p}.leaf`, `erased-${p}.tlog-proof`]);
    must(files.has(`erased-${p}.leaf`), 'bundle.together', 'a detail alone');
  }
}

function readManifest(rid, bytes) {
  must(readVersion(bytes) === 1n, 'bundle.manifest', 'v');
  const m = readObject(kManifest, bytes);
  must(hex(leafHash(bytes)) === rid, 'bundle.manifest', 'rid');
  must(!m.to.includes(m.from), 'bundle.manifest', 'to its own sender');
  return m;
}

function checkPlaces(record) {
  const { files, manifest } = record;
  for (const n of [0, 1, 2, 3])
    must(n < manifest.approver.length || !files.has(`approval-${n}.cert`), 'bundle.place', 'approval');
  const concerned = [manifest.from, ...manifest.to];
  for (const p of record.receipts) must(manifest.to.includes(p), 'bundle.place', `receipt of ${p}`);
  for (const p of [...record.leaves, ...record.erased]) must(concerned.includes(p), 'bundle.place', `leaf of ${p}`);
}

function byTime(a, b) {
  if (a.manifest.created_ms !== b.manifest.created_ms) return a.manifest.created_ms < b.manifest.created_ms ? -1 : 1;
  return a.rid < b.rid ? -1 : 1;
}

// {index, parties, records: [{rid, files, manifest, receipts, leaves, erased}]}; refused if FORM
// is broken.
export function readBundle(bytes) {
  const { index, listed } = checkIndex(readTar(bytes));
  const { parties, records } = sortOut(listed);
  for (const files of records.values()) checkTogether(files);
  const out = [...records].map(([rid, files]) => ({
    rid, files, manifest: readManifest(rid, files.get('manifest.bin')),
    receipts: partiesIn(files, 'receipt'), leaves: partiesIn(files, 'leaf'), erased: partiesIn(files, 'erased'),
  }));
  out.forEach(checkPlaces);
  return { index, parties, records: out.sort(byTime) };
}
