// Mutations of what two nodes say about checkpoints (docs/protocol.md 12.1, 15.9, 20.3): policies, CKPT,
// COSIG, and proofs of leaves. What is signed is signed again, unless a class says otherwise.
import { concat, fromBase64, fromUtf8, hex, toBase64, utf8 } from '../lib/bytes.mjs';
import { logName } from '../lib/card.mjs';
import { formatNote, kCosign, kPlain } from '../lib/note.mjs';
import { readLoose } from '../lib/loose.mjs';
import { keyOf, signer } from '../lib/party.mjs';
import { ckptBytes, cosigBytes, readCkpt, readCosig } from '../lib/witness.mjs';
import { long, tag, varint } from '../lib/write.mjs';
import * as bad from './bad.mjs';
import { cut, put } from './lists.mjs';
import { joined, newKey, openText, signText } from './text.mjs';

const kMax63 = 2n ** 63n - 1n;
const kTwoDays = 48n * 3600n;

const flip = (bytes, at) => put([...bytes], at, bytes[at] ^ 1);
const flipped = (rng, bytes) => Uint8Array.from(flip(bytes, rng.below(bytes.length)));

// A note of three lines signed again by whoever signed it: edit(lines, rng).
function resigned(note, world, lines) {
  const { signers } = openText({ bytes: note, world });
  return signText(joined(lines), signers, world);
}
const linesOf = (note) => fromUtf8(note).split('\n\n')[0].split('\n');

// --- CKPT --------------------------------------------------------------------

// edit(frame, rng, world): a frame, its bytes, or null where it does not fit.
function ckpt(name, field, rule, edit, more = {}) {
  return {
    name: `ckpt: ${name}`, kind: 'ckpt', fields: [`ckpt.${field}`], rule, ...more,
    make(rng, original) {
      const made = edit(readCkpt(original.bytes), rng, original.world);
      if (made === null || made instanceof Uint8Array || made.told) return made;
      return ckptBytes(made);
    },
  };
}
const withNote = (f, world, change) => ({ ...f, note: resigned(f.note, world, change(linesOf(f.note))) });
const withOld = (f, text) => utf8(fromUtf8(ckptBytes(f)).replace(/^old [0-9]+/, () => `old ${text}`));
const proves = (f) => f.proof.length > 0;
const told = (words, bytes) => ({ told: [words], bytes });
const begins = (f) => ({ ...f, old: 0n, proof: [] });
const strangersLine = (rng) => utf8(`\u2014 stranger/1 ${toBase64(rng.bytes(68))}\n`);
const headOf = (f) => fromUtf8(ckptBytes(f)).split('\n\n')[0];

