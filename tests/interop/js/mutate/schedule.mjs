// Which mutations are made: so many, and every field and every rule at least ten times.
import { Rng } from '../lib/rng.mjs';
import { blindClasses } from './blind.mjs';
import { forkClasses, introClasses, successionClasses } from './chains.mjs';
import { codeClasses } from './codes.mjs';
import { headerClasses } from './header.mjs';
import { lintClasses } from './lints.mjs';
import { readWorlds } from './original.mjs';
import { cosignatureClass, signatureClasses } from './signatures.mjs';
import { stepClasses } from './steps.mjs';
import { textClasses } from './texts.mjs';
import { trustClasses } from './trust.mjs';
import { witnessClasses } from './witness.mjs';

export const kLeast = 10;
const kTries = 40;   // for a class that needs a certain original
const kMutantsOfWorld = 100;

export const allClasses = () => [...textClasses(), ...signatureClasses(), cosignatureClass, ...successionClasses(), ...forkClasses(), ...introClasses(),
  ...codeClasses(), ...headerClasses(), ...lintClasses(), ...stepClasses(), ...trustClasses(), ...witnessClasses(),
  ...blindClasses(['card', 'schedule', 'certificate', 'checkpoint', 'revocation', 'directory', 'intro', 'code', 'succession', 'envelope', 'policy', 'ckpt', 'proof']),
  ...blindClasses(['cosig']).map((c) => ({ ...c, want: 'agree' }))]; // what is not signed in it means nothing

export async function worldsOf(judges, seed, count) {
  const each = Math.max(4, Math.ceil(count / kMutantsOfWorld / 2));
  const worlds = [];
  for (const who of ['cpp', 'js']) worlds.push(...await readWorlds(who, await judges.make(who, seed, each)));
  return worlds;
}

export const rulesOf = (c) => (c.rule === undefined ? [] : [c.rule].flat());

// Fields, rules and verdicts that a class is for. A rule counts where it alone is meant.
export function targetsOf(c) {
  const rules = rulesOf(c);
  return [...c.fields.map((f) => `field ${f}`), ...(rules.length === 1 ? [`rule ${rules[0]}`] : []),
    ...(c.word ? [`verdict ${c.word}`] : [])];
}

// Counts how often each class and what it is for was made.
class Tally {
  constructor() {
    this.counts = new Map();
  }
  of(what) {
    return this.counts.get(what) ?? 0;
  }
  add(what) {
    this.counts.set(what, this.of(what) + 1);
  }
}

async function mutantOf(c, originals, rng) {
  const fitting = originals.filter((o) => o.kind === c.kind);
  for (let n = 0; n < kTries; n++) {
    const original = rng.pick(fitting);
    const made = await c.make(rng, original);
    if (made === null) continue;
    // What else the judges are told for this object alone.
    const { bytes, told } = made.told ? made : { bytes: made };
    return { class: c, original, bytes: Uint8Array.from(bytes), told };
  }
  return null;
}

// Every class once where there is room for it, and in any case those about how parties stand; then
// what was hit least, and what was made least of that. due: the classes that had to be made. (Of the
// others some fit no object: there is nothing behind the last field that could stand before it.)
export async function makeMutants(worlds, seed, count) {
  const rng = new Rng(`mutations ${seed}`);
  const originals = worlds.flatMap((w) => w.originals);
  const classes = allClasses();
  const tally = new Tally();
  const out = [];
  const make = async (c) => {
    tally.add(c);
    const mutant = await mutantOf(c, originals, rng);
    if (!mutant) return;
    out.push(mutant);
    targetsOf(c).forEach((t) => tally.add(t));
  };
  const due = classes.filter((c) => c.always);
  for (const c of count > classes.length ? classes : due) await make(c);
  for (const target of rng.shuffled([...new Set(classes.flatMap(targetsOf))])) {
    const fitting = rng.shuffled(classes.filter((c) => targetsOf(c).includes(target)));
    for (let n = 0; tally.of(target) < kLeast && n < 20 * kLeast; n++) {
      await make(fitting.reduce((a, b) => (tally.of(b) < tally.of(a) ? b : a)));
    }
  }
  // A fifth of the rest by those that let all agree on whatever comes out.
  const free = classes.filter((c) => c.want === 'agree');
  while (out.length < count) await make(rng.pick(rng.chance(20) ? free : classes));
  return { mutants: out, due };
}
