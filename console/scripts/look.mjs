// Looks at every page with Debian's chromium over the stub: pictures in several languages, themes, widths
// and sizes of text, axe on each, and what the browser complains about. Ends with 1 if anything is wrong.
//   node scripts/look.mjs [--out build/look] [--only inbox] [--lang en,ar] [--shape wide,dark] [--quick] [--no-pictures]
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { FLAGS } from './chromium_flags.mjs';
import { start } from './dev_server.mjs';
import { PAGES } from './pages.mjs';

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'build/look' }, only: { type: 'string', default: '' }, shape: { type: 'string', default: '' }, lang: { type: 'string', default: 'en,ar,zh' },
    quick: { type: 'boolean', default: false }, 'no-pictures': { type: 'boolean', default: false }, chromium: { type: 'string', default: '/usr/bin/chromium' },
  },
});
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** name, width, height, what the device does */
const ALL_SHAPES = [
  ['wide', 1280, 900, {}], ['dark', 1280, 900, { colorScheme: 'dark' }], ['narrow', 400, 800, {}],
  // 200 %: half as many CSS pixels, each twice as large.
  ['double', 640, 450, { deviceScaleFactor: 2 }],
];
const SHAPES = ALL_SHAPES.filter(([name]) => (values.quick ? name === 'wide' : !values.shape || values.shape.split(',').includes(name)));

const problems = [];

async function open_context(browser, url, lang, [, width, height, more], who) {
  const context = await browser.newContext({ viewport: { width, height }, locale: { en: 'en-GB', ar: 'ar-EG', zh: 'zh-CN' }[lang] ?? lang, timezoneId: 'Europe/Madrid', bypassCSP: false, ...more });
  await context.addInitScript((wished) => localStorage.setItem('focal.lang', wished), lang);
  const page = await context.newPage();
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of (4|5)\d\d/.test(message.text())) problems.push(`${page.url()} [${lang}]: console: ${message.text()}`);
  });
  page.on('pageerror', (error) => problems.push(`${page.url()} [${lang}]: ${error}`));
  page.on('request', (request) => {
    if (!request.url().startsWith(url) && !/^(data|blob):/.test(request.url())) problems.push(`${page.url()}: asks outside: ${request.url()}`);
  });
  if (who) {
    await page.goto(`${url}/#enter=${who}`);
    await page.waitForSelector('main');
  }
  return { context, page };
}

async function look_at(page, url, one, name) {
  await page.goto(url + one.path);
  await page.waitForSelector(one.wait ?? 'main h1');
  await one.act?.(page);
  await page.waitForTimeout(one.rest ?? 350);
  if (!values['no-pictures']) await page.screenshot({ path: join(values.out, name + '.png'), fullPage: one.full ?? false });
  // Injected from here: the content policy of the page does not hold for the debugger.
  await page.evaluate(AXE);
  const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  for (const rule of found.violations)
    for (const node of rule.nodes.slice(0, 3)) problems.push(`${name}: axe ${rule.id}: ${node.target} ${node.html.slice(0, 160)} ${node.any[0]?.message ?? ''}`);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (wide > 1) problems.push(`${name}: ${wide} px wider than the window`);
  const title = await page.title();
  if (title === 'owned') problems.push(`${name}: a text of a peer ran as a script`);
}

rmSync(values.out, { recursive: true, force: true });
mkdirSync(values.out, { recursive: true });
const { server, url } = await start({ port: 0, cases: 10_000, dist: process.env.FOCAL_DIST });
const browser = await chromium.launch({ executablePath: values.chromium, headless: true, args: FLAGS });
for (const lang of values.lang.split(',')) {
  for (const shape of SHAPES) {
    const people = new Map();
    for (const one of PAGES.filter((each) => !values.only || values.only.split(',').some((word) => each.name.includes(word)))) {
      const who = one.who ?? 'lee';
      if (!people.has(who)) people.set(who, await open_context(browser, url, lang, shape, who === 'nobody' ? '' : who));
      const name = `${one.name}-${lang}-${shape[0]}`;
      try {
        await look_at(people.get(who).page, url, one, name);
      } catch (error) {
        problems.push(`${name}: ${String(error).split('\n').slice(0, 3).join(' ')}`);
      }
    }
    for (const { context } of people.values()) await context.close();
  }
}
await browser.close();
server.closeAllConnections();
server.close();
for (const one of [...new Set(problems)]) console.error(one);
console.log(`${problems.length} problems`);
process.exit(problems.length > 0 ? 1 : 0);
