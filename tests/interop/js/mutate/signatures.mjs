// Mutations of the form of a note and of its signature lines (docs/protocol.md 2.2).
import { ed25519 } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { concat, toBase64, u32be, u64be, utf8 } from '../lib/bytes.mjs';
import { keyId, kCosign, signedText } from '../lib/note.mjs';
import { cut, put } from './lists.mjs';
import { joined, openText, sigLine, signText } from './text.mjs';

const Point = ed25519.Point;
const kOrder = Point.Fn.ORDER;
const little = (n) => Uint8Array.from({ length: 32 }, (_, i) => Number((n >> BigInt(8 * i)) & 255n));
const readLittle = (b) => BigInt('0x' + Buffer.from(b).reverse().toString('hex'));

// A signature that fits R + torsion: what verifies only when the cofactor is multiplied in,
// or, without an own part of R, an R of small order.
const kTorsion = Point.fromHex('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05');
export function oddSignature(seed, pk, message, ownPart) {
  const head = sha512(seed).subarray(0, 32);
  head[0] &= 248;
  head[31] = (head[31] & 127) | 64;
  const a = readLittle(head) % kOrder;
  const r = ownPart ? 12345n : 0n;
  const R = ownPart ? Point.BASE.multiply(r).add(kTorsion) : Point.ZERO;
  const k = readLittle(sha512(concat(R.toBytes(), pk, message))) % kOrder;
  return concat(R.toBytes(), little((r + k * a) % kOrder));
}

const kKinds = ['card', 'schedule', 'certificate', 'checkpoint', 'revocation', 'directory'];
// Their own limits, by the rule that names them; that of a schedule is as large as a note's.
const kShort = { card: 'card.size', schedule: 'schedule.size', certificate: 'officer.size', revocation: 'revoke.size' };

// The note as its text and its signature lines, without line ends.
function open(original) {
  const all = Buffer.from(original.bytes).toString('utf8');
  const at = all.lastIndexOf('\n\n');
  return { text: all.slice(0, at + 1), lines: all.slice(at + 2, -1).split('\n') };
}
const note = (text, lines) => utf8(`${text}\n${lines.join('\n')}\n`);

// edit(line, rng) of one signature line.
function line(name, rule, edit, fields = ['signature line']) {
  return kKinds.map((kind) => ({
    name: `${kind}: ${name}`, kind, fields, rule,
    make(rng, original) {
      const { text, lines } = open(original);
      const i = rng.below(lines.length);
      const after = edit(lines[i], rng, { original, i, text, lines });
      return after === null ? null : note(text, put(lines, i, after));
    },
  }));
}

// make(text, lines, rng) of the note as a whole.
function whole(name, rule, make, more = {}) {
  return kKinds.map((kind) => ({
    name: `${kind}: ${name}`, kind, fields: ['note'], rule, ...more,
    make: (rng, original) => make(open(original).text, open(original).lines, rng, original),
  }));
}

// The text changed and signed again by its keys.
function text(name, rule, edit) {
  return kKinds.map((kind) => ({
    name: `${kind}: ${name}`, kind, fields: ['text'], rule,
    make(rng, original) {
      const { lines, signers } = openText(original);
      return signText(edit(joined(lines), rng), signers, original.world);
    },
  }));
}

const parts = (l) => l.split(' ');
const field = (l) => new Uint8Array(Buffer.from(parts(l)[2], 'base64'));
const withField = (l, bytes) => sigLine(parts(l)[1], bytes).slice(0, -1);
const flipped = (bytes, at) => put([...bytes], at, bytes[at] ^ 1);

const stranger = (rng, n, size = rng.pick([5, 68, 76])) => sigLine(`stranger/${n}`, rng.bytes(size)).slice(0, -1);

// One signature by its own key over something odd.
function signedOddly(name, ownPart) {
  return line(name, 'note.wrong', (l, rng, { original, i, text: t }) => {
    const s = openText(original).signers[i];
    const seed = original.world.key(s.pk).seed;
    const sig = oddSignature(seed, s.pk, signedText(s.type, t, s.t), ownPart);
    return withField(l, concat(u32be(keyId(s.name, s.type, s.pk)), s.type === kCosign ? u64be(s.t) : new Uint8Array(0), sig));
  });
}

const insert = (at, what) => (t) => {
  const bytes = utf8(t);
  return concat(bytes.subarray(0, at), new Uint8Array(what), bytes.subarray(at));
};

