#!/usr/bin/env node
// Goal: independent implementations agree on every object, right or wrong.
// Method: worlds of valid objects made by C++ and by this peer, and seeded mutations of them
// that touch every field and every rule, are judged by C++, JavaScript and Go; whoever
// takes what the others refuse, or reads something else in it, fails the test.
//   run.mjs FOLDER INTEROP_PEER GO_PEER
// FOCAL_INTEROP_MUTATIONS (default 1000), FOCAL_INTEROP_SEED (default 1).
import { mkdirSync } from 'node:fs';
import { Judges } from './mutate/judges.mjs';
import { makeMutants, worldsOf } from './mutate/schedule.mjs';
import { Report } from './mutate/report.mjs';

const [folder, cpp, go] = process.argv.slice(2);
if (!go) {
  console.error('usage: run.mjs FOLDER INTEROP_PEER GO_PEER');
  process.exit(2);
}
const count = Number(process.env.FOCAL_INTEROP_MUTATIONS ?? 1000);
const seed = Number(process.env.FOCAL_INTEROP_SEED ?? 1);
mkdirSync(folder, { recursive: true });
const judges = new Judges(folder, { cpp, go });
const worlds = await worldsOf(judges, seed, count);
const { mutants, due } = await makeMutants(worlds, seed, count);
const answers = await judges.ask(worlds, mutants);
const report = new Report(seed, count, due, answers);
report.print();
process.exitCode = report.failed ? 1 : 0;
