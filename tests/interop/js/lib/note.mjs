// Signed notes (docs/protocol.md 2.2).
import { H, concat, fromBase64, fromUtf8, readBe, u32be, u8, utf8 } from './bytes.mjs';
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
  must(!found[1].includes('+'), 'note.form', 'a key name with a plus');
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

// Checks every line of a known key. keys: [{name, type, key, optional}].
// Returns for each key whether it signed, and t of a cosignature.
export function checkNote(note, keys) {
  const signed = keys.map(() => null);
  for (const line of note.lines) {
    for (const [i, k] of keys.entries()) {
      if (line.name !== k.name || line.id !== keyId(k.name, k.type, k.key)) continue;
      must(signed[i] === null, 'note.twice', k.name);
      const t = k.type === kCosign ? readBe(line.sig.subarray(0, 8)) : 0n;
      const sig = k.type === kCosign ? line.sig.subarray(8) : line.sig;
      must(verifies(k.key, signedText(k.type, note.text, t), sig), 'note.wrong', k.name);
      signed[i] = { t };
    }
  }
  keys.forEach((k, i) => must(signed[i] !== null || k.optional, 'note.missing', k.name));
  return signed;
}

// A note of these lines: [{name, type, key, t, sign(bytes)}].
export function formatNote(text, signers) {
  let out = text + '\n';
  for (const s of signers) {
    const sig = s.sign(signedText(s.type, text, s.t));
    const field = s.type === kCosign ? concat(be64(s.t), sig) : sig;
    out += `${kDash} ${s.name} ${Buffer.from(concat(u32be(keyId(s.name, s.type, s.key)), field)).toString('base64')}\n`;
  }
  return utf8(out);
}

function be64(n) {
  const out = new Uint8Array(8);
  new DataView(out.buffer).setBigUint64(0, BigInt(n));
  return out;
}
