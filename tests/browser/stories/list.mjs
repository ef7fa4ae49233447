// A seizure list on the screen: checked cell by cell, mended, its requests opened, and the cases stand in the inbox.
// Then what goes wrong: the answer is lost, a second officer has to release it, the list was asked about before.
import assert from 'node:assert/strict';
import { begins, fill_around } from '../form.mjs';
import { until } from '../node.mjs';
import { done, request_record } from '../seed.mjs';
import { axe } from './pages.mjs';

// Titles as somebody writes them in each language.
const TITLES = {
  en: ['No', 'Serial number', 'Maker', 'Model', 'Calibre', 'Type', 'Made in'],
  ar: ['م', 'رقم السلاح', 'الصانع', 'الطراز', 'العيار', 'نوع السلاح', 'بلد الصنع'],
  zh: ['序号', '枪号', '制造商', '型号', '口径', '武器类型', '制造国'],
};
const SUBJECT = { en: 'A load of pistols at Kestrel Gap', ar: 'شحنة مسدسات في معبر كستريل', zh: '红隼山口的一批手枪' };
const TOLD = { en: 'Found in two crates of a lorry.', ar: 'عُثر عليها في صندوقين على شاحنة.', zh: '在一辆卡车的两个箱子里发现。' };
const LANGS = { en: '31', ar: '42', zh: '53' }; // weapons of their own

