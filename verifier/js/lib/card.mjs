// The focal point card (docs/protocol.md 3.1).
import { H, concat, equal, hex, toBase64, utf8 } from './bytes.mjs';
import { isSmallX25519 } from './curve.mjs';
import { Lines, bytes, date, edKey, number, party } from './lines.mjs';
import { checkNote, kCosign, kPlain, parseNote } from './note.mjs';
import { declare, must } from './refused.mjs';

declare({
  'card.size': 'a card longer than 8 KiB',
  'card.prev': 'prev is none, if and only if serial is 1',
  'card.next': 'next is the hash of the root itself',
  'card.expires': 'expires is not later than issued',
  'card.log': 'the log has another name',
  'card.suites': 'suites are not 1 to 8 ascending numbers',
  'card.authority': 'a line of authority is too long or has a space at an end',
  'card.distinct': 'two of the five keys are one',
  'card.transport': 'the transport key is of small order',
  'card.time': 'the cosignature has another time than issued',
});

const kMostBytes = 8 * 1024;
const kMaxSerial = 2n ** 63n - 1n;
const kMaxGeneration = 2n ** 32n - 1n;

export const rootName = (p) => `focal/${p}/root`;
export const signName = (p) => `focal/${p}/sign`;
export const witnessName = (p) => `focal/${p}/witness`;
export const logName = (p, generation) => `focal/${p}/log/${generation}`;
export const nextHash = (root) => H(utf8('focal/next-root/v1\0'), root);

function logLine(value, p) {
  const parts = value.split(' ');
  must(parts.length === 2, 'text.lines', 'log');
  const head = logName(p, '');
  must(parts[0].startsWith(head), 'card.log', parts[0]);
  return { generation: number(parts[0].slice(head.length), 1n, kMaxGeneration), key: edKey(parts[1]) };
}

function suites(value) {
  const parts = value.split(' ');
  must(parts.every((p) => /^[1-9][0-9]{0,2}$/.test(p)), 'card.suites', value);
  const out = parts.map(Number);
  must(out.length <= 8 && out.every((n, i) => n <= 255 && (i === 0 || n > out[i - 1])),
    'card.suites', value);
  return out;
}

function readText(text) {
  const lines = new Lines(text, 'focal-card/v1');
  const c = { text };
  c.party = party(lines.value('party'));
  c.serial = number(lines.value('serial'), 1n, kMaxSerial);
  const prev = lines.value('prev');
  must((prev === 'none') === (c.serial === 1n), 'card.prev');
  c.prev = prev === 'none' ? null : bytes(prev, 32);
  c.root = edKey(lines.value('root'));
  c.next = bytes(lines.value('next'), 32);
  must(!equal(c.next, nextHash(c.root)), 'card.next');
  c.issued = date(lines.value('issued'));
  c.expires = date(lines.value('expires'));
  must(c.expires > c.issued, 'card.expires');
  c.sign = edKey(lines.value('sign'));
  c.log = logLine(lines.value('log'), c.party);
  c.witness = edKey(lines.value('witness'));
  c.transport = bytes(lines.value('transport'), 32);
  must(!isSmallX25519(c.transport), 'card.transport');
  c.suites = suites(lines.value('suites'));
  c.authority = lines.values('authority', 1, 8);
  for (const a of c.authority) {
    must(utf8(a).length <= 255 && !a.startsWith(' ') && !a.endsWith(' '), 'card.authority', a);
  }
  lines.end();
  const keys = [c.root, c.sign, c.log.key, c.witness, c.transport].map(hex);
  must(new Set(keys).size === keys.length, 'card.distinct');
  c.id = H(utf8(text));
  return c;
}

export const cardKeys = (c) => [
  { name: rootName(c.party), type: kPlain, key: c.root },
  { name: signName(c.party), type: kPlain, key: c.sign },
  { name: logName(c.party, c.log.generation), type: kPlain, key: c.log.key },
  { name: witnessName(c.party), type: kCosign, key: c.witness },
];

export function readCard(bytes) {
  must(bytes.length <= kMostBytes, 'card.size');
  const note = parseNote(bytes);
  const card = readText(note.text);
  const signed = checkNote(note, cardKeys(card));
  must(signed[3].t === card.issued, 'card.time');
  card.note = note;
  return card;
}

export const cardText = (f) =>
  ['focal-card/v1', `party ${f.party}`, `serial ${f.serial}`,
    `prev ${f.prev ? toBase64(f.prev) : 'none'}`, `root ${toBase64(f.root)}`,
    `next ${toBase64(f.next)}`, `issued ${f.issued}`, `expires ${f.expires}`,
    `sign ${toBase64(f.sign)}`, `log ${logName(f.party, f.generation)} ${toBase64(f.log)}`,
    `witness ${toBase64(f.witness)}`, `transport ${toBase64(f.transport)}`,
    `suites ${f.suites}`, ...f.authority.map((a) => `authority ${a}`), ''].join('\n');

export const fingerprint = (p, root) => H(utf8('focal/fp/v1\0'), concat(new Uint8Array([p.length]), utf8(p)), root);
