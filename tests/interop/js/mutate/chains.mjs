// How a card stands to the pinned one (docs/protocol.md 3.2), and introduction files (3.4).
import { concat, toBase64, utf8 } from '../lib/bytes.mjs';
import { rootName, nextHash } from '../lib/card.mjs';
import { kPlain } from '../lib/note.mjs';
import { keyOf } from '../lib/party.mjs';
import { joined, openText, signText } from './text.mjs';

// A valid card made from the one that updates the pinned one: other lines, other roots.
// word: what both have to find.
function successor(name, word, change) {
  return {
    name: `succession: ${name}`, kind: 'succession', fields: ['succession'], want: 'agree', word,
    make(rng, original) {
      const { world } = original;
      const pinned = world.state.subject;
      const { lines, signers } = openText({ ...original, bytes: updateOf(world) });
      const set = (key, value) => { const i = lines.findIndex((l) => l.startsWith(key + ' ')); lines[i] = `${key} ${value}`; };
      const root = signers.find((s) => s.name.endsWith('/root'));
      const roots = change({ set, pinned, world, rng }) ?? [root.pk];
      const others = signers.filter((s) => s !== root);
      const named = roots.map((pk) => ({ name: rootName(pinned.party), type: kPlain, pk, t: 0n }));
      return signText(joined(lines), [...named, ...others], world);
    },
  };
}

const updateOf = (world) => world.originals.find((o) => o.kind === 'succession').bytes;

// A key that the world learns, so that it can sign.
function newKey(world, rng) {
  const key = keyOf(rng.bytes(32));
  world.seeds.set(Buffer.from(key.pk).toString('hex'), key.seed);
  return key.pk;
}
const nextRoot = (world, pinned) => [...world.seeds.keys()].map((h) => new Uint8Array(Buffer.from(h, 'hex')))
  .find((pk) => Buffer.compare(nextHash(pk), pinned.next) === 0);

export const successionClasses = () => [
  successor('an update', 'update', () => null),
  successor('another predecessor', 'refused', ({ set, rng }) => { set('prev', toBase64(rng.bytes(32))); }),
  successor('a gap', 'gap', ({ set, pinned, rng }) => { set('serial', pinned.serial + BigInt(rng.pick([2, 3, 1000000]))); }),
  successor('the same serial', 'fork', ({ set, pinned }) => { set('serial', pinned.serial); set('prev', toBase64(pinned.prev)); }),
  successor('a lower serial', 'older', ({ set }) => { set('serial', '1'); set('prev', 'none'); }),
  successor('a root that was not committed to', 'refused', ({ set, world, rng }) => {
    const pk = newKey(world, rng);
    set('root', toBase64(pk));
    return [pk];
  }),
  successor('a root that was not committed to, signed by the old one too', 'alarm', ({ set, world, pinned, rng }) => {
    const pk = newKey(world, rng);
    set('root', toBase64(pk));
    return rng.shuffled([pk, pinned.root]);
  }),
  successor('the next root alone', 'recovery', ({ set, world, pinned, rng }) => {
    const pk = nextRoot(world, pinned);
    set('root', toBase64(pk));
    set('next', toBase64(rng.bytes(32)));
    return [pk];
  }),
  successor('the next root with the old one', 'rotation', ({ set, world, pinned, rng }) => {
    const pk = nextRoot(world, pinned);
    set('root', toBase64(pk));
    set('next', toBase64(rng.bytes(32)));
    return rng.shuffled([pk, pinned.root]);
  }),
  {
    name: 'succession: the pinned card', kind: 'succession', fields: ['succession'], want: 'agree', word: 'same',
    make: (rng, original) => original.world.originals.filter((o) => o.kind === 'card')[1].bytes,
  },
  {
    name: 'succession: a bit, not signed again', kind: 'succession', fields: ['succession'], rule: undefined,
    make(rng, original) {
      const out = Uint8Array.from(original.bytes);
      out[rng.below(out.length)] ^= 1 << rng.below(7);
      return out;
    },
  },
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
