// Random valid objects from a seed, as the lines of one world (tests/interop/README.md).
import { hex, toBase64 } from './bytes.mjs';
import { readCard, rootName } from './card.mjs';
import { x25519Public } from './curve.mjs';
import { pad, sealPlain } from './envelope.mjs';
import { formatNote, kPlain } from './note.mjs';
import { leafOnly, makeInner, makeReceipts, makeRecord, sorted } from './batch.mjs';
import { Party, certificateFields, keyOf, scheduleFields, signer } from './party.mjs';
import { kKinds, recordBody } from './record.mjs';
import { Rng } from './rng.mjs';
import { kidOf } from './schedule.mjs';

const kNames = ['XA', 'XB', 'UNODA', 'XC-ITI', 'ZZ9', 'A-', 'ABCDEFGHIJKL', 'Q0'];
const kStart = 1795428000; // 2026-11-23T10:00:00Z

function bodyLength(rng) {
  return rng.pick([0, 1, 43, 200, 900, 1100, 3000, 9000, 20000, 70000]);
}

class World {
  constructor(seed) {
    this.rng = new Rng(`js ${seed}`);
    this.lines = ['world'];
    const names = this.rng.shuffled(kNames);
    this.now = kStart + this.rng.below(300 * 86400);
    [this.from, this.me, this.introduced, this.stranger] = names.map((n) => new Party(this.rng, n));
    this.secrets = Array.from({ length: this.rng.between(2, 9) }, () => this.rng.bytes(32));
  }
  tell(...words) { this.lines.push(words.join(' ')); }
  sample(kind, bytes) { this.tell('sample', kind, toBase64(bytes)); }
  keys(party) { for (const seed of party.seeds()) this.tell('key', hex(seed)); }

  // The pinned cards: the sender's second one, with the first superseded.
  cards() {
    const { rng, from, now } = this;
    const first = from.card(from.cardFields(rng, now - 86400 * rng.pick([100, 600])));
    this.pinned = from.cardFields(rng, now - 86400 * 2, { serial: 2n, prev: readCard(first).id });
    const pinned = from.card(this.pinned);
    this.card = readCard(pinned);
    this.tell('own', this.me.name);
    this.tell('now', now * 1000);
    const other = this.introduced.card(this.introduced.cardFields(rng, now - 5000));
    this.tell('peer', 'INTRODUCED', toBase64(other));
    this.tell('peer', 'VERIFIED', toBase64(pinned));
    this.tell('old', toBase64(first));
    for (const s of this.secrets) this.tell('sealing', hex(s));
    [from, this.me, this.introduced, this.stranger].forEach((p) => this.keys(p));
    this.sample('card', first);
    this.sample('card', pinned);
  }

  // Cards that follow the pinned one, and some that do not.
  followers() {
    const { rng, from, card } = this;
    const follow = (more) => ({ ...this.pinned, serial: card.serial + 1n, prev: card.id, ...more });
    const issued = BigInt(Date.parse(this.pinned.issued) / 1000);
    const later = keyOf(rng.bytes(32));
    this.tell('key', hex(later.seed));
    const rotated = follow({ root: from.next.pk, next: rng.bytes(32) });
    const oldRoot = signer(rootName(from.name), kPlain, from.root, issued);
    const update = from.card(follow({ authority: ['Updated'] }));
    this.sample('card', update);
    this.sample('succession', update);
    this.sample('succession', from.card(rotated, [oldRoot]));
    this.sample('succession', from.card(rotated));
    this.sample('succession', from.card(follow({ serial: card.serial + 2n })));
  }

  texts() {
    const { rng, from, now } = this;
    const schedule = from.schedule(scheduleFields(rng, from, now, Array.from({ length: rng.between(2, 16) }, () => rng.bytes(32))));
    this.sample('schedule', schedule);
    this.certificate = from.certificate(certificateFields(rng, from, now));
    this.sample('certificate', this.certificate);
    const card = from.card(this.pinned);
    this.sample('intro', rng.chance(30) ? card : Buffer.concat([card, schedule]));
    const text = `focal/${from.name}/log/${from.generation}\n${64 * rng.below(1e6)}\n${toBase64(rng.bytes(32))}\n`;
    this.sample('checkpoint', formatNote(text, [signer(text.split('\n')[0], kPlain, from.log)]));
  }

  async seal(inner) {
    const secret = this.rng.pick(this.secrets);
    const key = x25519Public(secret);
    const to = { party: this.me.name, kid: kidOf(1, key), key };
    const idx = BigInt(this.rng.pick([0, 1, 77, 2 ** 20 - 1]));
    this.sample('envelope', await sealPlain(pad(inner), to, this.rng.bytes(32), { idx }));
  }

  record(more = {}) {
    const { rng, from, me, card } = this;
    const created = BigInt(this.now) * 1000n - BigInt(rng.below(86400000));
    const others = rng.shuffled(['XX', 'ITU', 'WCO', 'Z9-9']).slice(0, rng.below(4));
    const ref = () => ({ rid: rng.bytes(32), created_ms: created - BigInt(rng.between(1, 1e9)) });
    const fields = {
      from: from.name, from_card: card.id, to: more.to ?? sorted([me.name, ...others]),
      kind: rng.pick(['peer.ping', 'trace.request', 'future.kind_2', 'k'.repeat(64)]),
      thread: rng.chance(60) ? ref() : undefined, reply_to: rng.chance(60) ? ref() : undefined,
      created_ms: created, expires_ms: rng.chance(50) ? created + 1n : undefined,
    };
    const approver = { key: from.officer, certificate: this.certificate };
    // The certificate is of the time of now, so not of every record.
    if (more.approved) fields.created_ms = BigInt(this.now) * 1000n;
    const body = kKinds.has(fields.kind) ? recordBody(rng, fields.kind) : rng.bytes(bodyLength(rng));
    return makeRecord(rng, fields, body, more.approved ? [approver] : []);
  }

  // Three items, one of them as its leaf only.
  async batches() {
    const { rng, from, card } = this;
    const signed = BigInt(this.now) * 1000n;
    const send = async (records) => this.seal(makeInner(from.sign, from.name, card.id, records, signed));
    const to = sorted([this.me.name, 'XX', 'YY']);
    await send(rng.shuffled([this.record({ to }), this.record({ to, approved: true }), leafOnly(rng.bytes(32))]));
    await send([this.record()]);
  }

  async receipts() {
    const { rng, from, card, now } = this;
    const n = rng.between(1, 5);
    const items = Array.from({ length: n }, (_, i) => ({
      rid: rng.bytes(32), status: rng.pick([1n, 2n, 16n, 19n, 27n, 28n, 255n]),
      at_ms: BigInt(now) * 1000n + BigInt(i), created_ms: BigInt(now) * 1000n - BigInt(rng.between(1, 1e9)),
    }));
    for (const i of items) this.tell('sent', hex(i.rid), i.created_ms, [from.name, 'XX'].join());
    await this.seal(makeReceipts(from.sign, from.name, card.id, items, BigInt(now) * 1000n));
  }
}

export async function makeWorld(seed) {
  const w = new World(seed);
  w.cards();
  w.followers();
  w.texts();
  await w.batches();
  await w.receipts();
  return w.lines;
}