export default {
  name: 'list',
  async run(stage) {
    const { world: { xa, xb }, lang, words } = stage;
    const jo = await stage.desk(xa, 'jo');
    const [ask_xa, ask_xb] = await Promise.all([xa.caller('jo'), xb.caller('jo')]);
    const pistol = words.code('weapon_type', 'SA_PISTOL'), at = words.country('XB');
    const row = (no, serial, made = at) => [no, serial, 'Arsenal Delta', 'D-9', '9 mm', pistol, made];
    const serial = (n) => `LQ${LANGS[lang]}${n}41`;
    const wrong = [row(1, serial(1)), row(2, '1.23457E+11'), row(3, serial(3), 'Xanadu'), row(4, serial(1))];
    const right = [row(1, serial(1)), row(2, serial(2)), row(3, serial(3)), row(4, serial(1))];
    const before = (await done(ask_xb('GET', '/v1/inbox?limit=1000'), 'inbox')).total;

    await stage.step('the inbox leads to the form of a list; what is missing is named, the list too', async () => {
      await jo.go('/');
      await jo.link('compose.list.title').first().click();
      await jo.heading('compose.list.title').waitFor();
      await jo.button('compose.list.check').click();
      await jo.page.getByRole('group').getByText(words.t('compose.list.file.missing')).waitFor();
      await fill_around(jo, { subject: SUBJECT[lang], narrative: TOLD[lang], reference: `XA-L-${lang}` });
    });
    await stage.step('what is no text is refused here', async () => {
      await choose(jo, 'list.csv', Buffer.from([0xff, 0xfe, 0x53, 0]));
      await jo.page.getByRole('alert').getByText(words.t('compose.list.file.NOT_TEXT')).waitFor();
    });
    await stage.step('the list is checked: two cells are wrong, one row repeats another', async () => {
      await choose(jo, 'list.csv', csv(TITLES[lang], wrong));
      await jo.button('compose.list.check').click();
      await jo.heading('compose.list.check.title').waitFor();
      await rows(jo).first().waitFor();
      assert.deepEqual(await fates(jo), [[3, 'BAD'], [4, 'BAD'], [5, 'REPEAT']].map(([n, fate]) => [`${n}`, words.t(`compose.list.fate.${fate}`)]));
      for (const [n, title, value] of [[3, TITLES[lang][1], '1.23457E+11'], [4, TITLES[lang][6], 'Xanadu']]) {
        const cell = rows(jo).filter({ hasText: value }).getByRole('cell').last();
        assert.ok((await cell.textContent()).includes(title), `${n}: ${title}`);
        assert.ok((await cell.locator('[lang=en]').allTextContents()).every((text) => text.trim() !== ''));
      }
      await stage.picture(jo, 'checked', true);
      await jo.page.locator('main a[href="#list-rows"]').filter({ hasText: words.t('compose.list.fate.REPEAT') }).click();
      await until('the rows that repeat another', async () => (await fates(jo)).length === 1);
      assert.equal((await fates(jo))[0][0], '5');
      await jo.page.getByRole('tab').filter({ hasText: words.t('compose.list.view.problems') }).click();
      assert.deepEqual(await axe(jo), []);
      assert.equal(await open_button(jo).getAttribute('aria-disabled'), 'true');
    });
    await stage.step('every field that a column can be given is one that the node takes', async () => {
      const select = jo.page.locator('main table select').first();
      const fields = (await select.locator('option').evaluateAll((all) => all.map((one) => one.value))).filter(Boolean);
      assert.ok(fields.length > 15, String(fields));
      // And those that other columns hold.
      const held = await jo.page.locator('main table select').evaluateAll((all) => all.map((one) => one.value).filter(Boolean));
      for (const field of [...new Set([...fields, ...held])]) {
        const { status, body } = await ask_xa('POST', '/v1/traces/import', { csv: 'A\n?', record: around(stage, 'fields'), columns: [{ title: 'A', field }] });
        assert.equal(status, 200, `${field}: ${JSON.stringify(body)}`);
        assert.equal(body.columns[0].field, field);
      }
    });
    await stage.step('the same file, mended: whom it will reach; its request is opened', async () => {
      await choose(jo, 'list.csv', csv(TITLES[lang], right));
      await reach(jo, 3).waitFor();
      assert.deepEqual(await fates(jo), [['5', words.t('compose.list.fate.REPEAT')]]);
      await open_button(jo).click();
      await jo.heading('compose.list.sent', { n: 1 }).waitFor();
      assert.equal(await jo.heading('compose.list.sent', { n: 1 }).evaluate((one) => one === document.activeElement), true);
      await stage.picture(jo, 'sent');
    });
    let ours = '';
    await stage.step('the case is there, with its three weapons, and in the inbox of both', async () => {
      const link = jo.page.locator('main table a[href^="/cases/"]');
      ours = await link.textContent();
      await link.click();
      await jo.heading_of(SUBJECT[lang]).waitFor();
      assert.deepEqual((await done(ask_xa('GET', `/v1/traces/${ours}`), 'trace_show')).items.map((item) => item.serial), [1, 2, 3].map(serial));
      await jo.go('/?view=all');
      await jo.page.locator(`main [role=row] a[href="/cases/${ours}"]`).waitFor();
      await until('the case comes to XB', async () => (await done(ask_xb('GET', '/v1/inbox?limit=1000'), 'inbox')).total > before);
    });
    await stage.step('the draft is gone; the list was asked about before', async () => {
      await begin(stage, jo, 'again', csv(TITLES[lang], right));
      const [asked, repeat] = ['ASKED', 'REPEAT'].map((fate) => words.t(`compose.list.fate.${fate}`));
      assert.deepEqual(await fates(jo), [['2', asked], ['3', asked], ['4', asked], ['5', repeat]]);
      await jo.page.getByText(words.t('compose.list.cannot.NONE', { n: 0 })).waitFor();
      await rows(jo).first().getByRole('link', { name: ours, exact: true }).click();
      await jo.heading_of(SUBJECT[lang]).waitFor();
      // Back from the case the list is still there.
      await jo.page.goBack();
      await jo.page.locator('#sec-list').getByText('list.csv').waitFor();
      await jo.button('compose.list.check').click();
      await rows(jo).first().waitFor();
      await jo.page.getByRole('checkbox', { name: words.t('compose.list.ask_again') }).check();
      await reach(jo, 3).waitFor();
    });
    await stage.step('an answer that is lost: it was sent once, and the page says so', async () => {
      const lost = [row(1, serial(7)), row(2, serial(8))];
      await begin(stage, jo, 'lost', csv(TITLES[lang], lost));
      const sent = await lose_the_answer(jo);
      await open_button(jo).click();
      await jo.page.getByText(words.t('compose.list.found')).waitFor();
      assert.equal(sent.length, 1);
      await stage.picture(jo, 'lost');
      const found = (await jo.page.locator('main table a[href^="/cases/"]').allTextContents());
      const cases = (await done(ask_xa('GET', '/v1/traces?limit=1000'), 'trace_list')).traces.filter((one) => one.our_ref.startsWith(`XA-L-${lang}-lost`));
      assert.deepEqual(cases.map((one) => one.case_number), found);
    });
    await stage.step('personal data: it waits for a second officer, also when that answer is lost', async () => {
      for (const is_lost of [false, true]) {
        await begin(stage, jo, `held ${is_lost}`, csv(TITLES[lang], [row(1, serial(is_lost ? 5 : 6))]), true);
        if (is_lost) await lose_the_answer(jo);
        await open_button(jo).click();
        await jo.heading('compose.waits.title').waitFor();
        assert.equal(await jo.page.getByRole('alert').count(), 0);
        const link = jo.page.locator('main').getByRole('link', { name: /R-\d+/ });
        assert.equal(await link.count(), 1);
        const release = /R-\d+/.exec(await link.textContent())[0];
        const { entry, records } = await done(ask_xa('GET', `/v1/releases/${release}`), 'release_show');
        assert.deepEqual([entry.act, entry.state], ['trace.import', 'AWAITING']);
        assert.equal(records[0].trace_request.items[0].serial_raw, serial(is_lost ? 5 : 6));
      }
    });
  },
};

