// A window on a console: a person at a node. Keeps what a page must never do: an error, a dialog of the
// browser, a breach of the content policy, a request to another place, a changed title.
import { until } from './node.mjs';
import { LOCALES } from './words.mjs';

const AT_START = (lang) => {
  localStorage.setItem('focal.lang', lang);
  globalThis.policy_breaches = [];
  addEventListener('securitypolicyviolation', (event) => globalThis.policy_breaches.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
};

export async function open_desk(stage, node, as, more) {
  const context = await stage.browser.newContext({
    viewport: { width: 1280, height: 900 }, locale: LOCALES[stage.lang], timezoneId: 'Europe/Madrid', acceptDownloads: true, reducedMotion: 'reduce', ...more,
  });
  context.setDefaultTimeout(15_000);
  await context.addInitScript(AT_START, stage.lang);
  const page = await context.newPage();
  const desk = new Desk(stage, node, as, context, page);
  if (as !== null) await desk.enter();
  return desk;
}

export class Desk {
  complaints = [];
  #asking = new Set(); // requests without an answer; the event stream has none

  constructor(stage, node, as, context, page) {
    Object.assign(this, { stage, node, as, context, page, words: stage.words });
    this.watch(page);
  }
  watch(page) {
    const complain = (text) => this.complaints.push(`${this.node.party} ${page.url()}: ${text}`);
    page.on('console', (message) => {
      // What the node refuses is told by the page; the browser says it too.
      if (message.type() === 'error' && !/status of [45]\d\d|ERR_CONNECTION|ERR_INCOMPLETE|ERR_EMPTY/.test(message.text())) complain(message.text());
    });
    page.on('pageerror', (error) => complain(String(error?.stack ?? error)));
    page.on('dialog', (dialog) => {
      complain(`a dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('popup', () => complain('a window opened'));
    for (const ended of ['requestfinished', 'requestfailed']) page.on(ended, (request) => this.#asking.delete(request));
    page.on('request', (request) => {
      if (!request.url().includes('/v1/events')) this.#asking.add(request);
      if (!request.url().startsWith(`${this.node.url}/`) && !/^(data|blob):/.test(request.url())) complain(`asks elsewhere: ${request.url()}`);
    });
  }
  // Breaches of the policy are kept by the page itself.
  async breaches() {
    for (const one of await this.page.evaluate(() => globalThis.policy_breaches.splice(0))) this.complaints.push(`${this.page.url()}: policy: ${one}`);
  }

  async enter() {
    await this.page.goto(await this.node.link(this.as));
    await this.page.locator('main h1').first().waitFor({ state: 'attached' });
  }
  async go(path) {
    await this.page.goto(this.node.url + path);
    await this.settled();
  }
  // As a link of the page would: without loading it anew.
  async visit(path) {
    if (!this.page.url().startsWith(this.node.url)) return this.go(path);
    if ((await this.dialog.count()) > 0) await this.page.keyboard.press('Escape');
    await this.page.evaluate((to) => {
      history.pushState(null, '', to);
      dispatchEvent(new PopStateEvent('popstate'));
    }, path);
    await this.settled();
  }
  // Its session too: a person has few.
  async close() {
    const cookie = (await this.context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
    await this.context.close();
    if (cookie) await this.node.ask('POST', '/v1/session/end', cookie, {}).catch(() => undefined);
  }

  // The page has what it asked for, and has drawn it.
  async settled() {
    await this.page.locator('main h1').first().waitFor({ state: 'attached' });
    for (let quiet = 0; quiet < 3; quiet += 1) {
      await until(`${this.page.url()} settles`, () => this.#asking.size === 0);
      await this.page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
      if (this.#asking.size > 0) quiet = -1;
    }
    await this.page.locator('main .skeleton').waitFor({ state: 'detached' });
  }

  // By keyboard alone: on to something, as far as it takes.
  async tab_to(target, most = 120) {
    for (let i = 0; i < most; i += 1) {
      if (await target.evaluateAll((all) => all.includes(document.activeElement))) return;
      await this.page.keyboard.press('Tab');
    }
    throw new Error(`${most} times Tab do not lead to ${target}`);
  }

  t(key, args) {
    return this.words.t(key, args);
  }
  heading(key, args) {
    return this.page.getByRole('heading', { name: this.t(key, args), exact: true });
  }
  // Of a text that a person wrote.
  heading_of(text) {
    return this.page.getByRole('heading', { name: text, exact: true });
  }
  // The badge that names the state of the case.
  state(list, code) {
    return this.page.locator('main .states').getByText(this.words.sentence(this.words.code(list, code)), { exact: true });
  }
  button(key, args, within = this.page) {
    return within.getByRole('button', { name: this.t(key, args), exact: true });
  }
  link(key, args, within = this.page) {
    return within.getByRole('link', { name: this.t(key, args), exact: true });
  }
  text(words, within = this.page) {
    return within.getByText(words, { exact: true }).first();
  }
  // The window that is open over the page.
  get dialog() {
    return this.page.getByRole('dialog');
  }
}
