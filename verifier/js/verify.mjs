#!/usr/bin/env node
// The second verifier at the command line (docs/protocol.md 20.7): reads files, prints verdicts.
import { readFileSync } from 'node:fs';
import { equal } from './lib/bytes.mjs';
import { checkBundle, kUnreadable } from './lib/check.mjs';
import { kClaims } from './lib/claim.mjs';
import { readRoot } from './lib/roots.mjs';
import { Words, jsonOf, kLanguages, parseWords } from './lib/words.mjs';

const kHelp = `Checks an evidence bundle of Focal: what it claims is PROVED, NOT SHOWN or BROKEN.

  verify.mjs FILE [--root PARTY=FP | --root CODE]... [--json] [--require CLAIM,...] [--lang L]
  verify.mjs --batch FILE... [the same]

  --root PARTY=FP   fingerprint of that party's root key: 64 hexadecimal digits. You have it from
                    the party itself, on another way. Without it nothing it signed is proved.
  --root CODE       the same as the text of a printed code, FOCAL:1:...
  --json            one line of JSON
  --batch           many files, one line of JSON each
  --require A,B     exit status 1 unless all claims of these names are proved
  --lang L          ${kLanguages.join(', ')}

Claims: ${kClaims.join(' ')}
Exit status: 0 nothing is broken; 1 broken, unreadable, or something required is not proved; 2 usage.

Example: verify.mjs case.focalproof --root XA=$(cat xa.fingerprint) --require SIGNED,ACCEPTED
`;

function wrong(text) {
  process.stderr.write(`${text}\nNext: verify.mjs --help\n`);
  process.exit(2);
}

function addRoot(options, text) {
  const root = readRoot(text);
  if (root === null) wrong(`This is no fingerprint: ${text}`);
  const before = options.roots.get(root.party);
  if (before !== undefined && !equal(before, root.fp)) wrong(`Two fingerprints of ${root.party}`);
  options.roots.set(root.party, root.fp);
}

const kFlags = {
  '--root': (o, value) => addRoot(o, value),
  '--require': (o, value) => {
    o.required = value.split(',');
    for (const claim of o.required) if (!kClaims.includes(claim)) wrong(`There is no claim ${claim}`);
  },
  '--lang': (o, value) => {
    if (!kLanguages.includes(value)) wrong(`No language ${value}: ${kLanguages.join(', ')}`);
    o.language = value;
  },
};

function optionsOf(args) {
  const o = { roots: new Map(), required: [], language: 'en', files: [], isJson: false, isBatch: false };
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    if (arg === '--help') {
      process.stdout.write(kHelp);
      process.exit(0);
    } else if (arg === '--json') o.isJson = true;
    else if (arg === '--batch') o.isBatch = true;
    else if (kFlags[arg]) {
      if (i + 1 === args.length) wrong(`${arg} wants a value`);
      kFlags[arg](o, args[++i]);
    } else if (arg.startsWith('-')) wrong(`No option ${arg}`);
    else o.files.push(arg);
  }
  if (o.files.length === 0) wrong('Which file?');
  if (o.files.length > 1 && !o.isBatch) wrong('One file, or --batch');
  return o;
}

function verdictOf(file, roots) {
  let bytes;
  try {
    bytes = new Uint8Array(readFileSync(file));
  } catch (e) {
    process.stderr.write(`${file} cannot be read: ${e.code}\n`);
    return kUnreadable;
  }
  return checkBundle(bytes, roots);
}

const isGood = (verdict, required) => verdict.verdict !== 'BROKEN' && required.every((name) => {
  const claims = verdict.claims.filter((c) => c.claim === name);
  return claims.length > 0 && claims.every((c) => c.verdict === 'PROVED');
});

function humanText(verdict, words) {
  return [words.word(`whole.${verdict.verdict}`), ...verdict.claims.map((c) => words.told(c)), ''].join('\n');
}

const options = optionsOf(process.argv.slice(2));
// The words stand beside this program where it is installed.
const tsv = readFileSync(new URL('./data/verdict_words.tsv', import.meta.url), 'utf8');
const words = new Words(parseWords(tsv), options.language);
let good = true;
for (const file of options.files) {
  const verdict = verdictOf(file, options.roots);
  good = isGood(verdict, options.required) && good;
  if (options.isJson || options.isBatch) process.stdout.write(`${jsonOf(verdict, words, options.isBatch ? file : undefined)}\n`);
  else process.stdout.write(humanText(verdict, words));
}
process.exitCode = good ? 0 : 1;
