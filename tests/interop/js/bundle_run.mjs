#!/usr/bin/env node
// Goal: the verifier in JavaScript says of every bundle what docs/protocol.md section 20 says.
// Method: bundles made with keys of our own are never broken; seeded mutations of every kind of
// file and field, signed again or not, have the verdict that the section gives them; each reason
// and each rule of the form is hit ten times at least; blind mutations make nothing better.
//   bundle_run.mjs REPOSITORY [FOLDER VERIFIER]
// VERIFIER: another program with the same command line (20.7). It has to say the same, byte for
// byte, of each bundle; FOLDER keeps the one it was asked about last.
// FOCAL_INTEROP_MUTATIONS (default 1000; more where something was not seen ten times by then),
// FOCAL_INTEROP_SEED (default 1).
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { kArchiveMutations, kKept, ruleOf } from './bundles/archive.mjs';
import { blindMutant, kindOf } from './bundles/blind.mjs';
import { kChainMutations } from './bundles/chains.mjs';
import { kSignedMutations } from './bundles/signed.mjs';
import { World, pack } from './bundles/world.mjs';
import { kReadmeHash } from './lib/bundle.mjs';
import { H, hex } from './lib/bytes.mjs';
import { checkBundle } from './lib/check.mjs';
import { kReasons } from './lib/claim.mjs';
import { Rng } from './lib/rng.mjs';
import { Words, jsonOf, kLanguages, parseWords } from './lib/words.mjs';

const repository = process.argv[2] ?? '.';
const read = (name) => new Uint8Array(readFileSync(`${repository}/${name}`));
const readme = read('node/evidence/data/readme.txt');
const tables = parseWords(new TextDecoder().decode(read('node/evidence/data/verdict_words.tsv')));
const english = new Words(tables, 'en');
const count = Number(process.env.FOCAL_INTEROP_MUTATIONS ?? 1000);
const seed = Number(process.env.FOCAL_INTEROP_SEED ?? 1);
const kLeast = 10;

const failures = [];
const hits = new Map();
const hit = (what) => hits.set(what, (hits.get(what) ?? 0) + 1);
function fail(name, verdict) {
  failures.push(name);
  if (failures.length > 20) return;
  console.error(`FAILED ${name} (seed ${seed})`);
  for (const c of verdict?.claims ?? []) if (c.verdict !== 'PROVED') console.error(`  ${c.claim} ${c.party} ${c.by} ${c.verdict} ${c.reason}`);
}

const [folder, other] = process.argv.slice(3);
if (folder !== undefined) mkdirSync(folder, { recursive: true });
let judged = 0;

function compare(bytes, roots, verdict) {
  const language = kLanguages[judged % kLanguages.length];
  const file = `${folder}/asked.focalproof`;
  writeFileSync(file, bytes);
  const given = [...roots].flatMap(([party, fp]) => ['--root', `${party}=${hex(fp)}`]);
  const out = spawnSync(other, [file, ...given, '--json', '--lang', language], { encoding: 'utf8', maxBuffer: 1 << 26 });
  const due = `${jsonOf(verdict, new Words(tables, language))}\n`;
  if (out.stdout === due && out.status === (verdict.verdict === 'BROKEN' ? 1 : 0)) return;
  writeFileSync(`${folder}/differs-${judged}.focalproof`, bytes);
  fail(`${other} differs about bundle ${judged} (kept): status ${out.status}\n  here  ${due}  there ${out.stdout}${out.stderr}`);
}

// Every verdict goes through here: it has words in all languages.
function judge(bytes, roots) {
  const verdict = checkBundle(bytes, roots);
  judged++;
  if (other !== undefined) compare(bytes, roots, verdict);
  for (const c of verdict.claims) hit(`reason ${c.reason}`);
  for (const language of kLanguages) JSON.parse(jsonOf(verdict, new Words(tables, language)));
  return verdict;
}

const textOf = (verdict) => jsonOf(verdict, english);
const holds = (verdict, [claim, told, reason, party]) => verdict.claims.some(
  (c) => c.claim === claim && c.verdict === told && c.reason === reason && (party === undefined || c.party === party));

// Worlds as they are: no claim is broken; a plain one is proved.
const kWorlds = 12;
const worlds = [];
for (let i = 0; i < kWorlds; i++) {
  const plain = i % 3 === 0;
  const world = new World(`${seed}/${i}`, { plain });
  const bytes = pack(world.files, readme);
  const verdict = judge(bytes, world.roots);
  if (verdict.verdict === 'BROKEN' || (plain && verdict.verdict !== 'PROVED')) fail(`an unmutated bundle, world ${i}`, verdict);
  for (const name of world.files.keys()) hit(`made ${kindOf(name)}`);
  worlds.push({ world, bytes, verdict, plain });
}
const plainWorlds = worlds.filter((w) => w.plain);

// What a class is to show.
const toldOf = (m) => (m.rule ? `rule ${m.rule}` : m.expect ? `told ${m.expect.slice(0, 3).join(' ')}` : 'kept');

