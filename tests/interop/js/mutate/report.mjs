// Compares the verdicts and counts what was hit.
import { hex } from '../lib/bytes.mjs';
import { kRules } from '../lib/refused.mjs';
import { kVerdicts } from '../lib/succession.mjs';
import { mustJudge } from './judges.mjs';
import { allClasses, kLeast, rulesOf, targetsOf } from './schedule.mjs';

// Rules that no object of this version can break, and why.
const kNever = { 'path.text': 'paths of batches stand in bundles alone' };

const kShown = 8;      // disagreements in full
const kShownBytes = 600; // of an object, in hex

const bytesOf = (b) => (b.length <= kShownBytes ? hex(b) : `${hex(b.subarray(0, kShownBytes))}… (${b.length} bytes)`);
const wordsOf = (said) => {
  const [verdict, second, ...rest] = said.split(' ');
  return { verdict, second, rule: rest[0] };
};

export class Report {
  // due: classes that had to be made at least once.
  constructor(seed, count, due, answers) {
    Object.assign(this, { seed, count, answers });
    this.problems = [];
    this.fields = new Map();
    this.rules = new Map();
    this.tally = new Map();
    this.verdicts = new Map();
    this.kinds = new Map();
    this.judged = new Map();
    answers.forEach((a) => this.judge(a));
    this.checkMade(due);
    this.checkHits();
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
    for (const [who, text] of Object.entries(said)) {
      const must = mustJudge(who, object.original.kind);
      // Told once, not for each class: whoever skips skips much.
      const once = { ...answer, object: { ...object, class: undefined } };
      if (must === (text === 'skip')) this.problem(must ? `${who} skips what it has to judge` : `${who} judges what it was said not to know`, once);
      if (text === 'skip') continue;
      this.add(this.judged, who);
      if (who !== 'js') this.compare(who, wordsOf(text), js, answer);
    }
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
    const { class: c, original, bytes, told } = object;
    if (js.verdict === 'refuse') this.add(this.rules, js.rule);
    // An original is no mutation, unless the world around it is another one.
    const unchanged = !told && !c.word && original.world.originals.some((o) => o.kind === original.kind && Buffer.compare(bytes, o.bytes) === 0);
    const want = c.want ?? 'refuse';
    const outcome = unchanged ? 'bytes of an original' : `${want}: ${js.verdict}`;
    this.add(this.tally, outcome);
    if (!unchanged) for (const f of c.fields) this.add(this.fields, f);
    if (c.word && js.second === c.word) this.add(this.verdicts, c.word);
    if (unchanged) {
      if (js.verdict !== 'accept') this.problem('bytes of an original are refused', answer);
    } else if (want === 'refuse') {
      if (js.verdict !== 'refuse') this.problem('a mutant is accepted', answer);
      const rules = rulesOf(c);
      if (rules.length > 0 && !rules.includes(js.rule)) this.problem(`refused by ${js.rule}, meant ${rules.join(' or ')}`, answer);
    } else if (want === 'accept') {
      if (js.verdict !== 'accept') this.problem('what all have to take is refused', answer);
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

  checkMade(due) {
    const mutants = this.answers.map((a) => a.object.class).filter((c) => c);
    if (mutants.length < this.count) this.fault(`${mutants.length} mutations were made, not ${this.count}`);
    const made = new Set(mutants.map((c) => c.name));
    for (const c of due) if (!made.has(c.name)) this.fault(`of the class '${c.name}' nothing was made`);
  }

  // What is named anywhere was hit often enough; what was never hit stands in no table.
  checkHits() {
    const named = new Set([...allClasses().flatMap(targetsOf), ...allClasses().flatMap(rulesOf).map((r) => `rule ${r}`),
      ...Object.keys(kRules).map((r) => `rule ${r}`), ...kVerdicts.map((v) => `verdict ${v}`)]);
    for (const target of named) {
      const [, what, name] = /^(\S+) (.*)$/.exec(target);
      const n = { field: this.fields, rule: this.rules, verdict: this.verdicts }[what].get(name) ?? 0;
      if (what === 'rule' && kRules[name] === undefined) this.fault(`no rule ${name}`);
      if (kNever[name] === undefined && n < kLeast) this.fault(`${target} was hit ${n} times`);
      if (kNever[name] !== undefined && n > 0) this.fault(`${target} was hit, though it cannot`);
    }
  }
  fault(what) {
    this.problems.push({ what });
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
    this.table('Verdicts about successors that were meant:', this.verdicts);
    this.table('Verdicts given, by judge:', this.judged);
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
    const { original, bytes, told } = object;
    console.log(`  seed ${this.seed}, kind ${original.kind}, made by ${original.world.maker}`);
    for (const line of told ?? []) console.log(`  told ${line.slice(0, 200)}`);
    for (const [who, text] of Object.entries(said)) console.log(`  ${who.padEnd(4)} ${text.slice(0, 300)}`);
    const isText = original.kind !== 'envelope';
    console.log(isText ? Buffer.from(bytes).toString('utf8').slice(0, 2500).replace(/^/gm, '  | ') : `  ${bytesOf(bytes)}`);
  }
}