const ckptClasses = () => [
  ...bad.numbers(0n, kMax63).map((value, n) => ckpt(`bad old size ${n}`, 'old', ['text.number', 'ckpt.form'],
    (f, rng) => withOld(f, value(rng, String(f.old))))),
  ckpt('no old size', 'old', 'ckpt.form', (f) => utf8(fromUtf8(ckptBytes(f)).replace(/^old [0-9]+\n/, ''))),
  ckpt('old misspelt', 'old', 'ckpt.form', (f, rng) => utf8(rng.pick(['Old', 'old:', 'size', ' old']) + fromUtf8(ckptBytes(f)).slice(3))),
  ckpt('an old size above that of the note', 'old', 'ckpt.order', (f, rng) => ({ ...f, old: f.at.size + BigInt(rng.between(1, 9)), proof: [] })),
  ckpt('another old size', 'old', 'witness.conflict', (f, rng) => (proves(f) && f.old > 1n ? { ...f, old: f.old - BigInt(rng.below(Number(f.old) - 1) + 1) } : null)),
  ckpt('from the beginning', 'old', 'witness.conflict', (f) => begins(f)),
  ckpt('from the beginning, and nothing is held', 'old', undefined, (f) => told('cosigned', ckptBytes(begins(f))), { want: 'accept' }),
  ckpt('nothing is held', 'old', 'witness.old', (f) => told('cosigned', ckptBytes(f))),
  ckpt('an empty log', 'note', 'witness.empty', (f, rng, world) => told('cosigned', ckptBytes(withNote(begins(f), world, (l) => put(l, 1, '0'))))),
  ckpt('a hash of another form', 'proof', 'text.bytes', (f, rng) => {
    const lines = headOf(f).split('\n');
    if (lines.length < 2) return null;
    const at = rng.between(1, lines.length - 1);
    const after = rng.pick(bad.base64s)(rng, lines[at]);
    return utf8([...put(lines, at, after), ''].join('\n') + '\n' + fromUtf8(f.note));
  }),
  ckpt('a bit of a hash', 'proof', 'witness.proof', (f, rng) => {
    if (!proves(f)) return null;
    const at = rng.below(f.proof.length);
    return { ...f, proof: put(f.proof, at, flipped(rng, f.proof[at])) };
  }),
  ckpt('a hash less', 'proof', 'witness.proof', (f, rng) => (proves(f) ? { ...f, proof: cut(f.proof, rng.below(f.proof.length), 1) } : null)),
  ckpt('a hash more', 'proof', ['witness.proof', 'ckpt.order'], (f, rng) => ({ ...f, proof: cut(f.proof, rng.below(f.proof.length + 1), 0, rng.bytes(32)) })),
  ckpt('hashes in another order', 'proof', 'witness.proof', (f) => (f.proof.length > 1 ? { ...f, proof: [...f.proof].reverse() } : null)),
  ckpt('64 hashes', 'proof', 'ckpt.count', (f, rng) => (proves(f) ? { ...f, proof: Array.from({ length: 64 }, () => rng.bytes(32)) } : null)),
  ckpt('a proof from the beginning', 'proof', 'ckpt.order', (f, rng) => ({ ...f, old: 0n, proof: [rng.bytes(32)] })),
  ckpt('no empty line before the note', 'form', undefined, (f) => utf8(headOf(f) + '\n' + fromUtf8(f.note))),
  ckpt('two empty lines before the note', 'form', undefined, (f) => utf8(headOf(f) + '\n\n\n' + fromUtf8(f.note))),
  ckpt('line ends of Windows', 'form', undefined, (f) => utf8(headOf(f).replace(/\n/g, '\r\n') + '\r\n\r\n' + fromUtf8(f.note))),
  ckpt('not UTF-8', 'form', ['ckpt.form', 'note.utf8'], (f, rng) => { const b = ckptBytes(f); const at = rng.below(b.length); return concat(b.subarray(0, at), Uint8Array.of(0xff), b.subarray(at)); }),
  ckpt('longer than 68 KiB', 'form', 'ckpt.size', (f) => concat(ckptBytes(f), utf8('x'.repeat(68 * 1024)))),
  // A proof does not bind the size where trees of both sizes have one shape above the old one.
  ckpt('another size', 'note', undefined, (f, rng, world) => (proves(f)
    ? withNote(f, world, (l) => put(l, 1, String(BigInt(l[1]) + BigInt(rng.between(1, 64))))) : null), { want: 'agree' }),
  ckpt('another root', 'note', ['witness.proof', 'witness.fork'], (f, rng, world) => withNote(f, world, (l) => put(l, 2, toBase64(rng.bytes(32))))),
  ckpt('another root of that size', 'note', 'witness.fork', (f, rng, world) => (proves(f) ? null : withNote(f, world, (l) => put(l, 2, toBase64(rng.bytes(32)))))),
  ckpt('another log', 'note', 'witness.origin', (f, rng, world) => withNote(f, world, (l) => put(l, 0, rng.pick([`${l[0]}1`, logName('XQ', 1), l[0].replace('log', 'lag')])))),
  ckpt('an extension line', 'note', 'text.lines', (f, rng, world) => withNote(f, world, (l) => [...l, 'x 1'])),
  ckpt('another key', 'note', 'note.missing', (f, rng, world) => {
    const [name] = linesOf(f.note);
    const key = keyOf(world.seeds.get(hex(newKey(world, rng))));
    return { ...f, note: formatNote(joined(linesOf(f.note)), [signer(name, kPlain, key)]) };
  }),
  ckpt('a bit of the signature', 'note', 'note.wrong', (f, rng) => {
    const parts = fromUtf8(f.note).split(' ');
    const field = fromBase64(parts.at(-1).trim());
    return { ...f, note: utf8([...parts.slice(0, -1), toBase64(flip(field, rng.between(4, field.length - 1)))].join(' ') + '\n') };
  }),
  ckpt('lines of strangers', 'note', undefined, (f, rng) => ({ ...f, note: concat(f.note, strangersLine(rng)) }), { want: 'agree' }),
  ckpt('of a party that is suspended', 'sender', 'witness.level', (f) => told('suspended', ckptBytes(f))),
];

