#!/usr/bin/env node
// Goal: this peer computes what the vectors and the worked example of the protocol say.
// Method: RFC 9180, odd Ed25519 signatures, and every value of the example computed again.
//   vectors.mjs REPOSITORY
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { H, concat, hex, lp, u64be, u8, unhex, utf8, compare } from './lib/bytes.mjs';
import { makeStatement } from './lib/batch.mjs';
import { fingerprint, readCard } from './lib/card.mjs';
import { readCheckpoint } from './lib/checkpoint.mjs';
import { isUsableKey, publicKey, sign, verifies, x25519Public } from './lib/curve.mjs';
import { envId, headerOf, infoOf, openEnvelope, pad } from './lib/envelope.mjs';
import * as hpke from './lib/hpke.mjs';
import { bodyCommit } from './lib/leaf.mjs';
import { leafHash, fold, nodeHash } from './lib/merkle.mjs';
import { kBatch, pae } from './lib/pae.mjs';
import { confirmTag, firstKey, hintKey, hintOf, kPskId, pairNumber, pairSecret, weekKey } from './lib/pair.mjs';
import { receiveInner } from './lib/receive.mjs';
import { kidOf, readSchedule } from './lib/schedule.mjs';

const root = process.argv[2] ?? '.';
const read = (file) => readFileSync(`${root}/${file}`, 'utf8');
let checked = 0;
const same = (a, b, what) => {
  assert.equal(a, b, what);
  checked++;
};

