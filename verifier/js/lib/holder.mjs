// A party of a bundle: its chain, what the given root leads to, what revocations take away, its
// policies (docs/protocol.md 20.5).
import { H, equal, hex, utf8 } from './bytes.mjs';
import { fingerprint, logName, nextHash, readCard, rootName } from './card.mjs';
import { kPlain, lineOf } from './note.mjs';
import { checkPolicy, parsePolicy } from './policy.mjs';
import { orNull } from './refused.mjs';
import { readTakenRevocation } from './revocation.mjs';

const kRecovery = 'recovery';

// How a card follows the one before; null: it does not.
function stepOf(before, after) {
  if (after.serial !== before.serial + 1n || !equal(after.prev, before.id)) return null;
  if (equal(after.root, before.root)) return 'update';
  if (!equal(nextHash(after.root), before.next)) return null;
  const signed = lineOf(after.note, { name: rootName(after.party), type: kPlain, key: before.root });
  if (signed === 'wrong') return null;
  return signed ? 'rotation' : kRecovery;
}

// {cards, steps}: steps[i] leads to card i; null if the chain is broken.
function readChain(name, files) {
  const cards = [];
  const steps = [null];
  for (const { id, data } of files) {
    const card = orNull(() => readCard(data));
    if (card === null || card.party !== name || String(card.serial).padStart(10, '0') !== id) return null;
    if (cards.length > 0) {
      const step = stepOf(cards.at(-1), card);
      if (step === null) return null;
      steps.push(step);
    }
    cards.push(card);
  }
  return { cards, steps };
}

// For each card: does the given root lead to it?
function leads(name, { cards, steps }, given) {
  const out = cards.map((c) => given !== undefined && equal(fingerprint(name, c.root), given));
  for (let i = 1; i < out.length; i++) out[i] ||= out[i - 1];
  for (let i = out.length - 1; i > 0; i--) out[i - 1] ||= out[i] && steps[i] !== kRecovery;
  return out;
}

const kKeyOf = { sign: (c) => c.sign, log: (c) => c.log.key, witness: (c) => c.witness };
const kScopes = { sign: ['all', 'sign'], log: ['all'], witness: ['all'] };

export class Holder {
  // files: {card, revoke, policy}; given: a fingerprint, or undefined.
  constructor(name, files, given) {
    this.name = name;
    this.given = given;
    this.hasCards = files.card.length > 0;
    const chain = readChain(name, files.card);
    this.isBroken = chain === null;
    this.cards = chain?.cards ?? [];
    this.leads = chain ? leads(name, chain, given) : [];
    this.readRevocations(files.revoke);
    this.readPolicies(files.policy);
  }

  readRevocations(files) {
    const notes = files.map(({ id, data }) => {
      const note = orNull(() => readTakenRevocation(data));
      return note && note.party === this.name && hex(note.id).startsWith(id) ? note : null;
    });
    this.hasBadRevocation = notes.includes(null);
    this.revocations = notes.flatMap((note) => {
      const at = note ? this.find(note.card) : -1;
      if (at < 0) return [];
      const speaks = (c) => equal(note.key, c.root) || equal(nextHash(note.key), c.next);
      return this.cards.slice(at).some(speaks) ? [{ ...note, named: this.cards[at] }] : [];
    });
  }

  readPolicies(files) {
    const policies = files.map(({ id, data }) => {
      const p = orNull(() => parsePolicy(data));
      if (p === null || p.party !== this.name || String(p.serial).padStart(16, '0') !== id) return null;
      const at = this.findLog(p.log);
      if (at < 0) return { ...p, isOfNoCard: true };
      return orNull(() => checkPolicy(p, this.cards[at].log.key)) && p;
    });
    this.hasBadPolicy = policies.includes(null);
    this.policies = policies.filter((p) => p !== null && !p.isOfNoCard);
  }

  // Place in the chain of the card of this id; -1: none.
  find(id) { return this.cards.findIndex((c) => equal(c.id, id)); }

  // The newest card that names this log: what leads to an earlier one leads to it too.
  findLog(log) { return this.cards.findLastIndex((c) => logName(c.party, c.log.generation) === log); }

  // Why there is no card, where find or findLog say -1.
  get missing() { return this.hasCards && this.isBroken ? 'CHAIN' : 'ABSENT'; }

  // Since when, in seconds, a revocation takes this key away; null: none.
  since(at, kind) {
    const key = kKeyOf[kind](this.cards[at]);
    const times = this.revocations
      .filter((r) => kScopes[kind].includes(r.scope) && equal(kKeyOf[kind](r.named), key))
      .map((r) => r.since);
    return times.length > 0 ? times.reduce((a, b) => (b < a ? b : a)) : null;
  }

  // isOlder(since): does something show that the object is older?
  standing(at, kind, isOlder = () => false) {
    if (this.given === undefined) return 'NO_ROOT';
    if (!this.leads[at]) return 'OTHER_ROOT';
    const since = this.since(at, kind);
    return since !== null && !isOlder(since) ? 'REVOKED' : 'OK';
  }

  // Its witness keys, each once, with the place of its newest card.
  witnessKeys() {
    return this.cards.map((c, at) => ({ at, key: c.witness }))
      .filter(({ at, key }) => !this.cards.slice(at + 1).some((c) => equal(c.witness, key)));
  }
}

export const idOfNote = (text) => hex(H(utf8(text))).slice(0, 16);
