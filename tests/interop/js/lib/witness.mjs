// Witnessing, both ends of a link (docs/protocol.md 12.1 and 15.9): CKPT and COSIG, what a witness
// does with one and the owner of the log with the other.
import { H, concat, equal, fromUtf8, hex, toBase64, utf8 } from './bytes.mjs';
import { logName, witnessName } from './card.mjs';
import { parseCheckpoint } from './checkpoint.mjs';
import { bytes as hashOf, number } from './lines.mjs';
import { readLoose } from './loose.mjs';
import { checkNote, formatNote, kCosign, kPlain, linesOf, parseNote } from './note.mjs';
import { parsePolicy } from './policy.mjs';
import { Refused, declare, must } from './refused.mjs';
import { isRevoked } from './standing.mjs';
import { isConsistent } from './tree.mjs';
import { long } from './write.mjs';

declare({
  'ckpt.size': '12.1: longer than 68 KiB',
  'ckpt.form': '12.1: not UTF-8, no line of the old size, or no empty line',
  'ckpt.count': '12.1: more than 63 hashes',
  'ckpt.order': '12.1: the old size is larger than that of the note, or a proof where there is nothing to prove',
  'cosig.size': '12.1: a field longer than 64 KiB',
  'cosig.rows': '12.1: fields of both rows, or of neither',
  'witness.level': '15.9, 1: the sender is not VERIFIED, or suspended or revoked',
  'witness.origin': '15.9, 2: not of the log of the card',
  'witness.old': '15.9, 3: nothing is held of that log',
  'witness.conflict': '15.9, 3: another checkpoint is held',
  'witness.fork': '15.9, 4: another root of that size is held',
  'witness.proof': '15.9, 5: the proof does not verify',
  'witness.empty': '15.9: a log without leaves',
  'line.unknown': '15.9: not over a checkpoint of this log that was made here',
  'line.none': '15.9: of no witness of this log',
  'line.time': '15.9: dated as no right clock can date it',
  'policy.other': '15.9: not of the log of the card',
});

const kMostCkpt = 68 * 1024;
const kMostField = 64 * 1024;
const kMostHashes = 63;
const kMost = 2n ** 63n - 1n;
const kSkew = 48n * 3600n; // seconds

// {old, proof, note, at}
export function readCkpt(body) {
  must(body.length <= kMostCkpt, 'ckpt.size');
  const text = fromUtf8(body);
  must(text !== null, 'ckpt.form');
  const split = text.indexOf('\n\n');
  must(split >= 0 && text.startsWith('old '), 'ckpt.form');
  const [first, ...hashes] = text.slice(0, split).split('\n');
  const old = number(first.slice(4), 0n, kMost);
  const proof = hashes.map((line) => hashOf(line, 32));
  must(proof.length <= kMostHashes, 'ckpt.count');
  const note = utf8(text.slice(split + 2));
  const at = parseCheckpoint(note, null);
  must(at.size <= kMost, 'text.number', 'size');
  must(old <= at.size && (proof.length === 0 || (old !== 0n && old !== at.size)), 'ckpt.order');
  return { old, proof, note, at };
}

export const ckptBytes = (f) =>
  concat(utf8(`old ${f.old}\n${f.proof.map((h) => `${toBase64(h)}\n`).join('')}\n`), f.note);

// {checkpoint, lines} or {conflict}: bytes, of one of the two rows.
export function readCosig(body) {
  const fields = readLoose(body);
  const get = (no) => { const f = fields.get(no); return f instanceof Uint8Array && f.length > 0 ? f : null; };
  const [checkpoint, lines, conflict] = [1, 2, 3].map(get);
  must([checkpoint, lines, conflict].every((f) => f === null || f.length <= kMostField), 'cosig.size');
  must(conflict ? !checkpoint && !lines : checkpoint && lines, 'cosig.rows');
  const at = parseCheckpoint(conflict ?? checkpoint, null);
  if (conflict) return { conflict, at };
  return { checkpoint, lines: parseNote(concat(utf8('x\n\n'), lines)).lines, at };
}

