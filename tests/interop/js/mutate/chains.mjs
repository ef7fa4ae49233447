// How a card stands to the pinned one (docs/protocol.md 3.2), and introduction files (3.4).
import { concat, toBase64, u32be, utf8 } from '../lib/bytes.mjs';
import { rootName, nextHash } from '../lib/card.mjs';
import { forkBytes } from '../lib/fork.mjs';
import { keyId, kPlain } from '../lib/note.mjs';
import { joined, newKey, openText, signText } from './text.mjs';

// A valid card made from the one that updates the pinned one: other lines, other roots.
// word: what both have to find. told(what change was given): what the judges are told besides.
export function successor(name, word, change, told, fields = []) {
  return {
    name: `succession: ${name}`, kind: 'succession', fields: ['succession', ...fields], want: 'agree', word, always: true,
    make(rng, original) {
      const { world } = original;
      const pinned = world.state.subject;
      const { lines, signers } = openText({ ...original, bytes: updateOf(world) });
      const set = (key, value) => { const i = lines.findIndex((l) => l.startsWith(key + ' ')); lines[i] = `${key} ${value}`; };
      const root = signers.find((s) => s.name.endsWith('/root'));
      const c = { set, pinned, world, rng, signers };
      const roots = change(c) ?? [root.pk];
      const others = signers.filter((s) => s !== root);
      const named = roots.map((pk) => ({ name: rootName(pinned.party), type: kPlain, pk, t: 0n }));
      const bytes = signText(joined(lines), [...named, ...others], world);
      return told ? { bytes, told: told(c) } : bytes;
    },
  };
}

const updateOf = (world) => world.originals.find((o) => o.kind === 'succession').bytes;

export const nextRoot = (world, pinned) => [...world.seeds.keys()].map((h) => new Uint8Array(Buffer.from(h, 'hex')))
  .find((pk) => Buffer.compare(nextHash(pk), pinned.next) === 0);

// The root named in the card, with another next root of its own.
export function byRoot({ set, rng }, pk) {
  set('root', toBase64(pk));
  set('next', toBase64(rng.bytes(32)));
}

export const theirs = (world, pinned) => [...world.state.peers.values()].find((p) => p.card.party !== pinned.party).card;

// A line of the pinned root under a card of the next one that does not verify.
function brokenLine(bytes, pinned) {
  const lines = Buffer.from(bytes).toString('utf8').split('\n');
  const at = lines.findIndex((l) => l.startsWith('\u2014') && l.split(' ')[2].startsWith(pinned));
  const words = lines[at].split(' ');
  const field = new Uint8Array(Buffer.from(words[2], 'base64'));
  field[20] ^= 1;
  lines[at] = [words[0], words[1], toBase64(field)].join(' ');
  return utf8(lines.join('\n'));
}
const idOf = (name, key) => toBase64(u32be(keyId(name, kPlain, key))).slice(0, 5);