// --- COSIG -------------------------------------------------------------------

// edit({checkpoint, lines, conflict}, rng, world): an answer or a refusal; null where it does not fit.
function cosig(name, field, rule, edit, more = {}) {
  return {
    name: `cosig: ${name}`, kind: 'cosig', fields: [`cosig.${field}`], rule, ...more,
    make(rng, original) {
      const c = readCosig(original.bytes);
      const lines = c.conflict ? null : original.bytes.subarray(original.bytes.length - lengthOfLines(original.bytes, c));
      const made = edit({ checkpoint: c.checkpoint, lines, conflict: c.conflict }, rng, original.world);
      return made === null || made.told ? made : cosigBytes(made);
    },
  };
}
// The lines stand last.
const lengthOfLines = (bytes, c) => c.lines.reduce((n, l) => n + utf8(`\u2014 ${l.name} ${toBase64(concat(new Uint8Array(4), l.sig))}\n`).length, 0);
const answers = (edit) => (c, rng, world) => (c.conflict ? null : edit(c, rng, world));
const refuses = (edit) => (c, rng, world) => (c.conflict ? edit(c, rng, world) : null);

const witnessOf = (world) => {
  const card = world.state.subject;
  return { card, key: world.key(card.witness), name: `focal/${card.party}/witness` };
};
function lineAt(world, checkpoint, t, more = {}) {
  const w = witnessOf(world);
  const text = joined(linesOf(checkpoint));
  const s = { name: w.name, type: kCosign, key: w.card.witness, t, sign: w.key.sign, ...more };
  return utf8(fromUtf8(formatNote(text, [s])).slice(text.length + 1));
}
const now = (world) => world.state.now / 1000n;
const last = (world) => world.state.mine.last / 1000n;
const field = (c, rng) => {
  const [dash, name, base] = fromUtf8(c.lines).trimEnd().split(' ');
  const bytes = fromBase64(base);
  return utf8(`${dash} ${name} ${toBase64(flip(bytes, rng.between(4, bytes.length - 1)))}\n`);
};
const withPolicy = (world, change) => {
  const { mine, party } = world.state;
  const policy = resigned(mine.policy, world, change(linesOf(mine.policy)));
  const seed = world.seeds.get(hex(mine.key));
  return ['mine', hex(seed), toBase64(mine.note), toBase64(policy), mine.last].join(' ');
};

