// Opens a note as lines and signs the changed text again.
import { concat, hex, toBase64, utf8 } from '../lib/bytes.mjs';
import { sign } from '../lib/curve.mjs';
import { keyOf } from '../lib/party.mjs';
import { keyId, kCosign, kPlain, parseNote, signedText } from '../lib/note.mjs';
import { u32be, u64be } from '../lib/bytes.mjs';

// {lines, signers}: the lines of the text, and who signed: {name, type, pk, t}, in order.
export function openText(original) {
  const note = parseNote(original.bytes);
  const signers = note.lines.map((line) => {
    for (const seed of original.world.seeds.keys()) {
      const pk = new Uint8Array(Buffer.from(seed, 'hex'));
      for (const type of [kPlain, kCosign]) {
        if (line.id === keyId(line.name, type, pk)) {
          const t = type === kCosign ? BigInt('0x' + hex(line.sig.subarray(0, 8))) : 0n;
          return { name: line.name, type, pk, t };
        }
      }
    }
    throw new Error(`nobody's key: ${line.name}`);
  });
  return { lines: note.text.slice(0, -1).split('\n'), signers };
}

const prefix = (type, t) => utf8(type === kCosign ? signedText(kCosign, '', t) && `cosignature/v1\ntime ${t}\n` : '');

export const signatureField = (text, s, world) => {
  const sig = world.key(s.pk)?.sign(concat(prefix(s.type, s.t), text)) ?? sign(new Uint8Array(32), text);
  return concat(u32be(keyId(s.name, s.type, s.pk)), s.type === kCosign ? u64be(s.t) : new Uint8Array(0), sig);
};

export const sigLine = (name, field) => `\u2014 ${name} ${toBase64(field)}\n`;

// text: bytes or string, as it will be signed.
export function signText(text, signers, world) {
  const bytes = typeof text === 'string' ? utf8(text) : text;
  const lines = signers.map((s) => sigLine(s.name, signatureField(bytes, s, world)));
  return concat(bytes, utf8('\n' + lines.join('')));
}

export const joined = (lines) => lines.join('\n') + '\n';

// A key that the world learns, so that it can sign.
export function newKey(world, rng) {
  const key = keyOf(rng.bytes(32));
  world.seeds.set(Buffer.from(key.pk).toString('hex'), key.seed);
  return key.pk;
}