export const successionClasses = () => [
  successor('an update', 'update', () => null),
  successor('another next root', 'new-next-root', ({ set, rng }) => { set('next', toBase64(rng.bytes(32))); }),
  successor('another predecessor', 'wrong-prev', ({ set, rng }) => { set('prev', toBase64(rng.bytes(32))); }),
  successor('the next root and another predecessor', 'wrong-prev', (c) => {
    const pk = nextRoot(c.world, c.pinned);
    byRoot(c, pk);
    c.set('prev', toBase64(c.rng.bytes(32)));
    return [pk];
  }),
  successor('a gap', 'gap', ({ set, pinned, rng }) => { set('serial', pinned.serial + BigInt(rng.pick([2, 3, 1000000]))); }),
  successor('a gap by a stranger', 'gap', (c) => {
    const pk = newKey(c.world, c.rng);
    byRoot(c, pk);
    c.set('serial', c.pinned.serial + 2n);
    return [pk];
  }),
  successor('the same serial', 'fork', ({ set, pinned }) => { set('serial', pinned.serial); set('prev', toBase64(pinned.prev)); }),
  successor('the same serial by the next root', 'fork', (c) => {
    const pk = nextRoot(c.world, c.pinned);
    byRoot(c, pk);
    c.set('serial', c.pinned.serial);
    c.set('prev', toBase64(c.rng.bytes(32)));
    return [pk];
  }),
  successor('the same serial by a stranger', 'unknown-root', (c) => {
    const pk = newKey(c.world, c.rng);
    byRoot(c, pk);
    c.set('serial', c.pinned.serial);
    return [pk];
  }),
  successor('the same serial by a stranger and the pinned root', 'fork', (c) => {
    const pk = newKey(c.world, c.rng);
    byRoot(c, pk);
    c.set('serial', c.pinned.serial);
    return c.rng.shuffled([pk, c.pinned.root]);
  }),
  successor('a lower serial', 'older', ({ set }) => { set('serial', '1'); set('prev', 'none'); }),
  successor('a root that was not announced', 'unknown-root', (c) => {
    const pk = newKey(c.world, c.rng);
    byRoot(c, pk);
    return [pk];
  }),
  successor('a root that was not announced, signed by the pinned one too', 'bad-rotation', (c) => {
    const pk = newKey(c.world, c.rng);
    byRoot(c, pk);
    return c.rng.shuffled([pk, c.pinned.root]);
  }),
  successor('the next root alone', 'recovery', (c) => {
    const pk = nextRoot(c.world, c.pinned);
    byRoot(c, pk);
    return [pk];
  }),
  successor('the next root with the pinned one', 'rotation', (c) => {
    const pk = nextRoot(c.world, c.pinned);
    byRoot(c, pk);
    return c.rng.shuffled([pk, c.pinned.root]);
  }),
  successor('the next root, from an earlier card', 'recovery-from-earlier', (c) => {
    const before = c.world.state.peers.get(c.pinned.party).old[0];
    const pk = nextRoot(c.world, before);
    byRoot(c, pk);
    c.set('serial', before.serial + 1n);
    c.set('prev', toBase64(before.id));
    return c.rng.chance(50) ? [pk] : [pk, c.pinned.root];
  }),
  successor('a key of another party', 'copied-key', (c) => {
    const key = theirs(c.world, c.pinned)[c.rng.pick(['sign', 'witness'])];
    const name = c.rng.pick(['sign', 'witness']);
    c.set(name, toBase64(key));
    const line = c.signers.find((s) => s.name.endsWith(`/${name}`));
    line.pk = key;
  }),
  successor('the transport key of another party', 'copied-transport', (c) => { c.set('transport', toBase64(theirs(c.world, c.pinned).transport)); }),
  successor('a recovery with the transport key of another party', 'recovery', (c) => {
    const pk = nextRoot(c.world, c.pinned);
    byRoot(c, pk);
    c.set('transport', toBase64(theirs(c.world, c.pinned).transport));
    return [pk];
  }),
  {
    name: 'succession: the next root, and a line of the pinned one that does not verify', kind: 'succession',
    fields: ['succession'], want: 'agree', word: 'bad-rotation', always: true,
    make(rng, original) {
      const { subject } = original.world.state;
      const good = successor('', '', (c) => {
        const pk = nextRoot(c.world, c.pinned);
        byRoot(c, pk);
        return [pk, c.pinned.root];
      }).make(rng, original);
      return brokenLine(good, idOf(rootName(subject.party), subject.root));
    },
  },
  {
    name: 'succession: the pinned card', kind: 'succession', fields: ['succession'], want: 'agree', always: true, word: 'same',
    make: (rng, original) => original.world.originals.filter((o) => o.kind === 'card')[1].bytes,
  },
  {
    name: 'succession: an earlier card', kind: 'succession', fields: ['succession'], want: 'agree', always: true, word: 'older',
    make: (rng, original) => original.world.originals.find((o) => o.kind === 'card').bytes,
  },
  {
    name: 'succession: another party', kind: 'succession', fields: ['succession'], always: true, rule: 'text.party',
    make: (rng, original) => new Uint8Array(Buffer.from(original.world.lines.find((l) => l.startsWith('peer INTRODUCED')).split(' ')[2], 'base64')),
  },
  {
    name: 'succession: a bit, not signed again', kind: 'succession', fields: ['succession'], always: true, rule: undefined,
    make(rng, original) {
      const out = Uint8Array.from(original.bytes);
      out[rng.below(out.length)] ^= 1 << rng.below(7);
      return out;
    },
  },
];

// Two notes; what they are made from.
const fork = (name, rule, make, want) => ({
  name: `fork: ${name}`, kind: 'fork', fields: ['fork proof'], rule, want,
  make(rng, original) {
    const { world } = original;
    const cards = world.originals.filter((o) => o.kind === 'card').map((o) => o.bytes);
    const one = (kind) => world.originals.find((o) => o.kind === kind).bytes;
    const notes = make({ rng, world, cards, schedule: one('schedule'), directory: one('directory'), original });
    return notes === null ? null : forkBytes(...notes);
  },
});
// Another note of the same serial by the same keys: a value of another line.
function twin(world, bytes, key, value) {
  const { lines, signers } = openText({ bytes, world });
  const i = lines.findIndex((l) => l.startsWith(key + ' '));
  lines[i] = `${key} ${value}`;
  return signText(joined(lines), signers, world);
}
const successorOf = (world, rng, change) => successor('', '', change).make(rng, { world });