function runSigned(mutation, round) {
  const world = new World(`${seed}/m${round % 4}`, { plain: true, hooks: mutation.hooks });
  const roots = mutation.roots ? mutation.roots(world) : world.roots;
  const verdict = judge(pack(world.files, readme), roots);
  const due = Object.keys(mutation.hooks).filter((h) => !h.startsWith('steps '));
  if (!holds(verdict, mutation.expect)) fail(`${mutation.name}: not ${mutation.expect.join(' ')}`, verdict);
  if (due.some((h) => !world.hits.has(h))) fail(`${mutation.name}: it changed nothing`);
  if (mutation.expect[1] !== 'PROVED' && verdict.verdict === 'PROVED') fail(`${mutation.name}: the whole is PROVED`, verdict);
  hit(toldOf(mutation));
}

function runArchive(mutation, round, rng) {
  const { world, bytes } = plainWorlds[round % plainWorlds.length];
  const made = mutation.make({ world, bytes, readme, rng });
  const verdict = judge(made, world.roots);
  const rule = ruleOf(made);
  if (verdict.claims.length !== 1 || !holds(verdict, mutation.expect)) fail(`${mutation.name}: not ${mutation.expect.join(' ')}`, verdict);
  if (mutation.rule !== null && rule !== mutation.rule) fail(`${mutation.name}: ${rule}, not ${mutation.rule}`);
  hit(toldOf(mutation));
  if (rule !== mutation.rule) hit(`rule ${rule}`);
}

function runKept(mutation, round, rng) {
  const { world, bytes, verdict } = worlds[round % worlds.length];
  const now = judge(mutation.make({ world, bytes, readme, rng }), world.roots);
  if (textOf(now) !== textOf(verdict)) fail(`${mutation.name}: the verdict is another`, now);
  hit(toldOf(mutation));
}

const kRank = { BROKEN: 0, INCOMPLETE: 1, PROVED: 2 };

// The one that was hit least.
const rarest = (list, nameOf) => list.reduce((a, b) => ((hits.get(nameOf(b)) ?? 0) < (hits.get(nameOf(a)) ?? 0) ? b : a));
const kinds = [...new Set(worlds.flatMap((w) => [...w.world.files.keys()].map(kindOf)))];

function runBlind(round, rng) {
  const kind = rarest(kinds, (k) => `file ${k}`);
  const { world, verdict } = rng.pick(worlds.filter((w) => [...w.world.files.keys()].some((n) => kindOf(n) === kind)));
  const stranger = rng.pick(worlds.filter((w) => w.world !== world)).world;
  const mutant = blindMutant(rng, kind, world, stranger, readme);
  if (mutant === null) return;
  const now = judge(mutant.bytes, world.roots);
  const what = `${mutant.how} of ${mutant.name}, round ${round}`;
  // Without a revocation or a policy less is known against a key: that is stated in 20.6.
  const takesAway = /^(revoke|policy)\//.test(mutant.name) && mutant.how === 'removed';
  if (!mutant.isFree && !takesAway && textOf(now) === textOf(verdict)) fail(`${what}: nobody noticed`, now);
  if (!takesAway && kRank[now.verdict] > kRank[verdict.verdict]) fail(`${what}: it got better`, now);
  hit(`file ${kindOf(mutant.name)}`);
  hit(`how ${mutant.how}`);
  hit(`blind ${now.verdict}`);
}

const rng = new Rng(`bundle mutations ${seed}`);
const kClasses = [
  ...[...kSignedMutations, ...kChainMutations].map((m) => ({ told: toldOf(m), run: (round) => runSigned(m, round) })),
  ...kArchiveMutations.map((m) => ({ told: toldOf(m), run: (round) => runArchive(m, round, rng) })),
  ...kKept.map((m) => ({ told: toldOf(m), run: (round) => runKept(m, round, rng) })),
];
for (const [i, c] of kClasses.entries()) c.run(i);
const due = new Set([...kReasons.map((r) => `reason ${r}`), ...kinds.map((k) => `file ${k}`), ...kClasses.map((c) => c.told)]);
const isRare = (what) => (hits.get(what) ?? 0) < kLeast;
// So many, and as many more as it takes to see each thing often enough.
for (let i = 0, left = count - kClasses.length; i < left || (i < 2 * count && [...due].some(isRare)); i++) {
  if (i % 3 === 0) runBlind(i, rng);
  else rarest(rng.shuffled(kClasses), (c) => c.told).run(i);
}

// The tables.
for (const what of [...new Set([...due, ...hits.keys()])].sort()) console.log(`${String(hits.get(what) ?? 0).padStart(7)}  ${what}`);
for (const what of due) if (isRare(what)) fail(`${what}: hit ${hits.get(what) ?? 0} times`);
if (hex(H(readme)) !== kReadmeHash) fail('the README of the repository is not that of version 1');
const protocol = new TextDecoder().decode(read('docs/protocol.md'));
if (!protocol.includes(`\`\`\`\n${new TextDecoder().decode(readme)}\`\`\``)) fail('section 20.8 has another README.txt');
console.log(`${kClasses.length} classes, ${failures.length} failures`);
process.exitCode = failures.length > 0 ? 1 : 0;
