// What a judge knows, told in lines; and what it is asked (tests/interop/README.md).
import { fromBase64, fromUtf8, hex, unhex } from './bytes.mjs';
import { readCard } from './card.mjs';
import { readCheckpoint } from './checkpoint.mjs';
import { readCode } from './code.mjs';
import { x25519Public } from './curve.mjs';
import { readDirectory } from './directory.mjs';
import { readFork } from './fork.mjs';
import { readClaims } from './hello.mjs';
import { readIntro } from './intro.mjs';
import { day } from './lines.mjs';
import { readCertificate } from './officer.mjs';
import { firstKey, weekOf } from './pair.mjs';
import { codeOf, receive } from './receive.mjs';
import { Refused } from './refused.mjs';
import { readRevocation, readTakenRevocation } from './revocation.mjs';
import { kidOf, readSchedule } from './schedule.mjs';
import { readLeafProof } from './leaf_proof.mjs';
import { keyOf } from './party.mjs';
import { succession } from './succession.mjs';
import { readPolicy, takeCosig, witness } from './witness.mjs';

const freshWorld = () => ({ party: '', keys: [], now: 0n, peers: new Map(), sent: [], here: [], pairs: [], approves: new Set(), cosigned: null });

// So that what is told later does not change the first one.
const copyOf = (w) => ({
  ...w, sent: [...w.sent], here: [...w.here], approves: new Set(w.approves),
  peers: new Map([...w.peers].map(([name, p]) => [name, { ...p, old: [...p.old], held: [...p.held], revoked: [...p.revoked] }])),
});

const toldLast = (w) => w.peers.get(w.subject.party);

const kLevels = { NONE: 0, INTRODUCED: 1, VERIFIED: 2 };

const kTold = {
  world: () => freshWorld(),
  own(w, party) { w.party = party; },
  now(w, ms) { w.now = BigInt(ms); },
  sealing(w, secret, monday) {
    const key = unhex(secret);
    w.keys.push({ secret: key, kid: kidOf(1, x25519Public(key)), week: weekOf(day(monday)) });
  },
  pair(w, party, secret) {
    w.pairs.push({ party, first: firstKey(unhex(secret), party, w.party) });
  },
  peer(w, level, note) {
    const card = readCard(fromBase64(note));
    w.peers.set(card.party, { level: kLevels[level], card, old: [], held: [], revoked: [], suspended: false });
    w.subject = card;
  },
  old(w, note) { // of the peer told last, newest first
    toldLast(w).old.push(readCard(fromBase64(note)));
  },
  held(w, note) { toldLast(w).held.push(readCard(fromBase64(note))); },
  revoked(w, note) {
    const told = readTakenRevocation(fromBase64(note));
    if (told.party !== w.subject.party) throw new Error(`a revocation of ${told.party}`);
    toldLast(w).revoked.push(told);
  },
  suspended(w) { toldLast(w).suspended = true; },
  witness(w, seed) { w.witness = keyOf(unhex(seed)); },
  // What is held of the log of the party told last; nothing, if no note is told.
  cosigned(w, note, lines) {
    w.cosigned = note ? { bytes: fromBase64(note), lines: fromUtf8(fromBase64(lines)) } : null;
  },
  mine(w, seed, note, policy, last) {
    w.mine = { key: keyOf(unhex(seed)).pk, note: fromBase64(note), policy: fromBase64(policy), last: BigInt(last) };
  },
  approves(w, kind) { w.approves.add(kind); },
  here(w, rid, created, status) {
    w.here.push({ rid: unhex(rid), created: BigInt(created), status });
  },
  mark: (w) => ({ ...copyOf(w), marked: w }),
  back: (w) => w.marked,
  sent(w, rid, created, to) {
    w.sent.push({ rid: unhex(rid), created: BigInt(created), to: to.split(',') });
  },
};

// Kinds of objects. What is told of one that is accepted is its meaning in hex or words.
const kJudges = {
  card: (w, b) => hex(readCard(b).id),
  succession: (w, b) => succession(w.peers.get(w.subject.party), b, [...w.peers.values()]),
  fork: (w, b) => hex(readFork(b, w.peers.get(w.subject.party))),
  revocation: (w, b) => hex(readRevocation(b, w.subject).id),
  directory: (w, b) => hex(readDirectory(b, w.subject).id),
  schedule: (w, b) => hex(readSchedule(b, w.subject).id),
  certificate: (w, b) => hex(readCertificate(b, w.subject).id),
  checkpoint: (w, b) => hex(readCheckpoint(b, w.subject).id),
  code: (w, b) => hex(readCode(b).inside),
  intro: (w, b) => hex(readIntro(b).id),
  policy: (w, b) => hex(readPolicy(b, w.subject).id),
  ckpt: (w, b) => witness(b, w, toldLast(w)),
  cosig: (w, b) => takeCosig(b, w, toldLast(w)),
  hello: (w, b) => readClaims(b),
  proof: (w, b) => readLeafProof(b, w.subject),
  async envelope(w, b) {
    const outcomes = await receive(b, w);
    const bad = outcomes.findIndex((o) => o.rule);
    const wordOf = (o) => o.rid ?? (o.leaf ? `leaf:${o.leaf}` : `!${codeOf(o.rule).split('/')[1]}`);
    const words = outcomes.map(wordOf).join(',');
    if (bad >= 0) throw Object.assign(new Refused(outcomes[bad].rule), { words });
    return words;
  },
};

export class Judge {
  constructor() {
    this.world = freshWorld();
  }
  // One line of the stream; an answer for "judge KIND BASE64", otherwise null.
  async line(text) {
    const [word, ...rest] = text.split(' ');
    if (word !== 'judge') {
      if (!kTold[word]) throw new Error(`unknown line: ${word}`);
      this.world = kTold[word](this.world, ...rest) ?? this.world;
      return null;
    }
    return this.judge(rest[0], fromBase64(rest[1]));
  }
  // "accept MEANING", or "refuse STEP/CODE RULE"; for notes STEP/CODE is "-".
  async judge(kind, bytes) {
    try {
      return `accept ${await kJudges[kind](this.world, bytes)}`;
    } catch (e) {
      if (!(e instanceof Refused)) throw e;
      const code = kind === 'envelope' ? codeOf(e.rule) + (e.words ? `=${e.words}` : '') : e.answer ?? '-';
      return `refuse ${code} ${e.rule}`;
    }
  }
}

