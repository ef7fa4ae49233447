// Mutations of the finished file: archive, index, names, what stands together. rule: the one of
// lib/refused.mjs that has to refuse; the claim is FORM BROKEN, reason FORM unless said.
import { H, concat, fromUtf8, hex, utf8 } from '../lib/bytes.mjs';
import { kIndex, kReadme, readBundle } from '../lib/bundle.mjs';
import { leafHash } from '../lib/merkle.mjs';
import { readTar, writeTar } from '../lib/tar.mjs';
import { pack } from './world.mjs';

const kBlock = 512;
const m = (name, rule, make, reason = 'FORM') => ({ name, rule, make, expect: ['FORM', 'BROKEN', reason] });

const changed = (bytes, at, change) => {
  const out = bytes.slice();
  out[at] = change(out[at]);
  return out;
};
// Another digit, letter or byte; never the same.
const other = (rng) => (b) => b ^ (1 + rng.below(255));

// Where the headers are.
function headers(bytes) {
  const out = [];
  for (let at = 0; at < bytes.length - 2 * kBlock;) {
    out.push(at);
    const size = parseInt(fromUtf8(bytes.subarray(at + 124, at + 135)), 8);
    at += kBlock + Math.ceil(size / kBlock) * kBlock;
  }
  return out;
}

// The sum of the header too, so that nothing but the field is wrong.
function withSum(bytes, head) {
  const out = bytes.slice();
  out.set(utf8(' '.repeat(8)), head + 148);
  const sum = out.subarray(head, head + kBlock).reduce((n, b) => n + b, 0);
  out.set(utf8(`${sum.toString(8).padStart(6, '0')}\0 `), head + 148);
  return out;
}

const inHeader = (name, from, length, isSummed) =>
  m(`${name}${isSummed ? ', with its sum' : ''}`, name === 'size' || name === 'name' ? null : 'tar.header', ({ bytes, rng }) => {
    const head = rng.pick(headers(bytes));
    const out = changed(bytes, head + from + rng.below(length), other(rng));
    return isSummed ? withSum(out, head) : out;
  });

const kHeader = [['name', 0, 100], ['mode', 100, 8], ['uid', 108, 8], ['gid', 116, 8], ['size', 124, 12], ['mtime', 136, 12],
  ['type', 156, 1], ['link', 157, 100], ['magic', 257, 8], ['owner', 265, 80], ['prefix', 345, 155], ['rest', 500, 12]];

const kArchive = [
  ...kHeader.flatMap(([name, from, length]) => [inHeader(name, from, length, false), inHeader(name, from, length, true)]),
  m('sum', 'tar.header', ({ bytes, rng }) => changed(bytes, rng.pick(headers(bytes)) + 148 + rng.below(8), other(rng))),
  m('padding', 'tar.padding', ({ bytes, rng }) => {
    const full = headers(bytes).filter((at) => parseInt(fromUtf8(bytes.subarray(at + 124, at + 135)), 8) % kBlock !== 0);
    const at = rng.pick(full);
    const size = parseInt(fromUtf8(bytes.subarray(at + 124, at + 135)), 8);
    const end = at + kBlock + Math.ceil(size / kBlock) * kBlock;
    return changed(bytes, end - 1, other(rng));
  }),
  m('a byte in the end', 'tar.end', ({ bytes, rng }) => changed(bytes, bytes.length - 1 - rng.below(1024), other(rng))),
  m('one block of zeros', 'tar.end', ({ bytes }) => bytes.subarray(0, bytes.length - kBlock)),
  m('three blocks of zeros', 'tar.header', ({ bytes }) => concat(bytes, new Uint8Array(kBlock))),
  m('cut off', 'tar.end', ({ bytes, rng }) => bytes.subarray(0, rng.below(bytes.length / kBlock) * kBlock + 1 + rng.below(511))),
  m('nothing', 'tar.end', () => new Uint8Array(0)),
  m('only the end', 'bundle.readme', () => new Uint8Array(2 * kBlock)),
  m('files in another order', 'tar.order', ({ bytes }) => {
    const [a, b] = headers(bytes).slice(0, 2);
    const c = headers(bytes)[2];
    return concat(bytes.subarray(b, c), bytes.subarray(a, b), bytes.subarray(c));
  }),
  m('a file twice', 'tar.order', ({ bytes }) => {
    const [a, b] = headers(bytes);
    return concat(bytes.subarray(a, b), bytes);
  }),
  m('more than 64 MiB', 'tar.size', ({ bytes }) => concat(bytes, new Uint8Array(64 * 1024 * 1024))),
  m('a file of more than 16 MiB', 'tar.size', ({ bytes }) => {
    const out = bytes.slice();
    out.set(utf8('00100000001'), 124);
    return withSum(out, 0);
  }),
];

// files: name -> data with README.txt and index.txt. change(files, rng) works on a copy.
const inFiles = (name, rule, change, reason) => m(name, rule, ({ bytes, rng, world }) => {
  const files = new Map(readTar(bytes).map((f) => [f.name, f.data]));
  change(files, rng, world);
  return writeTar([...files].map(([n, data]) => ({ name: n, data })));
}, reason);

