#!/usr/bin/env node
// Goal: who gets the verifier as a program or as a page gets the verdict of its library.
// Method: the words; bundles of our own through the command line (exit status, JSON, batch, languages,
// fingerprints) and through the page, in a realm without a network, and in chromium where it is
// on the machine.
//   verifier_run.mjs FOLDER VERIFIER   VERIFIER: folder of verify.mjs and focal-verify.html
import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { Page } from './bundles/page.mjs';
import { World, pack } from './bundles/world.mjs';
import { hex, toBase64 } from './lib/bytes.mjs';
import { checkBundle } from './lib/check.mjs';
import { kClaims, kReasons, kVerdicts } from './lib/claim.mjs';
import { makeCode } from './lib/code.mjs';
import { Words, jsonOf, kLanguages, parseWords } from './lib/words.mjs';

const [folder, verifier] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const readme = new Uint8Array(readFileSync(`${verifier}/data/readme.txt`));
const tables = parseWords(readFileSync(`${verifier}/data/verdict_words.tsv`, 'utf8'));
const world = new World('program', { plain: true });
const good = pack(world.files, readme);
const bad = good.slice();
bad[700] ^= 1;
const paths = { good: `${folder}/good.focalproof`, bad: `${folder}/bad.focalproof`, missing: `${folder}/nothing` };
writeFileSync(paths.good, good);
writeFileSync(paths.bad, bad);
const roots = [...world.roots].map(([party, fp]) => `${party}=${hex(fp)}`);
const rootArgs = roots.flatMap((r) => ['--root', r]);
const line = (bytes, given, language, file) => `${jsonOf(checkBundle(bytes, given), new Words(tables, language), file)}\n`;

function run(...args) {
  const out = spawnSync(process.execPath, [`${verifier}/verify.mjs`, ...args], { encoding: 'utf8' });
  return { status: out.status, out: out.stdout, err: out.stderr };
}

function checkProgram() {
  for (const language of kLanguages) {
    assert.equal(run(paths.good, ...rootArgs, '--json', '--lang', language).out, line(good, world.roots, language));
  }
  const proved = run(paths.good, ...rootArgs, '--require', 'SIGNED,ACCEPTED,QUORUM');
  assert.equal(proved.status, 0);
  assert.match(proved.out, /^Everything this file claims is proved\.\nPROVED: /);
  assert.equal(run(paths.good).status, 0, 'nothing is broken');
  assert.equal(run(paths.good, '--require', 'CONTENT').status, 0, 'needs no root');
  assert.equal(run(paths.good, '--require', 'SIGNED').status, 1);
  assert.equal(run(paths.good, ...rootArgs, '--require', 'REJECTED').status, 1, 'there is none');
  assert.equal(run(paths.bad, ...rootArgs).status, 1);
  assert.equal(run(paths.missing).status, 1);
  const batch = run('--batch', paths.good, paths.bad, paths.missing, ...rootArgs);
  assert.equal(batch.status, 1);
  assert.equal(batch.out.split('\n').length, 4);
  assert.equal(batch.out.split('\n')[0] + '\n', line(good, world.roots, 'en', paths.good));
  const code = new TextDecoder().decode(makeCode('XA', world.sender.keys.root.pk));
  const upper = `XB=${hex(world.roots.get('XB')).toUpperCase()}`;
  assert.equal(run(paths.good, '--root', code, '--root', upper, '--require', 'SIGNED,ACCEPTED').status, 0);
}

function checkUsage() {
  const secret = new TextDecoder().decode(makeCode('XA', world.sender.keys.root.pk, new Uint8Array(32).fill(1)));
  const wrong = [[], [paths.good, paths.bad], [paths.good, '--root'], [paths.good, '--root', 'XA=12'], [paths.good, '--root', secret],
    [paths.good, '--root', roots[0], '--root', `XA=${'0'.repeat(64)}`], [paths.good, '--lang', 'de'], [paths.good, '--require', 'ALL'],
    [paths.good, '--all']];
  for (const args of wrong) {
    const { status, err } = run(...args);
    assert.equal(status, 2, args.join(' '));
    assert.match(err, /\nNext: /);
    assert.ok(!err.includes(' at '), 'no trace of the program');
  }
  assert.equal(run('--help').status, 0);
}

