// A party with all its secrets, and the texts it signs, at random.
import { hex } from './bytes.mjs';
import { cardText, logName, nextHash, rootName, signName, witnessName } from './card.mjs';
import { publicKey, sign, x25519Public } from './curve.mjs';
import { formatNote, kCosign, kPlain } from './note.mjs';
import { certificateText } from './officer.mjs';
import { kidOf, scheduleText } from './schedule.mjs';

const kAuthorities = [
  'Federal Office of Police', 'Ministère de l’Intérieur', 'Главное управление', '国家中央办公室',
  'المكتب الوطني', 'Oficina  Central: 2.º piso', 'a', 'x'.repeat(255), 'é'.repeat(127), '#!"\\ 𝔉',
];

export const keyOf = (seed) => ({ seed, pk: publicKey(seed), sign: (bytes) => sign(seed, bytes) });

export const dayText = (days) => new Date(days * 86400000).toISOString().slice(0, 10);
export const dateText = (seconds) => new Date(seconds * 1000).toISOString().slice(0, 19) + 'Z';

// One signature line of each key.
export const signer = (name, type, key, t = 0n) => ({ name, type, key: key.pk, t, sign: key.sign });

export class Party {
  constructor(rng, name) {
    this.name = name;
    for (const k of ['root', 'next', 'sign', 'log', 'witness', 'officer']) this[k] = keyOf(rng.bytes(32));
    this.transport = rng.bytes(32);
    this.generation = rng.pick([1, 2, 4294967295]);
    this.seeds = () => ['root', 'next', 'sign', 'log', 'witness', 'officer'].map((k) => this[k].seed);
  }

  // issued: Unix seconds. prev, serial: of a card that follows another.
  cardFields(rng, issued, more = {}) {
    return {
      party: this.name, serial: 1n, prev: null, root: this.root.pk, next: nextHash(this.next.pk),
      issued: dateText(issued), expires: dateText(issued + rng.between(1, 800 * 86400)),
      sign: this.sign.pk, generation: this.generation, log: this.log.pk, witness: this.witness.pk,
      transport: x25519Public(this.transport),
      suites: rng.pick(['1', '1 2', '1 2 255', '1 3 5 7 9 11 13 200']),
      authority: Array.from({ length: rng.between(1, 8) }, () => rng.pick(kAuthorities)),
      ...more,
    };
  }
  cardSigners(issued, root = this.root) {
    const n = this.name;
    return [
      signer(rootName(n), kPlain, root), signer(signName(n), kPlain, this.sign),
      signer(logName(n, this.generation), kPlain, this.log),
      signer(witnessName(n), kCosign, this.witness, BigInt(issued)),
    ];
  }
  card(fields, more = []) {
    const issued = Date.parse(fields.issued) / 1000;
    const root = [this.root, this.next].find((k) => hex(k.pk) === hex(fields.root));
    return formatNote(cardText(fields), [...this.cardSigners(issued, root), ...more]);
  }
  schedule(fields) {
    return formatNote(scheduleText(fields), [signer(signName(this.name), kPlain, this.sign)]);
  }
  certificate(fields) {
    return formatNote(certificateText(fields), [signer(signName(this.name), kPlain, this.sign)]);
  }
}

const kEndpoints = [
  'tcp://198.51.100.7:7117', 'tcp://focal.example:1', 'tcp://a.b-c.example.org:65535',
  'tcp://[2001:db8::7]:7117', 'tcp://[::1]:80', 'tcp://xn--p1ai:8443', 'tcp://[1:2:3:4:5:6:7:8]:9', 'tcp://0.0.0.1:5',
];

// secrets: one for each week, the first one from the Monday at or before now (Unix seconds).
export function scheduleFields(rng, party, now, secrets) {
  const today = Math.floor(now / 86400);
  const monday = today - ((today + 3) % 7);
  const keys = secrets.map((secret, i) => {
    const key = x25519Public(secret);
    return { kid: kidOf(1, key), suite: 1, key, from: dayText(monday + 7 * i), until: dayText(monday + 7 * i + 7) };
  });
  return {
    party: party.name, sign: party.sign.pk, serial: BigInt(now),
    reach: rng.pick(['direct', 'dialout', 'relay XR', 'relay UNODA']),
    endpoints: rng.shuffled(kEndpoints).slice(0, rng.below(5)), keys,
  };
}

export const certificateFields = (rng, party, created) => ({
  party: party.name, role: rng.pick(['SUPERVISOR', 'OFFICER', 'KEY_CUSTODIAN']), key: party.officer.pk,
  from: dateText(created - rng.between(0, 86400 * 300)), until: dateText(created + rng.between(1, 86400 * 300)),
});