const inIndex = (name, rule, change) => inFiles(name, rule, (files, rng) => {
  files.set(kIndex, utf8(change(fromUtf8(files.get(kIndex)), rng)));
});

const kIndexes = [
  inFiles('another README', 'bundle.readme', (f, rng) => { f.set(kReadme, changed(f.get(kReadme), rng.below(1000), other(rng))); }),
  inFiles('no README', 'bundle.readme', (f) => { f.delete(kReadme); }),
  inFiles('no index', 'bundle.index', (f) => { f.delete(kIndex); }),
  inIndex('a later index', 'text.lines', (t) => t.replace('/v1', '/v2')),
  inIndex('no exporter', 'text.lines', (t) => t.replace(/exporter.*\n/, '')),
  inIndex('an exporter of no name', 'text.party', (t) => t.replace(/exporter .*/, 'exporter xa')),
  inIndex('made on no day', 'text.date', (t) => t.replace(/made .*/, 'made 2026-02-30T00:00:00Z')),
  inIndex('a root of 63 digits', 'text.lines', (t) => t.replace(/root .*/, `root ${'a'.repeat(63)}`)),
  inIndex('a root in upper case', 'text.lines', (t) => t.replace(/root .*/, `root ${'A'.repeat(64)}`)),
  inIndex('no end', 'text.lines', (t) => t.replace(/end\n$/, '')),
  inIndex('more behind the end', 'text.lines', (t) => `${t}more\n`),
  inIndex('no end of the last line', 'bundle.index', (t) => t.slice(0, -1)),
  inIndex('a line less', 'bundle.index', (t) => t.replace(/file .*\n/, '')),
  inIndex('a line twice', 'bundle.index', (t) => t.replace(/(file .*\n)/, '$1$1')),
  inIndex('lines in another order', 'bundle.index', (t) => t.replace(/(file .*\n)(file .*\n)/, '$2$1')),
  inIndex('a size with a zero before it', 'text.number', (t) => t.replace(/(file \S+) /, '$1 0')),
  inIndex('a hash in upper case', 'text.lines', (t) => t.replace(/(file \S+ \S+) (.*)/, (x, a, b) => `${a} F${b.slice(1).toUpperCase()}`)),
  inFiles('an index that is not UTF-8', 'bundle.index', (f) => { f.set(kIndex, concat(f.get(kIndex), new Uint8Array([0xff, 10]))); }),
  inFiles('a file that is not in the index', 'bundle.index', (f) => { f.set('rec/more', utf8('x')); }),
  inFiles('a file less', 'bundle.index', (f, rng) => { f.delete(rng.pick([...f.keys()].filter((n) => n.includes('/')))); }),
  inFiles('a byte of a file', 'bundle.digest', (f, rng) => {
    const name = rng.pick([...f.keys()].filter((n) => n.includes('/') && f.get(n).length > 0));
    f.set(name, changed(f.get(name), rng.below(f.get(name).length), other(rng)));
  }, 'DIGEST'),
  inFiles('a longer file', 'bundle.digest', (f, rng) => {
    const name = rng.pick([...f.keys()].filter((n) => n.includes('/')));
    f.set(name, concat(f.get(name), new Uint8Array(1)));
  }, 'DIGEST'),
  m('a size of the index', 'bundle.digest', ({ bytes }) => {
    const files = new Map(readTar(bytes).map((f) => [f.name, f.data]));
    files.set(kIndex, utf8(fromUtf8(files.get(kIndex)).replace(/(file \S+) (\d+)/, (x, a, n) => `${a} ${Number(n) + 1}`)));
    return writeTar([...files].map(([n, data]) => ({ name: n, data })));
  }, 'DIGEST'),
];

// With an index that fits. change(files, rng, world)
const fitted = (name, rule, change) => m(name, rule, ({ rng, world, readme }) => {
  const files = new Map(world.files);
  change(files, rng, world);
  return pack(files, readme);
});

const dir = (world) => world.records[0].dir;
const without = (file, rule = 'bundle.together') => fitted(`without ${file}`, rule, (f, rng, w) => { f.delete(`${dir(w)}/${file}`); });
const added = (file, rule, data = utf8('x')) => fitted(`with ${file}`, rule, (f, rng, w) => { f.set(file.replace('RID', w.records[0].rid), data); });

// A record whose manifest has these bytes, and its files.
const rebuilt = (name, rule, change) => fitted(name, rule, (f, rng, w) => {
  const old = dir(w);
  const manifest = change(f.get(`${old}/manifest.bin`));
  const rid = hex(leafHash(manifest));
  for (const [n, data] of [...f]) {
    if (!n.startsWith(old)) continue;
    f.delete(n);
    f.set(n.replace(old, `rec/${rid}`), data);
  }
  f.set(`rec/${rid}/manifest.bin`, manifest);
});