export const cosigBytes = (f) => concat(...[f.checkpoint, f.lines, f.conflict]
  .map((value, i) => (value ? long(i + 1, value) : new Uint8Array(0))));

// The line of a witness over a text, as it stands in a note.
export const cosignLine = (text, party, key, t) =>
  fromUtf8(formatNote(text, [{ name: witnessName(party), type: kCosign, key: key.pk, t, sign: key.sign }])).slice(text.length + 1);

const logOf = (card) => ({ name: logName(card.party, card.log.generation), type: kPlain, key: card.log.key });
const isHeard = (peer) => peer.level === 2 && !peer.suspended && !isRevoked(peer);
const named = (what, text) => `${what}:${hex(H(typeof text === 'string' ? utf8(text) : text))}`;

// What the witness answers to a CKPT of that party: its line. world.held: {note, lines} or null.
export function witness(body, world, peer) {
  const ckpt = readCkpt(body);
  must(isHeard(peer), 'witness.level');
  const log = logOf(peer.card);
  must(ckpt.at.log === log.name, 'witness.origin');
  checkNote(ckpt.at.note, [log]);
  must(ckpt.at.size > 0n, 'witness.empty');
  const held = world.cosigned ? { ...world.cosigned, ...parseCheckpoint(world.cosigned.bytes, log.name) } : null;
  if (!held) must(ckpt.old === 0n, 'witness.old');
  if (held && ckpt.old !== held.size) {
    throw Object.assign(new Refused('witness.conflict'), { answer: named('conflict', held.bytes) });
  }
  if (held && ckpt.at.size === held.size) {
    must(equal(ckpt.at.root, held.root), 'witness.fork');
    return named('line', held.lines);
  }
  if (held) must(isConsistent(held.size, held.root, ckpt.at.size, ckpt.at.root, ckpt.proof), 'witness.proof');
  return named('line', cosignLine(ckpt.at.note.text, world.party, world.witness, world.now / 1000n));
}

// What the owner of a log makes of a COSIG of that party. world.mine: its newest checkpoint, its policy,
// its log key, the time of the last leaf.
export function takeCosig(body, world, peer) {
  const cosig = readCosig(body);
  must(isHeard(peer), 'witness.level');
  const mine = parseCheckpoint(world.mine.note, null);
  must(cosig.at.log === mine.log, 'witness.origin');
  const isMine = cosig.at.size === mine.size && equal(cosig.at.root, mine.root);
  if (cosig.conflict) {
    checkNote(cosig.at.note, [{ name: mine.log, type: kPlain, key: world.mine.key }]);
    must(isMine, 'line.unknown');
    return `conflict:${cosig.at.size}`;
  }
  must(isMine, 'line.unknown');
  must(parsePolicy(world.mine.policy).witnesses.includes(peer.card.party), 'line.none');
  const key = { name: witnessName(peer.card.party), type: kCosign, key: peer.card.witness };
  const note = { text: cosig.at.note.text, lines: cosig.lines };
  const [{ t }] = checkNote(note, [key]);
  must(t >= 1n && t <= kMost && t <= world.now / 1000n + kSkew && t + kSkew >= world.mine.last / 1000n, 'line.time');
  const [line] = linesOf(note, key);
  return named('line', `\u2014 ${line.name} ${toBase64(concat(idBytes(line.id), line.sig))}\n`);
}

const idBytes = (id) => Uint8Array.from([24n, 16n, 8n, 0n], (n) => Number((id >> n) & 255n));

// A policy of the party: that of the log its card names.
export function readPolicy(bytes, card) {
  const p = parsePolicy(bytes);
  const log = logOf(card);
  checkNote(p.note, [{ ...log, name: p.log }]);
  must(p.party === card.party && p.log === log.name, 'policy.other');
  return { id: H(utf8(p.note.text)) };
}
