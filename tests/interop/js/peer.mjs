#!/usr/bin/env node
// A peer in JavaScript, written from docs/protocol.md and tests/vectors alone.
//   peer.mjs judge            reads the lines of tests/interop/README.md, one answer for each "judge"
//   peer.mjs make SEED COUNT  writes COUNT worlds of valid objects
import { createInterface } from 'node:readline';
import { makeWorld } from './lib/make.mjs';
import { Judge } from './lib/world.mjs';

async function judge() {
  const judge = new Judge();
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    const answer = await judge.line(line);
    if (answer !== null) process.stdout.write(answer + '\n');
  }
}

async function make(seed, count) {
  for (let i = 0; i < count; i++) {
    process.stdout.write((await makeWorld(`${seed}/${i}`)).join('\n') + '\n');
  }
}

const [what, seed, count] = process.argv.slice(2);
if (what === 'judge') await judge();
else if (what === 'make' && count) await make(seed, Number(count));
else {
  console.error('usage: peer.mjs judge | peer.mjs make SEED COUNT');
  process.exit(2);
}