export function signatureClasses() {
  const lineForms = [
    (l) => l.replace('\u2014', '-'), (l) => l.replace('\u2014', '\u2013'), (l) => ' ' + l, (l) => l + ' ', (l) => l.replace(' ', '  '),
    (l) => parts(l).slice(0, 2).join(' '), (l) => parts(l).slice(0, 2).join(' ') + ' ', (l) => l + ' x', (l) => `${parts(l)[0]}${parts(l)[1]} ${parts(l)[2]}`,
    (l) => l.replace(parts(l)[1], parts(l)[1] + '+x'), (l) => withField(l, field(l).subarray(0, 4)),
  ].map((f, n) => line(`signature line of another form ${n}`, ['note.form', 'note.base64', 'note.split'], f)).flat();
  const base64Forms = [
    (l) => l.replace(/=*$/, '') + (l.endsWith('=') ? '' : '='), (l) => l + '=', (l) => l.replace(/.{8}$/, (s) => '-_*!' + s.slice(4)), (l) => l.slice(0, -1),
  ].map((f, n) => line(`base64 of another form ${n}`, 'note.base64', f)).flat();
  return [
    ...lineForms, ...base64Forms,
    ...line('other bits behind the last byte', 'note.base64', (l) => {
      const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
      const at = l.indexOf('=') - 1;
      return at < 0 ? null : l.slice(0, at) + digits[digits.indexOf(l[at]) ^ 1] + l.slice(at + 1);
    }),
    ...line('another name', 'note.missing', (l) => l.replace('focal/', 'local/'), ['signature name']),
    ...line('another key id', 'note.missing', (l, rng) => withField(l, flipped(field(l), rng.below(4))), ['signature key id']),
    ...line('a bit of R, S or time', 'note.wrong', (l, rng) => withField(l, flipped(field(l), rng.between(4, field(l).length - 1))), ['signature bytes']),
    ...line('S + L', 'note.wrong', (l) => {
      const f = field(l);
      return withField(l, concat(f.subarray(0, -32), little(readLittle(f.subarray(-32)) + kOrder)));
    }, ['signature bytes']),
    ...line('one byte shorter', 'note.wrong', (l) => withField(l, field(l).subarray(0, -1)), ['signature bytes']),
    ...line('one byte longer', 'note.wrong', (l) => withField(l, [...field(l), 0]), ['signature bytes']),
    ...signedOddly('R of small order', false), ...signedOddly('R with a part of small order', true),
    ...whole('a line left out', undefined, (t, l, rng) => note(t, cut(l, rng.below(l.length), 1))),
    ...whole('a line twice', 'note.twice', (t, l, rng) => note(t, [...l, rng.pick(l)])),
    ...whole('no signature', 'note.count', (t) => utf8(t + '\n')),
    ...whole('33 signatures', 'note.count', (t, l, rng) => note(t, [...l, ...Array.from({ length: 33 - l.length }, (_, n) => stranger(rng, n, 5))])),
    ...whole('no empty line', ['note.split', 'note.form'], (t, l) => utf8(t + l.join('\n') + '\n')),
    ...whole('two empty lines', 'note.split', (t, l) => utf8(`${t}\n\n${l.join('\n')}\n`)),
    ...whole('an empty line at the end', ['note.count', 'note.form', 'note.split'], (t, l) => utf8(`${t}\n${l.join('\n')}\n\n`)),
    ...whole('no end of the last line', 'note.form', (t, l) => utf8(`${t}\n${l.join('\n')}`)),
    ...whole('an empty line between signatures', undefined, (t, l) => (l.length < 2 ? null : utf8(`${t}\n${l[0]}\n\n${l.slice(1).join('\n')}\n`))),
    ...whole('a byte order mark', undefined, (t, l) => utf8('\ufeff' + t + '\n' + l.join('\n') + '\n')),
    ...whole('cut off', undefined, (t, l, rng, o) => o.bytes.subarray(0, rng.below(o.bytes.length))),
    ...whole('nothing', undefined, () => new Uint8Array(0)),
    ...whole('longer than a note may be', undefined, (t, l, rng) => note(t, [...l, stranger(rng, 0, 49152)]))
      .map((c) => ({ ...c, rule: kShort[c.kind] ?? 'note.size' })),
    ...Object.keys(kShort).filter((kind) => kind !== 'schedule').map((kind) => ({
      name: `${kind}: longer than it may be, and no more than a note may be`, kind, fields: ['note'], rule: kShort[kind],
      make(rng, original) {
        const { text: t, lines } = open(original);
        return note(t, [...lines, stranger(rng, 0, kind === 'card' ? 6100 : 1500)]);
      },
    })),
    ...whole('white space in the name of a stranger', ['note.form', 'note.control'], (t, l, rng) =>
      note(t, [...l, `\u2014 a${rng.pick(['\t', '\u0085', '\u2028', '\u00a0', '\u3000', ' '])}b ${toBase64(rng.bytes(68))}`])),
    ...text('not UTF-8', 'note.utf8', (t, rng) => insert(rng.below(utf8(t).length), rng.pick([[0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x80]]))(t)),
    ...text('a control character', 'note.control', (t, rng) => insert(rng.below(8), rng.pick([[0], [9], [11], [13], [27], [31], [127], [0xc2, 0x80], [0xc2, 0x9f]]))(t)),
    ...text('line ends of Windows', 'note.control', (t) => utf8(t.replace(/\n/g, '\r\n'))),
    ...text('an empty line at the end of the text', 'note.split', (t) => utf8(t + '\n')),
    ...text('no text', undefined, () => new Uint8Array(0)),
    ...whole('other order of lines', undefined, (t, l, rng) => note(t, rng.shuffled(l)), { want: 'keep' }),
    ...whole('lines of strangers', undefined, (t, l, rng) => note(t, rng.shuffled([...l, ...Array.from({ length: rng.between(1, 6) }, (_, n) => stranger(rng, n))])), { want: 'keep' }),
  ];
}

// What only a card has: the time of its cosignature.
export const cosignatureClass = {
  name: 'card: cosignature of another time', kind: 'card', fields: ['cosignature time'], rule: 'card.time',
  make(rng, original) {
    const { lines, signers } = openText(original);
    const other = signers.map((s) => (s.type === kCosign ? { ...s, t: s.t + BigInt(rng.between(1, 9)) } : s));
    return signText(joined(lines), other, original.world);
  },
};
