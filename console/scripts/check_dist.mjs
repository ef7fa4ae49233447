// Of the built files: the compressed size of the scripts that have to come before the first rows of
// the inbox are there, and of all; and that nothing in them asks for what the content policy of the
// node refuses.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';

const MOST_SCRIPT = 150_000;

/** Brotli at its best, as the node serves it. */
export const packed = (data) => brotliCompressSync(data, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;

const REFUSED = [
  [/\beval\(/, 'eval()'], [/\bnew Function\(/, 'new Function()'],
  [/https?:\/\/(?!www\.w3\.org\/|svelte\.dev\/e\/|127\.0\.0\.1|localhost)[a-z0-9.-]+\.[a-z]{2,}/i, 'an address outside'],
];

/** The scripts that the inbox needs: what the page names, the inbox itself, and what they import. */
function first_scripts(dist) {
  const page = readFileSync(join(dist, 'index.html'), 'utf8');
  const wanted = [...page.matchAll(/assets\/([\w.-]+\.js)/g)].map((found) => found[1]);
  wanted.push(...readdirSync(join(dist, 'assets')).filter((name) => /^Inbox-.*\.js$/.test(name)));
  for (const name of wanted) {
    const text = readFileSync(join(dist, 'assets', name), 'utf8');
    for (const [, other] of text.matchAll(/(?:from|import)"\.\/([\w.-]+\.js)"/g))
      if (!wanted.includes(other)) wanted.push(other);
  }
  return wanted;
}

export function check(dist) {
  const problems = [];
  let scripts = 0, first = 0;
  const wanted = first_scripts(dist);
  if (wanted.length < 2) problems.push('index.html names no script, or there is no inbox');
  for (const name of readdirSync(join(dist, 'assets'))) {
    const text = readFileSync(join(dist, 'assets', name), 'utf8');
    if (name.endsWith('.js')) {
      const size = packed(text);
      scripts += size;
      if (wanted.includes(name)) first += size;
      for (const [pattern, what] of REFUSED) {
        const found = pattern.exec(text);
        if (found) problems.push(`${name}: ${what}: …${text.slice(Math.max(0, found.index - 40), found.index + 60)}…`);
      }
    }
    if (name.endsWith('.css') && /@import|url\(\s*['"]?(?!data:)https?:/.test(text)) problems.push(`${name}: loads from elsewhere`);
  }
  const page = readFileSync(join(dist, 'index.html'), 'utf8');
  if (/<style|\sstyle=|<script(?![^>]*\ssrc=)|\son\w+=/i.test(page)) problems.push('index.html: has style or script of its own');
  if (first > MOST_SCRIPT) problems.push(`scripts: ${first} bytes compressed, more than ${MOST_SCRIPT}`);
  return { first, scripts, problems };
}

if (fileURLToPath(import.meta.url) === process.argv[1]) {
  const { first, scripts, problems } = check(join(dirname(fileURLToPath(import.meta.url)), '..', 'dist'));
  const kb = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
  console.log(`scripts: ${kb(first)} compressed for the inbox, ${kb(scripts)} in all`);
  for (const one of problems) console.error(one);
  if (problems.length > 0) process.exit(1);
}