const cosigClasses = () => [
  cosig('a bit of the line', 'lines', 'note.wrong', answers((c, rng) => ({ ...c, lines: field(c, rng) }))),
  cosig('the first moment', 'lines', undefined, answers((c, rng, w) => ({ ...c, lines: lineAt(w, c.checkpoint, last(w) - kTwoDays) })), { want: 'accept' }),
  cosig('the last moment', 'lines', undefined, answers((c, rng, w) => ({ ...c, lines: lineAt(w, c.checkpoint, now(w) + kTwoDays) })), { want: 'accept' }),
  cosig('too early', 'lines', 'line.time', answers((c, rng, w) => ({ ...c, lines: lineAt(w, c.checkpoint, last(w) - kTwoDays - BigInt(rng.between(1, 1e6))) }))),
  cosig('too late', 'lines', 'line.time', answers((c, rng, w) => ({ ...c, lines: lineAt(w, c.checkpoint, now(w) + kTwoDays + BigInt(rng.pick([1, 60, 1e9]))) }))),
  cosig('of no time', 'lines', ['line.time', 'note.wrong'], answers((c, rng, w) => ({ ...c, lines: lineAt(w, c.checkpoint, rng.pick([0n, 2n ** 63n, 2n ** 64n - 1n])) }))),
  cosig('a plain line', 'lines', 'note.missing', answers((c, rng, w) => ({ ...c, lines: lineAt(w, c.checkpoint, now(w), { type: kPlain }) }))),
  cosig('of another name', 'lines', 'note.missing', answers((c, rng, w) => ({ ...c, lines: lineAt(w, c.checkpoint, now(w), { name: rng.pick(['focal/XQ/witness', `${witnessOf(w).name}1`]) }) }))),
  cosig('by another key', 'lines', 'note.missing', answers((c, rng, w) => { const key = keyOf(rng.bytes(32)); return { ...c, lines: lineAt(w, c.checkpoint, now(w), { key: key.pk, sign: key.sign }) }; })),
  cosig('twice', 'lines', 'note.twice', answers((c) => ({ ...c, lines: concat(c.lines, c.lines) }))),
  cosig('with lines of strangers', 'lines', undefined, answers((c, rng) => ({ ...c, lines: rng.chance(50) ? concat(c.lines, strangersLine(rng)) : concat(strangersLine(rng), c.lines) })), { want: 'accept' }),
  cosig('no end of the line', 'lines', 'note.form', answers((c) => ({ ...c, lines: c.lines.subarray(0, -1) }))),
  cosig('no line', 'lines', ['note.form', 'note.count', 'note.split'], answers((c, rng) => ({ ...c, lines: utf8(rng.pick(['\n', 'x\n', '\u2014\n'])) }))),
  cosig('over another root', 'checkpoint', 'line.unknown', answers((c, rng, w) => { const checkpoint = resigned(c.checkpoint, w, put(linesOf(c.checkpoint), 2, toBase64(rng.bytes(32)))); return { checkpoint, lines: lineAt(w, checkpoint, now(w)) }; })),
  cosig('over another size', 'checkpoint', 'line.unknown', answers((c, rng, w) => { const checkpoint = resigned(c.checkpoint, w, put(linesOf(c.checkpoint), 1, String(rng.between(1, 1e9)))); return { checkpoint, lines: lineAt(w, checkpoint, now(w)) }; })),
  cosig('over another log', 'checkpoint', 'witness.origin', answers((c, rng, w) => { const checkpoint = resigned(c.checkpoint, w, put(linesOf(c.checkpoint), 0, logName('XQ', 1))); return { checkpoint, lines: lineAt(w, checkpoint, now(w)) }; })),
  cosig('over no checkpoint', 'checkpoint', ['text.lines', 'text.number', 'text.bytes', 'note.split'], answers((c, rng, w) => { const l = linesOf(c.checkpoint); const checkpoint = resigned(c.checkpoint, w, rng.pick([[...l, 'x'], l.slice(0, 2), put(l, 1, '01')])); return { ...c, checkpoint }; })),
  cosig('both rows', 'rows', 'cosig.rows', (c) => ({ ...c, checkpoint: c.checkpoint ?? c.conflict, lines: c.lines ?? utf8('x\n'), conflict: c.conflict ?? c.checkpoint })),
  cosig('a half row', 'rows', 'cosig.rows', answers((c, rng) => (rng.chance(50) ? { lines: c.lines } : { checkpoint: c.checkpoint }))),
  cosig('neither row', 'rows', 'cosig.rows', () => ({})),
  cosig('a refusal with lines', 'rows', 'cosig.rows', refuses((c) => ({ ...c, lines: utf8('x\n') }))),
  cosig('a field over 64 KiB', 'rows', 'cosig.size', answers((c) => ({ ...c, lines: concat(c.lines, utf8(`\u2014 a ${'A'.repeat(65536)}\n`)) }))),
  {
    name: 'cosig: no protobuf', kind: 'cosig', fields: ['cosig.rows'], rule: 'frame.form',
    make: (rng, { bytes }) => rng.pick([bytes.subarray(0, bytes.length - 1), concat(bytes, Uint8Array.of(0x23)), concat(bytes, Uint8Array.of(0x07)), Uint8Array.of(0x0a, 0x80)]),
  },
  cosig('what is not of this node', 'conflict', 'line.unknown', refuses((c, rng, w) => ({ conflict: resigned(c.conflict, w, put(linesOf(c.conflict), 2, toBase64(rng.bytes(32)))) }))),
  cosig('a bit of its signature', 'conflict', 'note.wrong', refuses((c, rng) => {
    const parts = fromUtf8(c.conflict).split(' ');
    const bytes = fromBase64(parts.at(-1).trim());
    return { conflict: utf8([...parts.slice(0, -1), toBase64(flip(bytes, rng.between(4, bytes.length - 1)))].join(' ') + '\n') };
  })),
  cosig('another log in it', 'conflict', 'witness.origin', refuses((c, rng, w) => ({ conflict: resigned(c.conflict, w, put(linesOf(c.conflict), 0, logName('XQ', 1))) }))),
  cosig('of no witness', 'sender', 'line.none', answers((c, rng, w) => told(withPolicy(w, (l) => [...l.slice(0, 4), 'quorum 1', 'witness XQ']), cosigBytes(c)))),
  cosig('of a party that is suspended', 'sender', 'witness.level', (c) => told('suspended', cosigBytes(c))),
];

