// The console on live nodes, driven in Debian's Chromium as people would (README.md).
//   node run.mjs --bin build/dev/bin --console build/console --out FOLDER [--only tracing,login] [--lang en,ar] [--pictures]
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { run_stories } from './harness.mjs';
import { Node } from './node.mjs';
import { STORIES } from './stories/index.mjs';
import { LANGUAGES, Words } from './words.mjs';
import { make_world } from './world.mjs';

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const { values } = parseArgs({
  options: {
    bin: { type: 'string', default: join(root, 'build/dev/bin') }, console: { type: 'string', default: join(root, 'build/console') },
    out: { type: 'string', default: join(root, 'build/log/browser') }, only: { type: 'string', default: '' }, lang: { type: 'string', default: LANGUAGES.join() },
    chromium: { type: 'string', default: '/usr/bin/chromium' }, pictures: { type: 'boolean', default: false },
  },
});
const packages = join(resolve(values.console), 'tree/console/package.json');
const require = createRequire(packages);
const { chromium } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const base = mkdtempSync(join(tmpdir(), 'focal-browser-'));
chmodSync(base, 0o711); // its persons go through it to the socket
let browser;
function clean() {
  for (const node of Node.all) node.kill();
  rmSync(base, { recursive: true, force: true, maxRetries: 5 });
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => {
    clean();
    browser?.close().catch(() => undefined);
    process.exit(130);
  });
process.on('exit', clean);

async function all_words(world, langs) {
  const ask = await world.xa.caller('jo');
  const words = new Map();
  for (const lang of langs) {
    const one = new Words(lang, join(root, 'console/messages'), packages);
    const [schema, codes] = await Promise.all([ask('GET', `/v1/schema?lang=${lang}`), ask('GET', `/v1/codes?lang=${lang}`)]);
    one.learn(schema.body, codes.body);
    words.set(lang, one);
  }
  return words;
}

async function main() {
  const began = Date.now();
  const langs = values.lang.split(',');
  const named = values.only ? values.only.split(',') : undefined;
  const stories = STORIES.filter((story) => !named || named.includes(story.name))
    .map((story) => ({ ...story, languages: (story.languages ?? LANGUAGES).filter((lang) => langs.includes(lang)) }));
  if (named?.some((name) => !STORIES.some((story) => story.name === name))) throw new Error(`stories: ${STORIES.map((story) => story.name).join(', ')}`);
  rmSync(values.out, { recursive: true, force: true });
  const [world] = await Promise.all([
    make_world(resolve(values.bin), base, LANGUAGES),
    chromium.launch({ executablePath: values.chromium, headless: true, args: FLAGS, env: { ...process.env, HOME: base } }).then((one) => (browser = one)),
  ]);
  console.log(`two nodes and a browser (${Date.now() - began} ms)`);
  const tools = { axe, pictures: resolve(values.out), keep_pictures: values.pictures, root };
  const failed = await run_stories(stories, { words: await all_words(world, LANGUAGES), world, browser, tools });
  await browser.close();
  for (const node of [...Node.all]) await node.stop();
  return failed;
}

main().then(
  (failed) => process.exit(failed > 0 ? 1 : 0),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
