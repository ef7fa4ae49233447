// Every page of the console as the node serves it: axe finds nothing, and no page is wider than its window; the same
// at 200 % in forced colours (sight.mjs). What has no line here but a route fails the story.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { answer_case, done, open_case, request_record } from '../seed.mjs';
import { in_page, unseen, with_poor_sight } from '../sight.mjs';

const POOR_SIGHT = ['en', 'ar']; // one of each direction; it takes its time

let seeded; // once; each language looks at it

// route: as src/pages/*/route.ts has it, where the address is not the same.
const PAGES = [
  { who: null, path: '/', route: '' },
  { who: 'jo', path: '/' },
  { who: 'jo', path: '/?view=all', route: '/' },
  { who: 'jo', path: '/?view=outbox', route: '/' },
  { who: 'jo', path: '/?view=drafts', route: '/' },
  { who: 'jo', path: '/', route: '', name: 'jump', act: async (desk, { serial }) => {
    await desk.page.keyboard.press('/');
    await desk.dialog.locator('input').fill(serial);
    await desk.dialog.getByRole('option').first().waitFor();
  } },
  { who: 'jo', path: '/', route: '', name: 'help', act: async (desk) => {
    await desk.page.keyboard.press('?');
    await desk.dialog.waitFor();
  } },
  { who: 'jo', path: ({ answered }) => `/cases/${answered}`, route: '/cases/:case_number' },
  { who: 'jo', path: ({ incoming }) => `/cases/${incoming}`, route: '', name: 'case-incoming', act: (desk) => desk.button('case.act.ack').click() },
  { who: 'jo', path: ({ answered }) => `/cases/${answered}`, route: '', name: 'case-erase', act: async (desk) => {
    await desk.page.locator('main .record details summary').first().click();
    await desk.button('case.erase', {}, desk.page.locator('main .record').first()).click();
    await desk.button('case.erase.go_on', {}, desk.dialog).click();
    await desk.dialog.getByText(desk.t('case.trouble.NEEDED', { limit: 0 })).first().waitFor();
  } },
  { who: 'jo', path: '/compose' },
  { who: 'jo', path: '/compose', route: '', name: 'compose-missing', act: (desk) => desk.button('compose.review').click() },
  { who: 'jo', path: '/compose?list=1', route: '/compose', name: 'compose-list', act: (desk) => desk.page.setInputFiles('main input[type=file]', { name: 'list.csv', mimeType: 'text/csv', buffer: Buffer.from('Serial\nLP1') }) },
  { who: 'jo', path: '/drafts' },
  { who: 'jo', path: '/search', act: async (desk, { serial }) => {
    await desk.page.getByRole('textbox', { name: desk.t('shell.search.serial') }).fill(serial);
    await desk.page.keyboard.press('Enter');
    await desk.page.locator('main ol li').first().waitFor();
  } },
  { who: 'jo', path: '/releases' },
  { who: 'sam', path: ({ release }) => `/releases/${release}`, route: '/releases/:id' },
  { who: 'jo', path: '/peers' },
  { who: 'jo', path: '/peers?view=directories', route: '' },
  { who: 'jo', path: '/peers/XB', route: '/peers/:party', act: async (desk) => {
    await desk.button('trust.compare_again').click();
    await desk.dialog.getByRole('textbox').first().fill('77120 39016 55284');
  } },
  { who: 'kim', path: '/keys' },
  { who: 'ann', path: '/audit' },
  { who: 'ann', path: '/audit/1', route: '/audit/:leaf' },
  { who: 'ann', path: '/audit?view=coverage', route: '' },
  { who: 'ann', path: '/audit?view=verdict', route: '', act: async (desk) => {
    await desk.page.locator('main section button').first().click();
    await desk.page.locator('main section.verdict').waitFor({ timeout: 30_000 });
  } },
  { who: 'jo', path: '/doctor?party=XB', route: '/doctor' },
  { who: 'ann', path: '/retention' },
  { who: 'ada', path: '/retention', route: '', name: 'retention-run', act: (desk) => desk.button('retention.run').click() },
  { who: 'ada', path: '/peers?view=directories', route: '', name: 'directory-add', act: async (desk) => {
    await desk.button('trust.directory_add').click();
    await desk.dialog.getByRole('textbox').fill('no directory at all');
    await desk.button('trust.add_button', {}, desk.dialog).click();
    await desk.dialog.locator('li, [role=alert]').first().waitFor();
  } },
  { who: 'ada', path: '/people' },
  { who: 'ada', path: '/settings' },
  { who: 'ada', path: '/no/such/page', route: '' },
];