// --- policies ----------------------------------------------------------------

function policy(name, key, rule, edit, more = {}) {
  return {
    name: `policy.${key}: ${name}`, kind: 'policy', fields: [`policy.${key}`], rule, ...more,
    make(rng, original) {
      const { lines, signers } = openText(original);
      const after = edit(lines, rng, original.world);
      return after === null || joined(after) === joined(lines) ? null : signText(joined(after), signers, original.world);
    },
  };
}
const value = (key, change) => (l, rng) => {
  const at = l.findIndex((line) => line.startsWith(`${key} `));
  return at < 0 ? null : put(l, at, `${key} ${change(rng, l[at].slice(key.length + 1))}`);
};
const witnesses = (q, list) => (l) => [...l.slice(0, 4), `quorum ${q}`, ...list.map((w) => `witness ${w}`)];
const many = (n) => Array.from({ length: n }, (_, i) => `P${String(i).padStart(2, '0')}`);

const policyClasses = () => [
  ...[...bad.parties, () => 'XQ'].map((f, n) => policy(`bad value ${n}`, 'party', ['text.party', 'policy.log', 'policy.other'], value('party', f))),
  ...[(r, v) => `${v}1`, (r, v) => v.replace('log', 'lag'), () => logName('XQ', 1), (r, v) => v.replace(/[0-9]+$/, '0'), (r, v) => v.replace(/[0-9]+$/, '4294967296')]
    .map((f, n) => policy(`bad value ${n}`, 'log', ['policy.log', 'policy.other', 'note.missing'], value('log', f))),
  policy('of another party', 'log', 'policy.log', value('log', () => logName('XQ', 1))),
  {
    name: 'policy: of another party, by this key', kind: 'policy', fields: ['policy.party', 'policy.log'], rule: 'policy.other',
    make(rng, original) {
      const { lines, signers } = openText(original);
      const log = rng.pick([logName('XQ', 1), logName(lines[1].slice(6), 4294967294)]);
      const party = log.split('/')[1];
      const after = [...put(put(lines, 1, `party ${party}`), 2, `log ${log}`).slice(0, 4), 'quorum 0'];
      return signText(joined(after), signers.map((s) => ({ ...s, name: log })), original.world);
    },
  },
  ...bad.numbers(1n, kMax63).map((f, n) => policy(`bad value ${n}`, 'serial', 'text.number', value('serial', f))),
  ...bad.numbers(0n, 16n).map((f, n) => policy(`bad value ${n}`, 'quorum', 'text.number', value('quorum', f))),
  policy('more than there are', 'quorum', 'policy.quorum', witnesses(3, ['XQ', 'XR'])),
  policy('half of them', 'quorum', 'policy.quorum', witnesses(1, ['XQ', 'XR'])),
  policy('none of some', 'quorum', 'policy.quorum', witnesses(0, ['XQ'])),
  policy('some of none', 'quorum', 'policy.quorum', witnesses(1, [])),
  policy('none', 'witness', undefined, witnesses(0, []), { want: 'accept' }),
  policy('sixteen', 'witness', undefined, witnesses(9, many(16)), { want: 'accept' }),
  policy('seventeen', 'witness', 'text.lines', witnesses(9, many(17))),
  policy('one twice', 'witness', 'policy.witness', witnesses(2, ['XQ', 'XQ'])),
  policy('out of order', 'witness', 'policy.witness', witnesses(2, ['XR', 'XQ'])),
  policy('the party itself', 'witness', 'policy.witness', (l) => witnesses(1, [l[1].slice(6)])(l)),
  ...bad.parties.map((f, n) => policy(`no party ${n}`, 'witness', 'policy.witness', (l, rng) => witnesses(1, [f(rng, 'XQ')])(l))),
  ...['party', 'log', 'serial', 'quorum'].flatMap((key, i) => [
    policy('left out', key, 'text.lines', (l) => cut(l, i + 1, 1)),
    policy('twice', key, 'text.lines', (l) => cut(l, i + 1, 0, l[i + 1])),
    policy('behind the next', key, 'text.lines', (l) => (l[i + 2] === undefined ? null : put(put(l, i + 1, l[i + 2]), i + 2, l[i + 1]))),
  ]),
  policy('another version', 'format', 'text.lines', (l) => put(l, 0, 'focal-witness/v2')),
  policy('a line behind it', 'format', 'text.lines', (l) => [...l, 'x 1']),
  {
    name: 'policy: longer than 4 KiB', kind: 'policy', fields: ['policy.note'], rule: 'policy.size',
    make: (rng, original) => concat(original.bytes, utf8(`\u2014 stranger/1 ${toBase64(rng.bytes(3072))}\n`)),
  },
  {
    name: 'policy: another key', kind: 'policy', fields: ['policy.note'], rule: 'note.missing',
    make: (rng, { bytes }) => formatNote(joined(linesOf(bytes)), [signer(linesOf(bytes)[2].slice(4), kPlain, keyOf(rng.bytes(32)))]),
  },
];

