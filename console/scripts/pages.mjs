// The pages that look.mjs looks at: who is in, the address, what to do first. (lee has every role.)
import { example } from './stub/cases.mjs';
import { HOSTILE } from './stub/hostile.mjs';

const file = (name, lines) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(lines.join('\r\n')) });
const SEIZED = file('kestrel gap \u202efdp.csv', [
  'No;Serial No;Maker;Model;Calibre;Made in;Remarks', '1;DA017342;Arsenal Delta;D-9;9 mm;XB;', '2;1.23457E+11;Arsenal Delta;D-9;9 mm;Xanadu;seen by two', '3;5268841;State Factory 66;K;7,62x39;XB;',
  '', '4;DA017342;Arsenal Delta;D-9;9 mm;XB;', `5;77${HOSTILE.bidi};${HOSTILE.script};D-9;9 mm;XC;`, '6;KK1;State Factory 66;K;;XZ;', '7;;unknown;;;;no marks left', '8;KK3;Arsenal Delta;D-9;9 mm;XB;',
]);
const LONG_LIST = file('long.csv', ['Serial No;Made in', ...Array.from({ length: 5000 }, (_, i) => `${i % 3 ? `A${i}` : '1.2E+11'};XB`)]);

// With a draft that has all but the weapons.
async function check_list(page, list = SEIZED) {
  const record = example('01_trace_request_XA_XB');
  delete record.trace_request.items;
  record.unknown_fields = record.unknown_fields.filter((path) => !path.includes('items['));
  const draft = { kind: 'trace.request', case_number: '', title: record.header.subject, content: { v: 1, act: 'import', to: '', record, aside: {} } };
  const id = await page.evaluate(async (body) => {
    const headers = { 'X-Focal': '1', 'Content-Type': 'application/json' };
    return (await (await fetch('/v1/drafts', { method: 'POST', headers, body: JSON.stringify({ draft: body }) })).json()).draft.id;
  }, draft);
  await page.goto(`${new URL(page.url()).origin}/compose?draft=${id}`);
  await page.waitForSelector('#sec-list');
  await page.setInputFiles('#sec-list input[type=file]', list);
  await page.locator('main footer button.primary').click();
  await page.waitForSelector('main [role=table] [role=row][data-row]');
}

export const PAGES = [
  { name: 'login', path: '/', who: 'nobody' },
  { name: 'inbox', path: '/' },
  { name: 'inbox-all', path: '/?view=all' },
  { name: 'inbox-filter', path: '/?view=all&q=pistol&state=RECEIVED&overdue=1' },
  { name: 'inbox-empty', path: '/?q=nothing-like-this' },
  { name: 'outbox', path: '/?view=outbox' },
  { name: 'drafts', path: '/?view=drafts' },
  { name: 'search', path: '/search', act: async (page) => {
    await page.locator('main input').first().fill('5268841');
    await page.keyboard.press('Enter');
    await page.waitForSelector('main ol li');
  }, full: true },
  { name: 'settings', path: '/settings', full: true },
  { name: 'jump', path: '/?view=all', act: async (page) => {
    await page.keyboard.press('/');
    await page.waitForSelector('dialog[open] input');
    await page.keyboard.type('5268841');
    await page.waitForTimeout(900);
  } },
  { name: 'help', path: '/', act: async (page) => {
    await page.keyboard.press('?');
    await page.waitForSelector('dialog[open]');
  } },
  { name: 'case', path: '/cases/T-1', rest: 1500, full: true },
  { name: 'case-hostile', path: '/cases/T-3', rest: 1500, full: true },
  { name: 'case-erase', path: '/cases/T-1', rest: 800, act: async (page) => {
    await page.locator('.record details summary').first().click();
    await page.locator('.record button').last().click();
    await page.locator('dialog[open] input[type=text]').fill('Court of appeal, decision 4/2027');
    await page.locator('dialog[open] textarea').fill('Kept in error.');
    await page.locator('dialog[open] footer button').last().click();
  } },
  { name: 'compose', path: '/compose', rest: 1500, full: true },
  { name: 'list', path: '/compose?list=1', rest: 1500, act: (page) => page.setInputFiles('#sec-list input[type=file]', SEIZED) },
  { name: 'list-check', path: '/', act: check_list, full: true },
  { name: 'list-long', path: '/', act: (page) => check_list(page, LONG_LIST) },
  { name: 'list-sent', path: '/', act: async (page) => {
    await check_list(page);
    await page.locator('main fieldset input[type=checkbox]').first().check();
    await page.locator('main .actions button.primary:not([aria-disabled])').click();
    await page.waitForSelector('main table a[href^="/cases/"]');
  } },
  { name: 'peers', path: '/peers', full: true },
  { name: 'directories', path: '/peers?view=directories', full: true },
  { name: 'peer', path: '/peers/XE', full: true },
  { name: 'peer-verify', path: '/peers/XD', act: async (page) => {
    await page.locator('main section.standing button').first().click();
    await page.locator('dialog[open] textarea').fill('77120 39016 55284 10937 68816');
  } },
  { name: 'directory-add', path: '/peers?view=directories', act: async (page) => {
    await page.locator('main [role=tabpanel] .row button').first().click();
    await page.locator('dialog[open] textarea').fill('focal-directory/v1');
    await page.locator('dialog[open] button[type=submit]').click();
    await page.waitForSelector('dialog[open] li');
  } },
  { name: 'keys', path: '/keys', full: true },
  { name: 'keys-override', path: '/keys', act: async (page) => {
    await page.locator('main .two button').filter({ hasText: /\S/ }).nth(1).click();
    await page.locator('dialog[open] textarea').fill('XB and XC are rebuilt until May');
  } },
  { name: 'retention', path: '/retention', full: true },
  { name: 'retention-auditor', path: '/retention', who: 'ada', full: true },
  { name: 'retention-run', path: '/retention', act: async (page) => {
    await page.locator('main .head button').click();
    await page.waitForSelector('dialog[open] table');
  } },
  { name: 'retention-again', path: '/retention', act: async (page) => {
    await page.locator('main .head button').click();
    await page.locator('dialog[open] footer button').last().click();
    await page.waitForSelector('dialog[open] .strong');
  } },
  { name: 'audit', path: '/audit' },
  { name: 'audit-leaf', path: '/audit/40010', full: true },
  { name: 'audit-coverage', path: '/audit?view=coverage', rest: 1500, full: true },
  { name: 'audit-verdict', path: '/audit?view=verdict', act: async (page) => {
    await page.locator('main section button').first().click();
    await page.waitForSelector('main section.verdict', { timeout: 20_000 });
  }, full: true },
  { name: 'doctor', path: '/doctor?party=XD', rest: 800, full: true },
  { name: 'releases', path: '/releases', who: 'sam', full: true },
  { name: 'release', path: '/releases/R-3', who: 'sam', rest: 1200, full: true },
  { name: 'people', path: '/people', full: true },
  { name: 'auditor', path: '/', who: 'ada' },
  { name: 'not-found', path: '/no/such/page', wait: 'main' },
];
