// The pages that look.mjs looks at: who is in, the address, what to do first. (lee has every role.)
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
