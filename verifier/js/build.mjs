#!/usr/bin/env node
// Makes the one file that opens in a browser: page.html with the program in it.
//   build.mjs OUT
// Runs in the folder of the build that js_install.sh made.
import { build } from 'esbuild';
import { readFileSync, writeFileSync } from 'node:fs';

const kMark = '<!-- program -->';
const out = process.argv[2];
if (!out) {
  process.stderr.write('usage: build.mjs OUT\n');
  process.exit(2);
}
const here = (name) => new URL(name, import.meta.url);
const tsv = readFileSync(here('./data/verdict_words.tsv'), 'utf8');
const made = await build({
  stdin: {
    contents: `import { startPage } from './page.mjs';
globalThis.focalVerify = startPage(document, ${JSON.stringify(tsv)});`,
    resolveDir: here('.').pathname,
  },
  bundle: true, format: 'iife', target: 'es2022', charset: 'utf8', legalComments: 'inline', write: false,
});
const page = readFileSync(here('./page.html'), 'utf8');
const script = made.outputFiles[0].text;
if (page.split(kMark).length !== 2 || /<\/script/i.test(script)) throw new Error('the program does not fit into the page');
writeFileSync(out, page.replace(kMark, () => `<script>\n${script}</script>`));
