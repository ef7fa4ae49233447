// The console of a node with very many cases in Debian's Chromium, as bench_console starts it:
//   node bench/console_page.mjs LINK [PICTURES]
// One JSON line: how long until the first rows, the end of the list, a filter and the jump search are
// there; long tasks (over 50 ms) of the browser's main thread. PICTURES: a folder for screenshots of
// what was measured, in English and Arabic. Ends with 1 when something does not come.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const built = join(root, 'build/console/tree/console');
const [link, pictures] = process.argv.slice(2);
const program = process.env.CHROMIUM ?? '/usr/bin/chromium';
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const LIMIT_MS = 30_000;

function give_up(why) {
  console.error(why);
  process.exit(1);
}
if (!link) give_up('usage: node bench/console_page.mjs LINK [PICTURES]');
if (!existsSync(program)) give_up(`${program} is missing: install chromium (packaging/prepare.sh test)`);
if (!existsSync(join(built, 'node_modules/playwright-core'))) give_up(`the console is not built: packaging/console_build.sh build/console`);
const { chromium } = createRequire(join(built, 'package.json'))('playwright-core');
const { check } = await import(join(root, 'console/scripts/check_dist.mjs'));

const browser = await chromium.launch({ executablePath: program, headless: true, args: FLAGS });
const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB' });
await context.addInitScript(() => {
  window.long_tasks = [];
  new PerformanceObserver((list) => window.long_tasks.push(...list.getEntries().map((one) => one.duration))).observe({ type: 'longtask', buffered: true });
});
const page = await context.newPage();
page.setDefaultTimeout(LIMIT_MS);
const errors = [];
page.on('pageerror', (error) => errors.push(String(error)));

const rows = page.locator('.row-place a[href^="/cases/"]');
const picture = (name) => (pictures ? page.screenshot({ path: join(pictures, `${name}.png`) }) : undefined);
async function timed(run) {
  const start = performance.now();
  await run();
  return Math.round(performance.now() - start);
}
async function long_tasks() {
  const seen = await page.evaluate(() => window.long_tasks.splice(0));
  return { n: seen.length, longest: Math.round(Math.max(0, ...seen)) };
}

process.on('uncaughtException', async (error) => {
  const shown = await page.locator('body').innerText({ timeout: 2000 }).catch(() => '');
  give_up(`${error.message}\n${errors.join('\n')}\nThe page at ${page.url()} says: ${shown.slice(0, 600)}`);
});

const out = { bench: 'console', load: 'page', script_kb: check(join(root, 'build/console/dist')).scripts / 1000 };
await page.goto(link);
await rows.first().waitFor();
// A person who is in opens the inbox anew: what most people wait for, most often.
await long_tasks();
out.first_rows_ms = await timed(async () => {
  await page.goto(new URL('/?view=all', link).href, { waitUntil: 'commit' });
  await rows.first().waitFor();
});
const first = await long_tasks();
await picture('inbox-en');
out.count = await page.locator('.tools p').first().innerText();
const total = Number(await page.locator('[role=table]').getAttribute('aria-rowcount'));
out.rows = total - 1;

// To the end, in steps as a hand on the wheel makes them, then with a leap.
await page.evaluate(async () => {
  for (let y = 0; y < 60_000; y += 600) {
    scrollTo(0, y);
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
});
out.end_ms = await timed(async () => {
  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
  await page.locator(`.row-place[aria-rowindex="${total}"] a`).waitFor();
});
await picture('end-en');
const scrolled = await long_tasks();
await page.evaluate(() => scrollTo(0, 0));

out.filter_ms = await timed(async () => {
  await page.keyboard.press('f');
  await page.keyboard.insertText('revolver');
  await page.waitForFunction((n) => Number(document.querySelector('[role=table]')?.getAttribute('aria-rowcount')) < n, total);
  await rows.first().waitFor();
});
await picture('filter-en');
await page.goto(new URL('/?view=all', link).href);
await rows.first().waitFor();
await page.keyboard.press('/');
out.jump_ms = await timed(async () => {
  await page.locator('dialog[open] input').fill(`No. ${Math.max(1, total - 7)}`);
  await page.locator('dialog[open] [role=option]', { hasText: `T-${Math.max(1, total - 7)}` }).first().waitFor();
});
await picture('jump-en');
const rest = await long_tasks();
if (pictures) {
  await page.keyboard.press('Escape');
  await page.evaluate(() => localStorage.clear());
  const arabic = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'ar', storageState: await context.storageState() });
  const other = await arabic.newPage();
  await other.goto(new URL('/?view=all', link).href);
  await other.locator('.row-place a').first().waitFor();
  await other.screenshot({ path: join(pictures, 'inbox-ar.png') });
  await other.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
  await other.locator(`.row-place[aria-rowindex="${total}"] a`).waitFor();
  await other.screenshot({ path: join(pictures, 'end-ar.png') });
}
Object.assign(out, {
  long_tasks_opening: first.n, longest_opening_ms: first.longest, long_tasks_scrolling: scrolled.n, longest_scrolling_ms: scrolled.longest,
  long_tasks_searching: rest.n, longest_searching_ms: rest.longest,
});
await browser.close();
if (errors.length > 0) give_up(errors.join('\n'));
console.log(JSON.stringify(out));
