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
  { name: 'not-found', path: '/no/such/page', wait: 'main' },
];