const csv = (titles, rows) => Buffer.from([titles, ...rows].map((cells) => cells.map((cell) => `"${cell}"`).join(';')).join('\r\n'));
const choose = (desk, name, buffer) => desk.page.setInputFiles('main input[type=file]', { name, mimeType: 'text/csv', buffer });
const rows = (desk) => desk.page.locator('main [role=table] [role=row][data-row]');
const open_button = (desk) => desk.page.locator('main .actions').getByRole('button').last();
const reach = (desk, weapons) => desk.page.locator('main').getByText(desk.t('compose.list.reach', { party: desk.words.party('XB'), weapons, requests: 1 }), { exact: true });

// Row and result, of those that are shown.
async function fates(desk) {
  return rows(desk).evaluateAll((all) => all.map((row) => [row.querySelector('[role=rowheader]').textContent.match(/\d+/)[0], row.querySelector('[role=cell]').textContent.trim()]));
}

// The part around the weapons.
function around(stage, what, personal = false) {
  const record = request_record(stage.tools.root, `${SUBJECT[stage.lang]} (${what})`);
  delete record.trace_request.items;
  record.unknown_fields = record.unknown_fields.filter((path) => !path.includes('items['));
  record.trace_request.case_ref_requester = `XA-L-${stage.lang}-${what.replace(' ', '-')}`;
  record.header.label.personal_data = record.trace_request.personal_data_included = personal;
  return record;
}

// With a draft that has all but the list.
async function begin(stage, desk, what, buffer, personal = false) {
  const ask = await stage.world.xa.caller('jo');
  const record = around(stage, what, personal);
  const draft = { kind: 'trace.request', title: record.header.subject, content: { v: 1, act: 'import', to: '', record, aside: {} } };
  const { draft: { id } } = await done(ask('POST', '/v1/drafts', { draft }), 'draft_save');
  await desk.go('/drafts');
  await desk.page.locator('main').locator(`a[href="/compose?draft=${id}"]`).first().click();
  await desk.heading('compose.list.title').waitFor();
  await choose(desk, 'list.csv', buffer);
  await desk.button('compose.list.check').click();
  await desk.heading('compose.list.check.title').waitFor();
  await desk.page.locator('main').getByText(begins(stage.words.t('case.will_reach'))).first().waitFor();
}

// The next SEND reaches the node and is done; its answer does not come. Returns what was sent from now on.
async function lose_the_answer(desk) {
  const sent = [];
  await desk.page.route('**/v1/traces/import', async (route) => {
    if (route.request().postDataJSON().mode !== 'SEND') return route.continue();
    sent.push(route.request().postDataJSON().plan);
    if (sent.length > 1) return route.continue();
    await route.fetch();
    return route.abort('connectionreset');
  });
  return sent;
}
