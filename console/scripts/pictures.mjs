// Pictures of the real program for the documentation; started by packaging/pictures.sh.
//   node scripts/pictures.mjs OUT ROLE=LINK…
// A link opens a console once. Each picture names whose console it is, its language and page.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { FLAGS } from './chromium_flags.mjs';

const PICTURES = [
  { name: 'inbox', role: 'XB', lang: 'en', path: '/?view=all' },
  { name: 'case', role: 'officer', lang: 'en', path: '/cases/T-1', height: 1400 },
  { name: 'case-ar', role: 'officer', lang: 'ar', path: '/cases/T-1', height: 1100 },
  { name: 'release', role: 'supervisor', lang: 'en', path: '/releases/R-2', height: 1100 },
  { name: 'partner-zh', role: 'XC', lang: 'zh', path: '/peers/XA', scheme: 'dark' },
];

const [out, ...pairs] = process.argv.slice(2);
const links = new Map(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
mkdirSync(out, { recursive: true });
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', headless: true, args: FLAGS });
const pages = new Map();
for (const role of new Set(PICTURES.map((one) => one.role))) {
  const link = links.get(role);
  if (!link) throw new Error(`no link for ${role}`);
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, locale: 'en-GB', timezoneId: 'UTC' });
  const page = await context.newPage();
  await page.goto(link);
  await page.waitForSelector('main h1');
  pages.set(role, page);
}
for (const { name, role, lang, path, height = 860, scheme = 'light' } of PICTURES) {
  const page = pages.get(role);
  await page.evaluate((wished) => localStorage.setItem('focal.lang', wished), lang);
  await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
  await page.setViewportSize({ width: 1280, height });
  await page.goto(new URL(page.url()).origin + path);
  await page.waitForSelector('main h1');
  // Nothing is on its way any more, and nothing is shown as loading.
  await page.waitForFunction(() => !document.querySelector('.skeleton'));
  await page.waitForTimeout(500);
  await page.screenshot({ path: join(out, `${name}.png`) });
  console.log(`${name}.png`);
}
await browser.close();
