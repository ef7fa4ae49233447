// Walks through the shell and the inbox as a person would, by keyboard, over the stub, with ten thousand open cases.
// Ends with 1 at the first thing that is not as it should be. (axe and pictures: look.mjs.)
//   node scripts/walk.mjs
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';
import { FLAGS } from './chromium_flags.mjs';
import { start } from './dev_server.mjs';
import { Refusal } from './stub/world.mjs';

const { server, api, url } = await start({ port: 0, cases: 10_000, dist: process.env.FOCAL_DIST });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', headless: true, args: FLAGS });
const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB', acceptDownloads: true });
const page = await context.newPage();
const errors = [];
page.on('pageerror', (error) => errors.push(String(error)));
page.setDefaultTimeout(30_000);

const focused = () => page.evaluate(() => document.activeElement?.getAttribute('href') ?? document.activeElement?.tagName);
const rows = () => page.locator('.row-place');
const steps = [];
const step = (name, run) => steps.push([name, run]);

step('a wrong password is told, a right one opens', async () => {
  await page.goto(url);
  await page.getByLabel('Name').fill('jo');
  await page.getByLabel('Console password').fill('wrong');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').waitFor();
  assert.equal(await page.getByLabel('Name').inputValue(), 'jo');
  await page.getByLabel('Console password').fill('focal focal focal');
  await page.keyboard.press('Enter');
  await rows().first().waitFor();
});
step('a used link is refused in words', async () => {
  const other = await browser.newContext();
  const tab = await other.newPage();
  await tab.goto(`${url}/#enter=used`);
  await tab.getByRole('alert').waitFor();
  assert.equal(new URL(tab.url()).hash, '');
  await other.close();
});
step('j and k move, Enter opens, the case is read then', async () => {
  await page.keyboard.press('j');
  const first = await focused();
  await page.keyboard.press('j');
  assert.notEqual(await focused(), first);
  await page.keyboard.press('k');
  assert.equal(await focused(), first);
  await page.keyboard.press('Enter');
  await page.waitForURL(`${url}${first}`);
  await page.goBack();
  await rows().first().waitFor();
  assert.equal(await page.locator(`a[href="${first}"].unread`).count(), 0);
});
step('g p and g i lead to pages, ? shows the keys, Esc closes', async () => {
  await page.keyboard.press('g');
  await page.keyboard.press('p');
  await page.waitForURL(`${url}/peers`);
  await page.keyboard.press('g');
  await page.keyboard.press('i');
  await rows().first().waitFor();
  await page.keyboard.press('?');
  await page.locator('dialog[open] kbd').first().waitFor();
  await page.keyboard.press('Escape');
  assert.equal(await page.locator('dialog[open]').count(), 0);
});
step('/ finds a case and a serial number', async () => {
  await page.keyboard.press('/');
  await page.locator('dialog[open] input').fill('5268841');
  await page.locator('dialog[open] [role=option]', { hasText: 'State Factory 66' }).first().waitFor();
  await page.locator('dialog[open] input').fill('T-77');
  await page.keyboard.press('Enter');
  await page.waitForURL(`${url}/cases/T-77`);
  await page.goBack();
});
step('few rows are drawn of many; all are told; the end is reached quickly and its rows come', async () => {
  await page.goto(`${url}/?view=all`);
  await rows().first().waitFor();
  assert.ok((await rows().count()) < 60, 'only what is in sight is drawn');
  await page.getByText('10,000 cases').waitFor();
  const long = await page.evaluate(async () => {
    const seen = [];
    new PerformanceObserver((list) => seen.push(...list.getEntries().map((one) => one.duration))).observe({ type: 'longtask' });
    const bottom = () => document.documentElement.scrollHeight;
    for (let y = 0; y < bottom(); y += bottom() / 60) {
      scrollTo(0, y);
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    }
    scrollTo(0, bottom());
    await new Promise((resolve) => setTimeout(resolve, 300));
    return seen;
  });
  console.log(`  long tasks while scrolling 10,000 rows: ${long.length}, the longest ${Math.round(Math.max(0, ...long))} ms`);
  assert.ok((await rows().count()) < 60);
  await page.locator('.row-place[aria-rowindex="10001"] a').waitFor();
  await page.evaluate(() => scrollTo(0, 0));
});
step('a filter narrows, stands in the address, is saved by name, and is there after a new start', async () => {
  await page.keyboard.press('f');
  await page.keyboard.type('revolver');
  await page.waitForURL(/q=revolver/);
  await page.getByRole('button', { name: 'Save this filter' }).click();
  await page.getByLabel('Its name').fill('Revolvers');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Revolvers', exact: true }).waitFor();
  await page.waitForTimeout(2000);
  await page.goto(`${url}/`);
  await page.getByRole('button', { name: 'Revolvers', exact: true }).click();
  await page.waitForURL(/q=revolver/);
});
step('the filtered list is saved as a file', async () => {
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save as CSV' }).click()]);
  assert.match(download.suggestedFilename(), /^inbox-XA-\d{4}-\d\d-\d\d\.csv$/);
});
step('a change at the node appears by itself', async () => {
  api.world.cases.get('T-3').subject = 'A zebra before';
  await page.goto(`${url}/?q=zebra`);
  const row = page.locator('.row-place', { has: page.locator('a[href="/cases/T-3"]') });
  await row.waitFor();
  api.world.cases.get('T-3').subject = 'A zebra after';
  api.world.changed('cases');
  await row.getByText('A zebra after').waitFor();
});
step('an error of the node is told with its id, and asked again', async () => {
  api.fail.set('outbox_list', new Refusal(503, 'UNAVAILABLE', 'the ledger is being copied', { hint: 'Try again in a minute.' }));
  await page.goto(`${url}/?view=outbox`);
  await page.getByRole('alert').getByText('Error id').waitFor();
  api.fail.delete('outbox_list');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByText('rejected').first().waitFor();
});
step('a session that ends keeps the page and what was typed', async () => {
  await page.goto(`${url}/search`);
  await page.getByLabel('Serial number').fill('DA017342');
  api.world.sessions.clear();
  await page.keyboard.press('Enter');
  await page.locator('dialog[open]').getByLabel('Console password').fill('focal focal focal');
  await page.keyboard.press('Enter');
  await page.locator('dialog[open]').waitFor({ state: 'detached' });
  assert.equal(await page.getByLabel('Serial number').inputValue(), 'DA017342');
});
step('the language is switched at once, mirrored in Arabic, and kept', async () => {
  await page.locator('aside select').first().selectOption('ar');
  await page.getByRole('heading', { name: 'البحث عن سلاح' }).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.dir), 'rtl');
  await page.waitForTimeout(2000);
  await page.reload();
  await page.getByRole('heading', { name: 'البحث عن سلاح' }).waitFor();
  await page.locator('aside select').first().selectOption('en');
});
step('the doctor speaks the language of the page, and is asked once more when it changes', async () => {
  const asked = [];
  page.on('request', (request) => { if (request.url().includes('/v1/doctor')) asked.push(new URL(request.url()).searchParams.get('lang')); });
  const said = (lang, words) => page.locator(`main ol p[lang=${lang}]`).getByText(words).waitFor();
  await page.goto(`${url}/doctor?party=XD`);
  await page.locator('aside select').first().selectOption('fr');
  await said('fr', 'Rien ne revient de 203.0.113.9:5757');
  await page.locator('aside select').first().selectOption('zh');
  await said('zh', '203.0.113.9:5757 在 3 秒内没有任何回应');
  assert.equal(await page.locator('main ol [lang=fr]').count(), 0);
  assert.deepEqual(asked.slice(-2), ['fr', 'zh']);
  await page.locator('aside select').first().selectOption('en');
});
step('only what is allowed is offered', async () => {
  const auditor = await browser.newContext();
  const tab = await auditor.newPage();
  await tab.goto(`${url}/#enter=ada`);
  await tab.waitForURL(`${url}/audit`);
  assert.equal(await tab.locator('nav a[href="/compose"]').count(), 0);
  assert.equal(await tab.locator('nav a[href="/"]').count(), 0);
  await auditor.close();
});

let failed = 0;
for (const [name, run] of steps) {
  try {
    await run();
    console.log(`ok   ${name}`);
  } catch (error) {
    failed += 1;
    console.error(`FAIL ${name}\n     ${String(error).split('\n').slice(0, 4).join('\n     ')}`);
  }
}
for (const error of errors) console.error(`page: ${error}`);
await browser.close();
server.closeAllConnections();
server.close();
console.log(`${steps.length - failed} passed, ${failed + errors.length} failed`);
process.exit(failed + errors.length > 0 ? 1 : 0);
