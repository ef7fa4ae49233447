// Random valid objects from a seed, as the lines of one world (tests/interop/README.md).
import { hex, toBase64 } from './bytes.mjs';
import { readCard } from './card.mjs';
import { x25519Public } from './curve.mjs';
import { pad, sealPlain } from './envelope.mjs';
import { formatNote, kPlain } from './note.mjs';
import { leafOnly, makeInner, makeReceipts, makeRecord, sorted } from './batch.mjs';
import { makeCode } from './code.mjs';
import { forkBytes } from './fork.mjs';
import { firstKey, weekKey, weekOf } from './pair.mjs';
import { witnessing } from './make_witness.mjs';
import { Party, certificateFields, dateText, dayText, keyOf, scheduleFields, signer } from './party.mjs';
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
    const first = from.card(from.cardFields(rng, now - 86400 * 600));
    this.pinned = from.cardFields(rng, now - 86400 * rng.pick([2, 401]), { serial: 2n, prev: readCard(first).id });
    const pinned = from.card(this.pinned);
    this.card = readCard(pinned);
    this.tell('own', this.me.name);
    this.tell('now', now * 1000);
    const other = this.introduced.card(this.introduced.cardFields(rng, now - 5000));
    this.tell('peer', 'INTRODUCED', toBase64(other));
    this.tell('peer', 'VERIFIED', toBase64(pinned));
    this.tell('old', toBase64(first));
    const today = Math.floor(now / 86400);
    this.monday = today - ((today + 3) % 7);
    this.secrets.forEach((s, i) => this.tell('sealing', hex(s), dayText(this.monday + 7 * i)));
    // The stranger's comes first: every secret that is held is tried.
    this.pair = rng.bytes(32);
    this.tell('pair', this.introduced.name, hex(rng.bytes(32)));
    this.tell('pair', from.name, hex(this.pair));
    [from, this.me, this.introduced, this.stranger].forEach((p) => this.keys(p));
    this.sample('card', first);
    this.sample('card', pinned);
  }

  // Cards that follow the pinned one; the mutations make those that do not.
  followers() {
    const { from, card } = this;
    const update = from.card({ ...this.pinned, serial: card.serial + 1n, prev: card.id, authority: ['Updated'] });
    this.sample('card', update);
    this.sample('succession', update);
  }

  texts() {
    const { rng, from, now } = this;
    const fields = scheduleFields(rng, from, now, Array.from({ length: rng.between(2, 16) }, () => rng.bytes(32)), this.card.suites);
    const schedule = from.schedule(fields);
    this.sample('schedule', schedule);
    this.sample('code', makeCode(from.name, from.root.pk));
    this.sample('code', makeCode(this.me.name, this.me.root.pk, rng.bytes(32)));
    this.certificate = from.certificate(certificateFields(rng, from, now));
    this.sample('certificate', this.certificate);
    const card = from.card(this.pinned);
    this.sample('intro', rng.chance(30) ? card : Buffer.concat([card, schedule]));
    const reason = rng.pick(['The server was stolen', 'é  x', 'r'.repeat(255)]);
    this.sample('revocation', from.revocation({
      party: from.name, card: rng.chance(50) ? this.card.id : rng.bytes(32), scope: rng.pick(['all', 'sign', 'transport', 'seal']),
      since: dateText(now - rng.below(1e7)), reason,
    }, rng.pick([from.root, from.next])));
    this.sample('directory', from.directory(this.directoryFields()));
    this.sample('fork', forkBytes(schedule, from.schedule({ ...fields, reach: 'relay XS' })));
    const text = `focal/${from.name}/log/${from.generation}\n${64 * rng.below(1e6)}\n${toBase64(rng.bytes(32))}\n`;
    this.sample('checkpoint', formatNote(text, [signer(text.split('\n')[0], kPlain, from.log)]));
  }

  directoryFields() {
    const { rng, from } = this;
    const serial = rng.pick([1n, 2n, 9n, 2n ** 63n - 1n]);
    const names = sorted(rng.shuffled(kNames).slice(0, rng.below(kNames.length)));
    return {
      introducer: from.name, serial, prev: serial === 1n ? null : rng.bytes(32),
      entries: names.map((party) => ({ party, root: keyOf(rng.bytes(32)).pk, serial: BigInt(rng.between(1, 1e6)) })),
    };
  }

  async seal(inner) {
    const place = this.rng.below(this.secrets.length);
    const key = x25519Public(this.secrets[place]);
    const week = weekOf(BigInt(this.monday + 7 * place));
    const pair = this.rng.chance(50) ? weekKey(firstKey(this.pair, this.from.name, this.me.name), week) : undefined;
    const to = { party: this.me.name, kid: kidOf(1, key), key };
    const idx = BigInt(this.rng.pick([0, 1, 77, 2 ** 20 - 1]));
    this.sample('envelope', await sealPlain(pad(inner), to, this.rng.bytes(32), { idx, pair }));
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
    await this.seal(makeReceipts(from.sign, from.name, card.id, items, BigInt(now) * 1000n, rng.chance(50) ? this.notes : {}));
  }
}

export async function makeWorld(seed) {
  const w = new World(seed);
  w.cards();
  w.followers();
  w.texts();
  w.notes = witnessing(w);
  await w.batches();
  await w.receipts();
  return w.lines;
}