// The cases of a file of tests/vectors.
function cases(file) {
  const out = [];
  for (const part of read(`tests/vectors/${file}`).replace(/^#.*\n/gm, '').split(/\n\n+/)) {
    const lines = part.split('\n').filter((l) => l !== '').map((l) => /^(\S+) (.*)$/.exec(l));
    if (lines.length > 0) out.push(Object.fromEntries(lines.map((m) => [m[1], m[2] === '-' ? '' : m[2]])));
  }
  return out;
}

async function hpkeVectors() {
  for (const c of cases('hpke_rfc9180_a2.txt')) {
    const psk = c.mode === 'psk' ? { key: unhex(c.psk), id: unhex(c.psk_id) } : undefined;
    const to = await hpke.recipient(unhex(c.skRm), unhex(c.pkEm), unhex(c.info), psk);
    const from = await hpke.sender(unhex(c.pkRm), unhex(c.info), unhex(c.ikmE), psk);
    same(hex(from.enc), c.pkEm, 'enc');
    for (const [name, value] of Object.entries(c)) {
      if (!name.startsWith('export.')) continue;
      for (const side of [to, from]) same(hex(await side.exports(unhex(name.slice(7)))), value, name);
    }
  }
}

function pairVectors() {
  for (const c of cases('pair_secret.txt')) {
    const n = pairNumber(c.a, unhex(c.root_a), c.b, unhex(c.root_b));
    same(hex(n), c.n, 'n');
    const secret = pairSecret(unhex(c.c_a), unhex(c.c_b), n);
    same(hex(secret), c.psk_ab, 'psk_ab');
    const first = { ab: firstKey(secret, c.a, c.b), ba: firstKey(secret, c.b, c.a) };
    same(hex(confirmTag(first.ab, c.a)), c.confirm_a, 'confirm');
    same(hex(confirmTag(first.ba, c.b)), c.confirm_b, 'confirm');
    for (const [name, value] of Object.entries(c)) {
      const found = /^(hint|hint_key)?\.?(ab|ba)\.(\d+)$/.exec(name);
      if (!found) continue;
      const key = weekKey(first[found[2]], BigInt(found[3]));
      same(hex(found[1] === 'hint' ? hintOf(key, unhex(c.enc)) : found[1] === 'hint_key' ? hintKey(key) : key), value, name);
    }
  }
}

// Opened, and sealed again by the key that is given there.
async function envelopeVectors() {
  for (const c of cases('envelope.txt')) {
    const mode = c.mode === '1' ? 1 : 0;
    const psk = mode === 1 ? unhex(c.psk) : null;
    same(hex(infoOf(mode, c.to, unhex(c.kid))), c.info, 'info');
    const context = await hpke.recipient(unhex(c.sk_recipient), unhex(c.enc), unhex(c.info), psk && { key: psk, id: kPskId });
    const key = await context.exports(concat(utf8('focal/env-key/v1\0'), u64be(BigInt(c.idx))));
    same(hex(key), c.key, 'key');
    if (psk) same(hex(hintOf(psk, unhex(c.enc))), c.hint, 'hint');
    const aad = headerOf({ mode, kid: unhex(c.kid), enc: unhex(c.enc), hint: unhex(c.hint), idx: BigInt(c.idx) });
    const sealed = concat(aad, chacha20poly1305(key, new Uint8Array(12), aad).encrypt(pad(unhex(c.inner))));
    same(hex(sealed), c.envelope, 'envelope');
    same(hex(envId(sealed)), c.env_id, 'env_id');
  }
}

// Every signature there is odd; one whose flags are empty verifies all the same, but none of
// the keys may stand in a card.
function signatureVectors() {
  for (const c of cases('ed25519_edge.txt')) {
    const takes = verifies(unhex(c.key), utf8(c.msg), unhex(c.sig));
    same(takes, c.flags === '', `signature ${c.number}: ${c.flags}`);
    assert(!isUsableKey(unhex(c.key)), c.number);
  }
}

class Example {
  constructor() {
    const text = read('docs/protocol.md');
    this.text = text.slice(text.indexOf('<!-- example:begin -->'), text.indexOf('<!-- example:end -->'));
  }
  // A value in hex: behind its label, or in the lines below it.
  value(label) {
    const name = label.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    const found = new RegExp(`^${name}(?: \\(\\d+ bytes\\)\\n((?:  [0-9a-f]+\\n)+)|  +([0-9a-f]+)\\n)`, 'm').exec(this.text);
    assert(found, label);
    return (found[1] ?? found[2]).replace(/\s/g, '');
  }
  key(label) {
    return new RegExp(`^${label} +[0-9a-f]{2}  ([0-9a-f]{64})$`, 'm').exec(this.text)[1];
  }
  note(first) {
    const at = this.text.indexOf('```\n' + first) + 4;
    return utf8(this.text.slice(at, this.text.indexOf('```', at)));
  }
}

const filled = (byte) => new Uint8Array(32).fill(byte);

function exampleKeys(e) {
  for (const [label, seed] of [['XA root', 1], ['XA next root', 2], ['XA sign', 3], ['XA log', 4],
    ['XA witness', 5], ['XB root', 0x33], ['XB sign', 0x35], ['XB log', 0x36]]) {
    same(hex(publicKey(filled(seed))), e.key(label), label);
  }
  same(hex(x25519Public(filled(6))), e.key('XA transport'), 'transport');
  same(hex(x25519Public(filled(0x10))), e.key('XB sealing'), 'sealing');
  same(hex(kidOf(1, x25519Public(filled(0x10)))), e.value('kid, week 1'), 'kid');
}

function exampleNotes(e) {
  const card = readCard(e.note('focal-card/v1'));
  same(hex(card.id), e.value('card_id'), 'card_id');
  const other = { party: 'XB', sign: unhex(e.key('XB sign')), log: { generation: 1n, key: unhex(e.key('XB log')) }, suites: [1] };
  same(readSchedule(e.note('focal-seal/v1'), other).keys.length, 2, 'schedule');
  const point = readCheckpoint(e.note('focal/XB/log/1'), other);
  const at = BigInt(/stored it at (\d+) ms/.exec(e.text)[1]);
  const pads = Array.from({ length: 63 }, (_, i) =>
    leafHash(concat(u8(1), u8(0), u64be(at), filled(i + 1), filled(0))));
  same(hex(point.root), hex(fold([unhex(e.value('leaf hash')), ...pads])), 'checkpoint');
  return card;
}

function exampleNumber(e) {
  const prints = ['XA', 'XB'].map((p) => fingerprint(p, unhex(e.key(`${p} root`))));
  same(hex(prints[0]), e.value('fp(XA)'), 'fp');
  same(hex(prints[1]), e.value('fp(XB)'), 'fp');
  const n = H(utf8('focal/pair/v1\0'), ...prints.sort(compare));
  same(hex(n), e.value('N'), 'N');
  const digits = (BigInt('0x' + hex(n)) % 10n ** 60n).toString().padStart(60, '0');
  assert(e.text.includes(digits.match(/.{5}/g).join(' ')));
}

function exampleBatch(e, card) {
  const v = (label) => unhex(e.value(label));
  same(hex(bodyCommit(v('salt'), v('body'))), e.value('body_commit'), 'body_commit');
  same(hex(leafHash(v('manifest'))), e.value('rid'), 'rid');
  same(hex(nodeHash(v('rid'), filled(0xc0))), e.value('root'), 'root');
  same(hex(makeStatement('XA', card.id, 1n, [v('rid'), filled(0xc0)], 1795431600000n)), e.value('stmt'), 'stmt');
  same(hex(pae(kBatch, v('stmt'))), e.value('PAE'), 'PAE');
  same(hex(sign(filled(3), pae(kBatch, v('stmt')))), e.value('sig'), 'sig');
  const peers = new Map([['XA', { level: 2, card, old: [], held: [], revoked: [], suspended: false }]]);
  const outcomes = receiveInner(v('Inner'), { party: 'XB', now: 1795431600000n, peers, sent: [], here: [], approves: new Set() });
  same(outcomes[0].rid, e.value('rid') + ':R', 'Inner');
  same(outcomes[1].leaf, hex(filled(0xc0)), 'Inner');
}

// The ephemeral secret is given, not what it is derived from: so by recipient and header.
async function exampleEnvelope(e) {
  const kid = unhex(e.value('kid, week 1'));
  const info = infoOf(0, 'XB', kid);
  same(hex(info), e.value('info'), 'info');
  const enc = x25519Public(filled(0x40));
  same(hex(enc), e.value('enc'), 'enc');
  const aad = headerOf({ kid, enc });
  same(hex(aad), e.value('aad'), 'aad');
  const context = await hpke.recipient(filled(0x10), enc, info);
  const key = await context.exports(unhex(e.value('exporter ctx')));
  same(hex(key), e.value('key'), 'key');
  const inner = unhex(e.value('Inner'));
  const envelope = concat(aad, chacha20poly1305(key, new Uint8Array(12), aad).encrypt(pad(inner)));
  same(hex(H(envelope)), e.value('H(envelope)'), 'H(envelope)');
  same(hex(envId(envelope)), e.value('env_id'), 'env_id');
  const opened = await openEnvelope(envelope, { party: 'XB', keys: [{ kid, secret: filled(0x10) }] });
  same(hex(opened.inner), e.value('Inner'), 'opened');
}

await hpkeVectors();
pairVectors();
await envelopeVectors();
signatureVectors();
const example = new Example();
exampleKeys(example);
exampleNumber(example);
exampleBatch(example, exampleNotes(example));
await exampleEnvelope(example);
assert(lp('XB').length === 3);
console.log(`${checked} values of the vectors and of the worked example agree`);
