// A partner sends hostile text in every field it can: markup, scripts, links, text that turns round, letters
// that look alike, words without end. Whatever shows it shows it as text, and says where something is hidden.
import assert from 'node:assert/strict';
import { attack } from '../attack.mjs';
import { ALIKE, BIDI, MARK } from '../hostile.mjs';

// Texts that a partner cannot fill as it likes: held to codes, parties and paths, not built yet (attachments),
// or of the other side.
const NOT_THEIRS = /^(Record\.unknown_fields|Label\.(named_recipients|onward_named)|WeaponItem\.photos|Marking\.photo_ref|FileNote\.\w+|Trace\w+\.case_ref_\w+|PeerPing\.text)$/;

let attacked; // once; each language looks at it

export default {
  name: 'hostile',
  async run(stage) {
    const { world: { xa }, words, tools: { root } } = stage;
    const xh = await stage.world.attacker();
    const jo = await stage.desk(xa, 'jo');
    attacked ??= attack(xa, xh, root);
    await stage.step('XH sends an act of each kind, with every text hostile', async () => {
      const { filled, schema } = await attacked;
      const texts = schema.messages.flatMap(({ name, fields }) => fields.filter(({ type }) => type === 'TEXT').map((one) => `${name}.${one.name}`));
      assert.deepEqual(texts.filter((name) => !filled.has(name) && !NOT_THEIRS.test(name)), []);
      assert.ok(filled.size > 80, `${filled.size} fields`);
    });
    const { cases } = await attacked;
    for (const [who, pages] of Object.entries(pages_of(cases, stage))) {
      const desk = who === 'jo' ? jo : await stage.desk(xa, who);
      for (const { path, act, shows = true } of pages) {
        await stage.step(`${who} ${path}`, async () => {
          await desk.go(path);
          await act?.(desk);
          await harmless(desk, shows);
        });
      }
    }
    await stage.step('what is hidden or looks alike is marked', async () => {
      await jo.go(`/cases/${cases[0]}`);
      await jo.page.getByText('⟨U+202E⟩').first().waitFor();
      assert.ok(BIDI.includes('\u202e') && ALIKE.includes('р'));
      for (const key of ['shell.marks.control', 'shell.marks.look_alike']) assert.ok((await jo.page.getByTitle(words.t(key)).count()) > 0, key);
      assert.equal(/[\u202a-\u202e\u2066-\u2069]/.test(await jo.page.locator('main').innerText()), false);
      await stage.picture(jo, 'case', true);
    });
    await stage.step('on paper it is text too', async () => {
      await jo.page.pdf();
      await jo.page.emulateMedia({ media: 'print' });
      await jo.page.evaluate(() => dispatchEvent(new Event('beforeprint')));
      await harmless(jo, true);
      await stage.picture(jo, 'print', true);
    });
  },
};

function pages_of(cases, { words }) {
  const all_open = async (desk) => {
    await desk.page.getByRole('list', { name: words.t('case.timeline'), exact: true }).waitFor();
    // Every disclosure, so that every field is drawn.
    for (let round = 0; round < 3; round += 1) await desk.page.locator('main details:not([open]) > summary').evaluateAll((all) => all.forEach((one) => one.click()));
  };
  const jo = [
    { path: '/?view=all', act: (desk) => desk.page.getByText(MARK).first().waitFor() },
    ...cases.map((number) => ({ path: `/cases/${number}`, act: all_open })),
    { path: `/compose?act=refuse&case=${cases[0]}`, shows: false },
    { path: '/search', act: async (desk) => {
      await desk.page.getByRole('textbox', { name: words.t('shell.search.serial') }).fill('5288841');
      await desk.page.keyboard.press('Enter');
      await desk.page.locator('main ol li').first().waitFor();
    }, shows: false },
    { path: '/?view=outbox', shows: false },
    { path: '/peers', shows: false },
    { path: '/peers/XH', act: (desk) => desk.page.getByText(MARK).first().waitFor() },
    { path: '/doctor?party=XH', shows: false },
    { path: '/releases', shows: false },
    { path: '/', act: async (desk) => {
      await desk.page.keyboard.press('/');
      await desk.dialog.locator('input').fill(MARK);
      await desk.dialog.getByRole('option').first().waitFor();
    } },
  ];
  const ann = [{ path: '/audit', shows: false }, { path: '/audit/1', shows: false }, { path: '/audit?view=coverage', shows: false }, { path: '/doctor?party=XH', shows: false }];
  return { jo, ann };
}

// Nothing ran, nothing became an element; what is shown of it stands in <bdi>, or where there is no markup.
async function harmless(desk, shows) {
  await desk.breaches();
  assert.match(await desk.page.title(), / · Focal /);
  const found = await desk.page.evaluate((mark) => {
    const loose = [];
    let shown = 0;
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
      if (!node.data.includes(mark)) continue;
      shown += 1;
      if (!node.parentElement.closest('bdi, option, textarea')) loose.push(`${node.parentElement.outerHTML.slice(0, 160)}`);
    }
    const made = document.querySelectorAll('[onerror], [onload], [onclick], img[src=x], a[href^="javascript:" i], main script, dialog script, main b').length;
    return { loose, shown, made, wide: document.documentElement.scrollWidth - document.documentElement.clientWidth };
  }, MARK);
  assert.deepEqual(found.loose, []);
  assert.equal(found.made, 0);
  if (shows) assert.ok(found.shown > 0, 'nothing hostile is shown here');
  assert.ok(found.wide <= 1, `${found.wide} px wider than the window`);
}