export default {
  name: 'pages',
  async run(stage) {
    const { world, tools: { root } } = stage;
    assert.deepEqual(routes_of(root).filter((route) => !PAGES.some((one) => (one.route ?? one.path) === route)), [], 'pages without a line here');
    const seed = await (seeded ??= make_seed(world, root));
    const desks = new Map();
    for (const one of PAGES) {
      const path = typeof one.path === 'string' ? one.path : one.path(seed);
      await stage.step(`${one.who ?? 'nobody'} ${path} ${one.name ?? ''}`, async () => {
        if (!desks.has(one.who)) desks.set(one.who, await stage.desk(world.xa, one.who));
        const desk = desks.get(one.who);
        await desk.page.setViewportSize({ width: 1280, height: 900 });
        await desk.visit(path);
        await one.act?.(desk, seed);
        await desk.settled();
        const name = one.name ?? (path.replace(/\W+/g, '-').replace(/^-|-$/g, '') || (one.who ? 'inbox' : 'login'));
        if (stage.tools.keep_pictures) await stage.picture(desk, name, true);
        const problems = [...(await axe(desk)), ...(await width(desk, 'wide'))];
        problems.push(...(await with_poor_sight(desk.page, () => poor_sight(desk, name))));
        if (problems.length > 0) await stage.picture(desk, `failed-${name}`, true);
        assert.deepEqual(problems, []);
        await desk.breaches();
      });
    }
  },
};

const routes_of = (root) => readdirSync(join(root, 'console/src/pages')).flatMap((page) => {
  let text = '';
  try {
    text = readFileSync(join(root, 'console/src/pages', page, 'route.ts'), 'utf8');
  } catch {
    return []; // of no address: the login
  }
  return [...text.matchAll(/path: '([^']+)'/g)].map(([, path]) => path);
});

async function make_seed({ xa, xb }, root) {
  const [ours, theirs, mia] = await Promise.all([xa.caller('jo'), xb.caller('jo'), xa.caller('mia')]);
  const answered = await open_case(ours, theirs, 'XB', request_record(root, 'Two pistols, answered'));
  await answer_case(theirs, answered.theirs, { ref: 'XB/P/1', period: '2010 to 2016' });
  const incoming = await open_case(theirs, ours, 'XA', swapped(request_record(root, 'Two pistols, asked by XB')));
  const personal = request_record(root, 'With the name of a holder');
  personal.header.label.personal_data = personal.trace_request.personal_data_included = true;
  const held = await mia('POST', '/v1/traces', { to: ['XB'], record: personal, again: true });
  await done(ours('POST', '/v1/drafts', { draft: { kind: 'trace.request', title: 'A draft', content: { v: 1, act: 'open', to: '', record: {}, aside: {} } } }), 'draft_save');
  return { answered: answered.ours, incoming: incoming.theirs, release: held.body.path, serial: 'DA017342' };
}
function swapped(record) {
  record.header.label.provider = 'XB';
  record.trace_request.circumstances.found_country = 'XB';
  return record;
}

async function poor_sight(desk, name) {
  const { stage, page } = desk;
  const problems = await width(desk, '200 %');
  if (!POOR_SIGHT.includes(stage.lang)) return problems;
  await page.evaluate(in_page);
  if (stage.tools.keep_pictures) await stage.picture(desk, `${name}-forced`, true);
  problems.push(...(await axe(desk)), ...(await unseen(page)));
  return problems.map((one) => `200 %, forced colours: ${one}`);
}
export async function axe(desk) {
  // Injected from here: the content policy of the page does not hold for the debugger.
  await desk.page.evaluate(desk.stage.tools.axe);
  const { violations } = await desk.page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  return violations.flatMap((rule) => rule.nodes.slice(0, 3).map((node) => `${rule.id}: ${node.target} ${node.html.slice(0, 160)} ${node.any[0]?.message ?? ''}`));
}
async function width(desk, shape) {
  const over = await desk.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  return over > 1 ? [`${shape}: ${over} px wider than the window`] : [];
}
