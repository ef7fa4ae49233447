// Of the built files: the compressed size of all scripts, and that nothing in them asks for what the
// content policy of the node refuses.
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

export function check(dist) {
  const problems = [];
  let scripts = 0;
  for (const name of readdirSync(join(dist, 'assets'))) {
    const text = readFileSync(join(dist, 'assets', name), 'utf8');
    if (name.endsWith('.js')) {
      scripts += packed(text);
      for (const [pattern, what] of REFUSED) {
        const found = pattern.exec(text);
        if (found) problems.push(`${name}: ${what}: …${text.slice(Math.max(0, found.index - 40), found.index + 60)}…`);
      }
    }
    if (name.endsWith('.css') && /@import|url\(\s*['"]?(?!data:)https?:/.test(text)) problems.push(`${name}: loads from elsewhere`);
  }
  const page = readFileSync(join(dist, 'index.html'), 'utf8');
  if (/<style|\sstyle=|<script(?![^>]*\ssrc=)|\son\w+=/i.test(page)) problems.push('index.html: has style or script of its own');
  if (scripts > MOST_SCRIPT) problems.push(`scripts: ${scripts} bytes compressed, more than ${MOST_SCRIPT}`);
  return { scripts, problems };
}

if (fileURLToPath(import.meta.url) === process.argv[1]) {
  const { scripts, problems } = check(join(dirname(fileURLToPath(import.meta.url)), '..', 'dist'));
  console.log(`scripts: ${(scripts / 1000).toFixed(1)} kB compressed`);
  for (const one of problems) console.error(one);
  if (problems.length > 0) process.exit(1);
}