const told = (given, language) => checkBundle(good, given).claims
  .map((c) => `${c.verdict}\t${new Words(tables, language).told(c)}`);

async function checkPage(html) {
  const page = new Page(html);
  assert.match(page.markup, /default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'/);
  assert.ok(!/ (src|href|action)=|@import|url\(/.test(page.markup), 'the page asks for nothing');
  assert.ok(!/\b(fetch|XMLHttpRequest|WebSocket|EventSource|sendBeacon|importScripts)\b|\beval\b/.test(page.script), 'the program asks for nothing');
  await page.drop(good);
  assert.deepEqual(page.told, told(new Map(), 'en'));
  page.type(`${roots.join('\n')}\n`);
  for (const language of kLanguages) {
    page.choose(language);
    assert.deepEqual(page.told, told(world.roots, language));
    assert.equal(page.document.documentElement.dir, language === 'ar' ? 'rtl' : 'ltr');
    assert.equal(page.of('whole').textContent, tables[language]['whole.PROVED']);
  }
  page.choose('en');
  page.type('XA=12');
  assert.match(page.of('bad').textContent, /XA=12/);
  assert.deepEqual(page.told, [], 'no verdict under a line that is not understood');
  page.type('');
  await page.drop(bad);
  assert.equal(page.of('whole').textContent, tables.en['whole.BROKEN']);
  assert.equal(page.told.length, 1);
}

// A page that checks a bundle by itself, so that a browser without hands shows the verdict.
function checkBrowser(html) {
  const browser = ['chromium', 'chromium-browser'].find((name) => spawnSync(name, ['--version']).status === 0);
  if (browser === undefined) return 'no chromium on this machine';
  const more = `<script>document.getElementById('roots').value = ${JSON.stringify(roots.join('\n'))};
focalVerify.show(Uint8Array.from(atob('${toBase64(good)}'), (c) => c.charCodeAt(0)));</script></body>`;
  writeFileSync(`${folder}/shown.html`, html.replace(/<\/body>(?![\s\S]*<\/body>)/, () => more));
  const args = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', `--user-data-dir=${folder}/browser`, '--dump-dom', `file://${folder}/shown.html`];
  const out = spawnSync(browser, args, { encoding: 'utf8', timeout: 300000, maxBuffer: 1 << 26 });
  const body = out.stdout.slice(0, out.stdout.indexOf('<script>'));
  assert.ok(body.includes(tables.en['whole.PROVED']), `the browser shows something else: ${body.slice(-500)} ${out.stderr}`);
  assert.equal(body.split('<li class="PROVED">').length - 1, told(world.roots, 'en').length);
  return 'chromium shows the same';
}

// Each language has each word, with the same places for values.
function checkWords() {
  const due = ['told.because', ...[...kClaims, 'FORM'].map((c) => `claim.${c}`), ...kVerdicts.map((v) => `told.${v}`),
    ...kReasons.filter((r) => r !== 'OK').map((r) => `reason.${r}`), ...['PROVED', 'INCOMPLETE', 'BROKEN'].map((w) => `whole.${w}`)];
  const places = (text) => [...text.matchAll(/\{[a-z]+\}/g)].map((m) => m[0]).sort().join();
  for (const word of new Set([...due, ...Object.keys(tables.en)])) {
    for (const language of kLanguages) {
      const text = tables[language][word];
      assert.ok(text, `${word} in ${language}`);
      assert.equal(places(text), places(tables.en[word]), `${word} in ${language}`);
    }
  }
  // A value turns nothing around, and in Arabic stands for itself.
  const claim = { claim: 'RELEASED', rid: 'ab'.repeat(32), party: 'XA', by: 'A\u202eB\u2069{rid}', verdict: 'PROVED', reason: 'OK', at: '' };
  const arabic = new Words(tables, 'ar').told(claim);
  assert.ok(arabic.includes('\u2068AB{rid}\u2069') && arabic.includes('\u2068\u2026\u2069'), arabic);
  assert.ok(!/[\u202a-\u202e]/.test(arabic));
}

checkWords();
checkProgram();
checkUsage();
const html = readFileSync(`${verifier}/focal-verify.html`, 'utf8');
await checkPage(html);
console.log(`program and page agree with the library; ${checkBrowser(html)}`);