const kNames = [
  ...['manifest.bin', 'batch.stmt', 'batch.sig', 'batch.path', 'body.bin', 'salt.bin', 'approval-0.cert', 'approval-0.sig',
    'receipt-XB.item', 'receipt-XB.stmt', 'receipt-XB.sig', 'receipt-XB.path', 'leaf-XA.bin', 'proof-XB.tlog-proof',
    'erased-XA.leaf', 'erased-XB.tlog-proof'].map((file) => without(file)),
  fitted('a detail alone', 'bundle.together', (f, rng, w) => {
    f.delete(`${dir(w)}/erased-XA.leaf`);
    f.delete(`${dir(w)}/erased-XA.tlog-proof`);
  }),
  fitted('no record', 'bundle.together', (f) => { for (const n of [...f.keys()]) if (n.startsWith('rec/')) f.delete(n); }),
  added('more.txt', 'bundle.name'), added('card/XA/1.note', 'bundle.name'), added('card/xa/0000000009.note', 'bundle.name'),
  added('revoke/XA/0000000009.note', 'bundle.name'), added('policy/XA/0000000009.note', 'bundle.name'), added('rec/RID/more', 'bundle.name'),
  added('rec/RID/approval-4.cert', 'bundle.name'), added('rec/RID/leaf-x.bin', 'bundle.name'), added('rec/RID/receipt-XB.bin', 'bundle.name'),
  added('rec/0/manifest.bin', 'bundle.name'), added(`rec/${'A'.repeat(64)}/manifest.bin`, 'bundle.name'), added('./x', 'bundle.name'),
  fitted('an approval that the manifest does not name', 'bundle.place', (f, rng, w) => {
    for (const e of ['cert', 'sig']) f.set(`${dir(w)}/approval-1.${e}`, utf8('x'));
  }),
  ...['XW', 'XA'].map((p) => fitted(`a receipt of ${p}`, 'bundle.place', (f, rng, w) => {
    for (const e of ['item', 'stmt', 'sig', 'path']) f.set(`${dir(w)}/receipt-${p}.${e}`, utf8('x'));
  })),
  fitted('a leaf of a stranger', 'bundle.place', (f, rng, w) => {
    f.set(`${dir(w)}/leaf-XW.bin`, utf8('x'));
    f.set(`${dir(w)}/proof-XW.tlog-proof`, utf8('x'));
  }),
  fitted('an erasure of a stranger', 'bundle.place', (f, rng, w) => {
    f.set(`${dir(w)}/erased-XW.leaf`, utf8('x'));
    f.set(`${dir(w)}/erased-XW.tlog-proof`, utf8('x'));
  }),
  fitted('another manifest', 'bundle.manifest', (f, rng, w) => {
    const name = `${dir(w)}/manifest.bin`;
    f.set(name, changed(f.get(name), 4 + rng.below(16), other(rng)));
  }),
  rebuilt('a manifest of a later version', 'bundle.manifest', (b) => changed(b, 1, () => 2)),
  rebuilt('a manifest without a version', 'lint.missing', (b) => b.subarray(2)),
  rebuilt('a manifest with a field twice', 'lint.twice', (b) => concat(b.subarray(0, 2), b)),
  rebuilt('a manifest cut short', 'lint.length', (b) => b.subarray(0, b.length - 1)),
  rebuilt('a manifest to its own sender', 'bundle.manifest', (b) => {
    const at = b.findIndex((x, i) => x === 0x2a && b[i + 1] === 2 && b[i + 2] === 0x58 && b[i + 3] === 0x42);
    return changed(b, at + 3, () => 0x41);
  }),
];

export const kArchiveMutations = [...kArchive, ...kIndexes, ...kNames];

// What the index says of itself is not proved, and changes nothing.
export const kKept = [
  { name: 'another exporter', make: ({ world, readme }) => pack(world.files, readme, { exporter: 'ZZ' }) },
  { name: 'another day', make: ({ world, readme }) => pack(world.files, readme, { made: '1999-12-31T23:59:59Z' }) },
  { name: 'another root', make: ({ world, readme }) => pack(world.files, readme, { root: hex(H(utf8('x'))) }) },
  { name: 'lines of strangers', make: ({ world, readme }) => {
    const files = new Map(world.files);
    for (const [name, data] of files)
      if (name.endsWith('.note')) files.set(name, concat(data, utf8(`\u2014 focal/ZZ/witness ${'A'.repeat(95)}=\n`)));
    return pack(files, readme);
  } },
  { name: 'lines in another order', make: ({ world, readme }) => {
    const files = new Map(world.files);
    for (const [name, data] of files) {
      if (!name.endsWith('.note') && !name.endsWith('.tlog-proof')) continue;
      const lines = fromUtf8(data).split('\n');
      const first = lines.findIndex((l) => l.startsWith('\u2014'));
      files.set(name, utf8([...lines.slice(0, first), ...lines.slice(first, -1).reverse(), ''].join('\n')));
    }
    return pack(files, readme);
  } },
];

// The rule that refuses the file; null: none.
export function ruleOf(bytes) {
  try {
    readBundle(bytes);
    return null;
  } catch (e) {
    return e.rule ?? e;
  }
}
