// Signed notes (docs/protocol.md 2.2).
import { H, concat, fromBase64, fromUtf8, readBe, toBase64, u32be, u64be, u8, utf8 } from './bytes.mjs';
import { verifies } from './curve.mjs';
import { must } from './refused.mjs';

const kMostBytes = 64 * 1024;
const kMostLines = 32;
const kDash = '\u2014';

export const kPlain = 1;
export const kCosign = 4;

export const keyId = (name, type, key) =>
  readBe(H(utf8(name), utf8('\n'), u8(type), key).subarray(0, 4));

// What an Ed25519 key signs in a line of this type.
export const signedText = (type, text, t) =>
  utf8(type === kCosign ? `cosignature/v1\ntime ${t}\n${text}` : text);

function parseLine(line) {
  const found = /^\u2014 ([^ ]+) ([^ ]+)$/u.exec(line);
  must(found, 'note.form', 'a signature line');
  must(!/[+\p{White_Space}]/u.test(found[1]), 'note.form', 'a key name with a plus or white space');
  const bytes = fromBase64(found[2]);
  must(bytes, 'note.base64');
  must(bytes.length > 4, 'note.form', 'too short for a key id and a signature');
  return { name: found[1], id: readBe(bytes.subarray(0, 4)), sig: bytes.subarray(4) };
}

// {text, lines}: the text with its last newline, and the signature lines. No key is needed.
export function parseNote(bytes) {
  must(bytes.length <= kMostBytes, 'note.size');
  const all = fromUtf8(bytes);
  must(all !== null, 'note.utf8');
  must(!/[^\P{Cc}\n]/u.test(all), 'note.control');
  const split = all.lastIndexOf('\n\n');
  must(split > 0, 'note.split', 'no empty line');
  const text = all.slice(0, split + 1);
  must(!text.endsWith('\n\n'), 'note.split', 'a second empty line');
  const rest = all.slice(split + 2);
  must(rest !== '', 'note.count', 'no signature');
  must(rest.endsWith('\n'), 'note.form', 'the last line has no end');
  const lines = rest.slice(0, -1).split('\n');
  must(lines.length <= kMostLines, 'note.count', 'too many signatures');
  return { text, lines: lines.map(parseLine) };
}

// The lines of a key: {name, type, key}.
export function linesOf(note, k) {
  const id = keyId(k.name, k.type, k.key);
  return note.lines.filter((line) => line.name === k.name && line.id === id);
}

// {t} of a line that verifies under its key, else null; t is the time of a cosignature.
export function checkLine(line, k, text) {
  const t = k.type === kCosign ? readBe(line.sig.subarray(0, 8)) : 0n;
  const sig = k.type === kCosign ? line.sig.subarray(8) : line.sig;
  return verifies(k.key, signedText(k.type, text, t), sig) ? { t } : null;
}

// All of these keys have to have signed, once: [{name, type, key}]. For each what checkLine says.
export function checkNote(note, keys) {
  return keys.map((k) => {
    const lines = linesOf(note, k);
    must(lines.length > 0, 'note.missing', k.name);
    must(lines.length === 1, 'note.twice', k.name);
    const signed = checkLine(lines[0], k, note.text);
    must(signed, 'note.wrong', k.name);
    return signed;
  });
}

// Did this key sign too: true, false, or 'wrong' if a line of it does not verify.
export function lineOf(note, k) {
  const lines = linesOf(note, k);
  if (lines.length === 0) return false;
  return lines.length === 1 && checkLine(lines[0], k, note.text) !== null ? true : 'wrong';
}

// A note of these lines: [{name, type, key, t, sign(bytes)}].
export function formatNote(text, signers) {
  let out = text + '\n';
  for (const s of signers) {
    const sig = s.sign(signedText(s.type, text, s.t));
    const field = s.type === kCosign ? concat(u64be(s.t), sig) : sig;
    out += `${kDash} ${s.name} ${toBase64(concat(u32be(keyId(s.name, s.type, s.key)), field))}\n`;
  }
  return utf8(out);
}
