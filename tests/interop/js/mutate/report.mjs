// Compares the verdicts and counts what was hit.
import { hex } from '../lib/bytes.mjs';
import { kRules } from '../lib/refused.mjs';
import { kLeast, rulesOf } from './schedule.mjs';

// Rules that no object of this version can break, and why.
const kNever = {};

const kShown = 8;      // disagreements in full
const kShownBytes = 600; // of an object, in hex

const bytesOf = (b) => (b.length <= kShownBytes ? hex(b) : `${hex(b.subarray(0, kShownBytes))}… (${b.length} bytes)`);
const wordsOf = (said) => {
  const [verdict, second, ...rest] = said.split(' ');
  return { verdict, second, rule: rest[0] };
};

export class Report {
  constructor(seed, count, mutants, answers) {
    Object.assign(this, { seed, count, answers });
    this.problems = [];
    this.fields = new Map();
    this.rules = new Map();
    this.tally = new Map();
    this.kinds = new Map();
    answers.forEach((a) => this.judge(a));
    this.checkHits(mutants);
  }
  get failed() {
    return this.problems.length > 0;
  }
  add(map, key) {
    map.set(key, (map.get(key) ?? 0) + 1);
  }
  problem(what, { object, said }) {
    this.problems.push({ what, object, said });
  }

  judge(answer) {
    const { object, said } = answer;
    const js = wordsOf(said.js);
    const others = Object.entries(said).filter(([who, text]) => who !== 'js' && text !== 'skip');
    for (const [who, text] of others) this.compare(who, wordsOf(text), js, answer);
    this.add(this.kinds, `${object.original.kind}${object.class ? ' mutated' : ''}`);
    if (!object.class) {
      if (js.verdict !== 'accept') this.problem('an unchanged object is refused', answer);
      return;
    }
    this.expect(object, js, answer);
  }

  // Equal verdicts; equal meaning of what is accepted, equal step and code of a refused envelope.
  compare(who, theirs, js, answer) {
    const same = theirs.verdict === js.verdict && (theirs.verdict === 'accept' || theirs.second !== '-' ? theirs.second === js.second : true);
    if (!same) this.problem(`${who} and js disagree`, answer);
  }

  expect(object, js, answer) {
    const { class: c, original, bytes } = object;
    for (const f of c.fields) this.add(this.fields, f);
    if (js.verdict === 'refuse') this.add(this.rules, js.rule);
    const unchanged = original.world.originals.some((o) => o.kind === original.kind && Buffer.compare(bytes, o.bytes) === 0);
    const want = c.want ?? 'refuse';
    const outcome = unchanged ? 'bytes of an original' : `${want}: ${js.verdict}`;
    this.add(this.tally, outcome);
    if (unchanged) {
      if (js.verdict !== 'accept') this.problem('bytes of an original are refused', answer);
    } else if (want === 'refuse') {
      if (js.verdict !== 'refuse') this.problem('a mutant is accepted', answer);
      const rules = rulesOf(c);
      if (rules.length > 0 && !rules.includes(js.rule)) this.problem(`refused by ${js.rule}, meant ${rules.join(' or ')}`, answer);
    } else if (want === 'keep') {
      this.expectKept(object, js, answer);
    } else if (c.word && js.second !== c.word) {
      this.problem(`read as ${js.second}, meant ${c.word}`, answer);
    }
  }

  // The order of signature lines and lines of strangers: the meaning stays, byte for byte.
  expectKept(object, js, answer) {
    const original = this.answers.find((a) => a.object.original === object.original && !a.object.class);
    const meaning = wordsOf(original.said.js).second;
    // A certificate is named by the hash of the whole note, so that it has one form only.
    const sameText = object.original.kind === 'certificate' || js.second === meaning;
    if (js.verdict !== 'accept' || !sameText) this.problem('what keeps the meaning is read otherwise', answer);
  }

  checkHits(mutants) {
    const made = mutants.length;
    if (made < this.count) this.problems.push({ what: `${made} mutations were made, not ${this.count}` });
    for (const [f, n] of this.fields) if (n < kLeast) this.problems.push({ what: `field ${f} was hit ${n} times` });
    for (const rule of Object.keys(kRules)) {
      const n = this.rules.get(rule) ?? 0;
      if (kNever[rule] === undefined && n < kLeast) this.problems.push({ what: `rule ${rule} refused ${n} times (${kRules[rule]})` });
      if (kNever[rule] !== undefined && n > 0) this.problems.push({ what: `rule ${rule} refused, though it cannot` });
    }
  }

  table(title, map) {
    const rows = [...map].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, n]) => `${String(n).padStart(6)} ${name}`);
    const width = Math.max(...rows.map((r) => r.length)) + 2;
    const columns = Math.max(1, Math.floor(110 / width));
    console.log(`\n${title}`);
    for (let i = 0; i < rows.length; i += columns) {
      console.log(rows.slice(i, i + columns).map((r) => r.padEnd(width)).join('').trimEnd());
    }
  }

  print() {
    this.table('Objects judged, by kind:', this.kinds);
    this.table('Mutations, by what is wanted and what the verdict was:', this.tally);
    this.table('Mutations, by field:', this.fields);
    this.table('Refusals, by rule (docs/protocol.md):', this.rules);
    const groups = new Map();
    for (const p of this.problems) {
      const key = `${p.what}${p.object?.class ? ` (${p.object.class.name})` : ''}`;
      groups.set(key, [...(groups.get(key) ?? []), p]);
    }
    [...groups].slice(0, 60).forEach(([key, list], i) => {
      console.log(`\nFAILED: ${key}, ${list.length} times`);
      if (list[0].object && i < kShown) this.show(list[0]);
      else if (list[0].said) Object.entries(list[0].said).forEach(([who, text]) => console.log(`  ${who.padEnd(4)} ${text.slice(0, 160)}`));
    });
    const mutated = this.answers.filter((a) => a.object.class).length;
    console.log(`\n${this.answers.length - mutated} objects and ${mutated} mutations, seed ${this.seed}: ` +
      (this.failed ? `${groups.size} failures` : 'all agree'));
  }

  show({ object, said }) {
    const { original, bytes } = object;
    console.log(`  seed ${this.seed}, kind ${original.kind}, made by ${original.world.maker}`);
    for (const [who, text] of Object.entries(said)) console.log(`  ${who.padEnd(4)} ${text.slice(0, 300)}`);
    const isText = original.kind !== 'envelope';
    console.log(isText ? Buffer.from(bytes).toString('utf8').slice(0, 2500).replace(/^/gm, '  | ') : `  ${bytesOf(bytes)}`);
  }
}