// --- proofs ------------------------------------------------------------------

const kLeaf = 74;
function proof(name, key, rule, edit) {
  return {
    name: `proof.${key}: ${name}`, kind: 'proof', fields: [`proof.${key}`], rule,
    make(rng, original) {
      const leaf = original.bytes.subarray(0, kLeaf);
      const text = fromUtf8(original.bytes.subarray(kLeaf));
      const at = text.indexOf('\n\n');
      const [first, index, ...hashes] = text.slice(0, at).split('\n');
      const made = edit({ leaf, first, index, hashes, note: utf8(text.slice(at + 2)) }, rng, original.world);
      if (made === null) return null;
      return concat(made.leaf, utf8([made.first, made.index, ...made.hashes, '', ''].join('\n')), made.note);
    },
  };
}
const proofClasses = () => [
  proof('a bit', 'leaf', 'proof.leaf', (p, rng) => ({ ...p, leaf: flipped(rng, p.leaf) })),
  ...bad.numbers(0n, kMax63).map((f, n) => proof(`bad value ${n}`, 'index', ['text.number', 'text.lines', 'proof.leaf'], (p, rng) => ({ ...p, index: `index ${f(rng, p.index.slice(6))}` }))),
  proof('another', 'index', 'proof.leaf', (p, rng) => ({ ...p, index: `index ${BigInt(p.index.slice(6)) + BigInt(rng.between(1, 9))}` })),
  proof('a line before the hashes', 'index', 'text.bytes', (p) => ({ ...p, index: `${p.index}\nextra AAAA` })),
  {
    name: 'proof: no empty line', kind: 'proof', fields: ['proof.format'], rule: 'proof.text',
    make: (rng, { bytes }) => concat(bytes.subarray(0, kLeaf), utf8(fromUtf8(bytes.subarray(kLeaf)).replace(/\n\n/g, '\n'))),
  },
  proof('another version', 'format', 'text.lines', (p) => ({ ...p, first: p.first.replace('v1', 'v2') })),
  proof('a bit of one', 'hash', 'proof.leaf', (p, rng) => {
    if (p.hashes.length === 0) return null;
    const at = rng.below(p.hashes.length);
    return { ...p, hashes: put(p.hashes, at, toBase64(flipped(rng, fromBase64(p.hashes[at])))) };
  }),
  proof('one less', 'hash', 'proof.leaf', (p, rng) => (p.hashes.length === 0 ? null : { ...p, hashes: cut(p.hashes, rng.below(p.hashes.length), 1) })),
  proof('one more', 'hash', 'proof.leaf', (p, rng) => ({ ...p, hashes: [...p.hashes, toBase64(rng.bytes(32))] })),
  proof('64', 'hash', 'text.lines', (p, rng) => ({ ...p, hashes: Array.from({ length: 64 }, () => toBase64(rng.bytes(32))) })),
  proof('another form', 'hash', 'text.bytes', (p, rng) => (p.hashes.length === 0 ? null : { ...p, hashes: put(p.hashes, 0, rng.pick(bad.base64s)(rng, p.hashes[0])) })),
  proof('another root', 'note', 'proof.leaf', (p, rng, w) => ({ ...p, note: resigned(p.note, w, put(linesOf(p.note), 2, toBase64(rng.bytes(32)))) })),
  proof('another log', 'note', ['text.lines'], (p, rng, w) => ({ ...p, note: resigned(p.note, w, put(linesOf(p.note), 0, logName('XQ', 1))) })),
];