export const forkClasses = () => [
  fork('two schedules', undefined, ({ world, schedule }) => [schedule, twin(world, schedule, 'reach', 'relay XT')], 'agree'),
  fork('two directories', undefined, ({ world, directory, rng }) => [directory, twin(world, directory, 'prev', toBase64(rng.bytes(32)))], 'agree'),
  fork('two cards', undefined, ({ world, cards, rng }) => rng.shuffled([cards[2], twin(world, cards[2], 'suites', '1 9')]), 'agree'),
  fork('a card by the root and one by the next root', undefined, ({ world, cards, rng }) => rng.shuffled([cards[2], successorOf(world, rng, (c) => {
    const pk = nextRoot(c.world, c.pinned);
    byRoot(c, pk);
    return [pk];
  })]), 'agree'),
  fork('a card by the root and one by a stranger that the root signed too', undefined, ({ world, cards, rng }) => rng.shuffled([cards[2], successorOf(world, rng, (c) => {
    const pk = newKey(c.world, c.rng);
    byRoot(c, pk);
    return [pk, c.pinned.root];
  })]), 'agree'),
  fork('a card by the root and one by a stranger', 'fork.key', ({ world, cards, rng }) => rng.shuffled([cards[2], successorOf(world, rng, (c) => {
    const pk = newKey(c.world, c.rng);
    byRoot(c, pk);
    return [pk];
  })])),
  fork('two cards of a stranger', 'fork.key', ({ world, rng }) => {
    let key = null;
    const made = successorOf(world, rng, (c) => { key = newKey(c.world, c.rng); byRoot(c, key); return [key]; });
    return [made, twin(world, made, 'suites', '1 9')];
  }),
  fork('the same note twice', 'fork.same', ({ rng, cards, schedule, directory }) => { const n = rng.pick([cards[1], schedule, directory]); return [n, n]; }),
  fork('other serials', 'fork.same', ({ rng, world, cards, schedule }) => rng.pick([
    () => [cards[1], cards[2]], () => [schedule, twin(world, schedule, 'serial', '77')]])()),
  fork('directories of other serials', ['fork.same', 'directory.prev'], ({ world, directory }) => [directory, twin(world, directory, 'serial', '78')]),
  fork('two types', 'fork.type', ({ rng, cards, schedule, directory }) => rng.shuffled([cards[1], schedule, directory]).slice(0, 2)),
  fork('of a type that does not fork', 'fork.type', ({ world }) => {
    const n = world.originals.find((o) => o.kind === 'revocation').bytes;
    return [n, twin(world, n, 'reason', 'another')];
  }),
  fork('a bit of one of them', undefined, ({ rng, original }) => {
    const length = new DataView(Uint8Array.from(original.bytes).buffer).getUint32(0);
    const notes = Uint8Array.from(original.bytes.subarray(4));
    notes[rng.below(notes.length)] ^= 1 << rng.below(7);
    return [notes.subarray(0, length), notes.subarray(length)];
  }),
];

const intro = (name, rule, change) => ({
  name: `intro: ${name}`, kind: 'intro', fields: ['introduction'], rule,
  make(rng, original) {
    const { originals } = original.world;
    const card = originals.filter((o) => o.kind === 'card')[1].bytes;
    const schedule = originals.find((o) => o.kind === 'schedule').bytes;
    return change({ card, schedule, rng, original });
  },
});

export const introClasses = () => [
  intro('longer than 72 KiB', 'intro.size', ({ card, schedule, rng }) => concat(card, schedule, utf8(`\u2014 stranger ${toBase64(rng.bytes(55000))}\n`))),
  intro('the schedule first', ['text.lines'], ({ card, schedule }) => concat(schedule, card)),
  intro('two cards', undefined, ({ card }) => concat(card, card)),
  intro('two schedules', undefined, ({ card, schedule }) => concat(card, schedule, schedule)),
  intro('a schedule alone', 'text.lines', ({ schedule }) => schedule),
  intro('the card of another party', ['text.party', 'schedule.sign'], ({ schedule, original }) => {
    const other = [...original.world.lines].find((l) => l.startsWith('peer INTRODUCED'));
    return concat(new Uint8Array(Buffer.from(other.split(' ')[2], 'base64')), schedule);
  }),
  intro('an empty line between', undefined, ({ card, schedule }) => concat(card, utf8('\n'), schedule)),
  intro('words behind the card', undefined, ({ card }) => concat(card, utf8('hello\n'))),
  intro('cut off', undefined, ({ card, schedule, rng }) => concat(card, schedule.subarray(0, rng.between(1, schedule.length - 1)))),
  intro('a bit changed', undefined, ({ card, schedule, rng }) => {
    const out = concat(card, schedule);
    out[rng.below(out.length)] ^= 1 << rng.below(7);
    return out;
  }),
];
