// A party that one object alone is about, with a chain of cards of its own and revocations of them.
import { hex, toBase64 } from '../lib/bytes.mjs';
import { readCard, rootName } from '../lib/card.mjs';
import { kPlain } from '../lib/note.mjs';
import { Party, dateText, keyOf, signer } from '../lib/party.mjs';
import { saidUnder, withLeaf } from './steps.mjs';
import { get, withField } from './tlv.mjs';

const kName = 'XW';
const kDay = 86400;
const kScopes = ['all', 'sign', 'transport', 'seal'];

export class WithdrawnParty {
  constructor(batch, rng) {
    Object.assign(this, { batch, rng, state: batch.original.world.state });
    this.party = new Party(rng, kName);
    this.roots = Array.from({ length: 4 }, () => keyOf(rng.bytes(32))); // each announces the next
    this.cards = []; // {bytes, card, sign}, oldest first; the last one is pinned
    this.notes = [];
  }
  get now() {
    return Number(this.state.now / 1000n);
  }
  // prev: a place among the cards. sign: the place of a card that has the same sign key. also: a
  // root that signs too.
  add({ root = 0, prev, sign, also } = {}) {
    const { party, roots, cards, rng } = this;
    const key = sign === undefined ? keyOf(rng.bytes(32)) : cards[sign].sign;
    Object.assign(party, { root: roots[root], next: roots[root + 1], sign: key });
    const before = prev === undefined ? null : cards[prev].card;
    const fields = party.cardFields(rng, this.now - (20 - cards.length) * kDay,
      { serial: before ? before.serial + 1n : 1n, prev: before?.id ?? null });
    const more = also === undefined ? [] : [signer(rootName(kName), kPlain, roots[also])];
    const bytes = party.card(fields, more);
    cards.push({ bytes, card: readCard(bytes), sign: key });
    return this;
  }
  updated({ sign } = {}) {
    return this.add().add({ prev: 0, sign });
  }
  rotated({ sign } = {}) {
    return this.add().add({ prev: 0, root: 1, also: 0, sign });
  }
  // Whoever had the first root put a card on top; the next root goes on from the first one.
  recovered({ sign } = {}) {
    return this.add().add({ prev: 0 }).add({ prev: 0, root: 1, sign });
  }
  // by: "root0" and so on.
  revoke(place, scope, by) {
    const card = this.cards[place]?.card.id ?? this.rng.bytes(32);
    const key = this.roots[Number(by.slice(4))];
    const since = dateText(this.now - this.rng.below(30 * kDay));
    const note = this.party.revocation({ party: kName, card, scope, since, reason: 'stolen' }, key);
    this.notes.push(note);
    return this;
  }
  // What is told of the party, and the batch as it says it under that card.
  under(place) {
    const { batch, cards, notes, rng } = this;
    const [pinned, ...old] = [...cards].reverse();
    const told = [`peer VERIFIED ${toBase64(pinned.bytes)}`, ...old.map((c) => `old ${toBase64(c.bytes)}`),
      ...notes.map((n) => `revoked ${toBase64(n)}`)];
    const { card, sign } = cards[place];
    const spoken = saidUnder(batch, card, sign);
    if (!batch.isReceipts) return { ...spoken, told };
    // Receipts for other records, which went to this party.
    const items = batch.items.map((i) => withLeaf(withField(i, 1, 2, rng.bytes(32))));
    for (const i of items) told.push(`sent ${hex(get(i, 1))} ${get(i, 5)} ${kName}`);
    return { ...spoken, told, items: () => items };
  }
  // Any of these chains with any revocations, under any of its cards.
  any() {
    const { rng } = this;
    const sign = rng.pick([undefined, 0]);
    [() => this.updated({ sign }), () => this.rotated({ sign }), () => this.recovered({ sign })][rng.below(3)]();
    if (rng.chance(30)) this.add({ prev: this.cards.length - 1, root: rng.pick([1, 2]), sign: rng.pick([undefined, 0, 1]) });
    for (let n = rng.between(1, 3); n > 0; n--) this.revoke(rng.below(this.cards.length + 1), rng.pick(kScopes), `root${rng.below(4)}`);
    return this.under(rng.below(this.cards.length));
  }
}
