// What a judge knows, told in lines; and what it is asked (tests/interop/README.md).
import { fromBase64, hex, unhex } from './bytes.mjs';
import { readCard, succession } from './card.mjs';
import { readCheckpoint } from './checkpoint.mjs';
import { x25519Public } from './curve.mjs';
import { readIntro } from './intro.mjs';
import { readCertificate } from './officer.mjs';
import { codeOf, receive } from './receive.mjs';
import { Refused } from './refused.mjs';
import { kidOf, readSchedule } from './schedule.mjs';

const freshWorld = () => ({ party: '', keys: [], now: 0n, peers: new Map(), sent: [], pskOf: () => undefined });

const kLevels = { NONE: 0, INTRODUCED: 1, VERIFIED: 2 };

const kTold = {
  world: () => freshWorld(),
  own(w, party) { w.party = party; },
  now(w, ms) { w.now = BigInt(ms); },
  sealing(w, secret) {
    const key = unhex(secret);
    w.keys.push({ secret: key, kid: kidOf(1, x25519Public(key)) });
  },
  peer(w, level, note) {
    const card = readCard(fromBase64(note));
    w.peers.set(card.party, { level: kLevels[level], card, old: [] });
    w.subject = card;
  },
  old(w, note) { // of the peer told last, newest first
    w.peers.get(w.subject.party).old.push(readCard(fromBase64(note)));
  },
  sent(w, rid, created, to) {
    w.sent.push({ rid: unhex(rid), created: BigInt(created), to: to.split(',') });
  },
};

// Kinds of objects. What is told of one that is accepted is its meaning in hex or words.
const kJudges = {
  card: (w, b) => hex(readCard(b).id),
  succession: (w, b) => succession(w.subject, b),
  schedule: (w, b) => hex(readSchedule(b, w.subject).id),
  certificate: (w, b) => hex(readCertificate(b, w.subject).id),
  checkpoint: (w, b) => hex(readCheckpoint(b, w.subject).id),
  intro: (w, b) => hex(readIntro(b).id),
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
      const code = kind === 'envelope' ? codeOf(e.rule) + (e.words ? `=${e.words}` : '') : '-';
      return `refuse ${code} ${e.rule}`;
    }
  }
}