// --- HELLO -------------------------------------------------------------------

// A field that stands later counts: what is said of it last.
function hello(name, key, edit) {
  return {
    name: `hello.${key}: ${name}`, kind: 'hello', fields: [`hello.${key}`], want: 'accept',
    make: (rng, { bytes, world }) => concat(bytes, edit(rng, world, readLoose(bytes))),
  };
}
const helloClasses = () => [
  ...[0n, 1n, 4n, 2n ** 63n].map((caps) => hello(`${caps}`, 'caps', () => concat(tag(11, 0), varint(caps)))),
  ...[2n, 6n].map((caps) => hello(`${caps}`, 'caps', () => concat(tag(11, 0), varint(caps)))),
  hello('no note', 'your_note', (rng) => long(8, rng.bytes(rng.pick([1, 100, 65536])))),
  hello('of another text', 'your_note', (rng, world, f) => long(8, concat(f.get(8).subarray(0, 40), f.get(8)))),
  hello('longer than 64 KiB', 'your_note', (rng, world, f) => long(8, concat(f.get(8), utf8(`\u2014 a ${'A'.repeat(65536)}\n`)))),
  hello('another one', 'your_note', (rng, world) => long(8, resigned(world.state.mine.note, world, put(linesOf(world.state.mine.note), 1, '64')))),
  hello('no statement', 'your_stmt', (rng) => long(9, rng.pick([long(1, rng.bytes(9)), long(2, rng.bytes(64)), Uint8Array.of(0x0a, 0x7f)]))),
  hello('longer than 512 bytes', 'your_stmt', (rng) => long(9, concat(long(1, rng.bytes(500)), long(2, rng.bytes(64))))),
  hello('another one', 'your_stmt', (rng) => long(9, concat(long(1, rng.bytes(200)), long(2, rng.bytes(64))))),
  hello('a refusal', 'your_cosig', (rng, world) => long(10, cosigBytes({ conflict: world.state.mine.note }))),
  hello('no lines', 'your_cosig', (rng, world) => long(10, cosigBytes({ checkpoint: world.state.mine.note }))),
  hello('no protobuf', 'your_cosig', () => long(10, Uint8Array.of(0x0a, 0x7f))),
];

export const witnessClasses = () => [...helloClasses(), ...ckptClasses(), ...cosigClasses(), ...policyClasses(), ...proofClasses()];
