// A party of the bundle maker, with all its secrets and the chain of its cards.
import { fingerprint, readCard, rootName } from '../lib/card.mjs';
import { kPlain } from '../lib/note.mjs';
import { Party, dateText, keyOf, signer } from '../lib/party.mjs';

export class Owner {
  // issued: Unix seconds of the first card. hook: see world.mjs.
  constructor(rng, name, issued, steps, hook) {
    Object.assign(this, { rng, name, hook, issued });
    this.party = new Party(rng, name);
    this.party.generation = 1;
    this.made = []; // {bytes, card, keys}
    this.add('first');
    for (const step of steps) this.add(step);
  }

  // update, new-next, rotation, recovery; with "keys" behind it new online keys too.
  add(step) {
    const { rng, party: p } = this;
    const oldRoot = p.root;
    if (step.includes('new-next')) p.next = keyOf(rng.bytes(32));
    if (step.includes('rotation') || step.includes('recovery')) [p.root, p.next] = [p.next, keyOf(rng.bytes(32))];
    if (step.includes('keys')) {
      for (const k of ['sign', 'log', 'witness']) p[k] = keyOf(rng.bytes(32));
      p.generation++;
    }
    const last = this.made.at(-1)?.card;
    const issued = this.issued + 86400 * 30 * this.made.length;
    const more = last ? { serial: last.serial + 1n, prev: last.id } : {};
    const fields = this.hook(`card ${this.name} ${this.made.length}`, p.cardFields(rng, issued, more));
    const others = step.includes('rotation') ? [signer(rootName(this.name), kPlain, oldRoot)] : [];
    const bytes = p.card(fields, others);
    this.made.push({ bytes, card: readCard(bytes), keys: { ...p, generation: p.generation } });
  }

  get keys() { return this.made.at(-1).keys; }
  get card() { return this.made.at(-1).card; }
  fingerprint(i) { return fingerprint(this.name, this.made.at(i).card.root); }

  // of: place in the chain of the card it names; by: root or next of that place.
  revocation(of, scope, since, by = 'root') {
    const { card, keys } = this.made.at(of);
    return this.party.revocation(
      { party: this.name, card: card.id, scope, since: dateText(since), reason: 'The server was stolen' }, keys[by]);
  }
}

