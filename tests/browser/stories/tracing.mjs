// A whole tracing between two nodes: XA asks from the form, XB sees it come without doing anything, acknowledges
// and answers; XA sees the answer come and closes. Both ends tell the same story of it.
import assert from 'node:assert/strict';
import { begins, fill_request, Form } from '../form.mjs';

const SUBJECT = { en: 'A pistol seized at Kestrel Gap', ar: 'مسدس ضُبط في معبر كستريل', zh: '红隼山口查获的手枪' };
const TOLD = { en: 'Found behind a rear panel.', ar: 'عُثر عليه خلف لوح خلفي.', zh: '在后挡板后面发现。' };
const LANGS = { en: 55, ar: 66, zh: 77 }; // weapons of their own

export default {
  name: 'tracing',
  async run(stage) {
    const { world: { xa, xb }, lang, words } = stage;
    const serial = `QX${LANGS[lang]}1908`;
    const told = { to: 'XB', serial, subject: SUBJECT[lang], narrative: TOLD[lang], reference: `XA-${lang}-1` };
    const jo = await stage.desk(xa, 'jo'), bo = await stage.desk(xb, 'jo');
    await bo.page.evaluate(() => (globalThis.never_loaded_again = true));
    let ours = '', theirs = '';

    await stage.step('XA fills in the form; what is missing is named', async () => {
      await jo.go('/compose');
      await jo.button('compose.review').click();
      await jo.page.getByRole('group', { name: begins(words.t('forms.summary', { count: 32 })) }).waitFor();
      await fill_request(jo, told);
    });
    await stage.step('XA looks through it: whom it will reach; sends it', async () => {
      ours = await send(stage, jo);
    });
    await stage.step('XB sees it come in, without loading anything', async () => {
      const row = bo.page.getByRole('row').filter({ hasText: SUBJECT[lang] });
      await row.getByText(words.country('XA'), { exact: true }).waitFor();
      assert.equal(await bo.page.evaluate(() => globalThis.never_loaded_again), true);
      await stage.picture(bo, 'inbox');
      await row.getByRole('link').click();
      await bo.heading_of(SUBJECT[lang]).waitFor();
      theirs = new URL(bo.page.url()).pathname.split('/').pop();
    });
    await stage.step('asked about once more, XA is warned, and sends nothing', () => warned(stage, told, ours));
    await stage.step('XB acknowledges', () => acknowledge(stage, bo));
    await stage.step('XA sees it acknowledged', async () => {
      await jo.state('trace_requester_state', 'ACKNOWLEDGED').waitFor();
    });
    await stage.step('XB answers for the weapon', () => answer(stage, bo));
    await stage.step('XA sees the answer come in', async () => {
      await jo.state('trace_requester_state', 'NO_RECORD').waitFor();
      await jo.page.getByText(words.sentence(words.code('result_per_item', 'NO_RECORD')), { exact: true }).first().waitFor();
      await stage.picture(jo, 'answered', true);
    });
    await stage.step('XA closes the case', () => close(stage, jo));
    await stage.step('both timelines tell the same', async () => {
      await bo.state('trace_responder_state', 'CLOSED').waitFor();
      assert.deepEqual(await timeline(jo), await timeline(bo));
      assert.equal((await timeline(jo)).length, 4);
      const rids = await Promise.all([[xa, ours], [xb, theirs]].map(async ([node, number]) =>
        (await node.focal(['trace', 'show', number], { as: 'jo' })).timeline.map((one) => one.rid)));
      assert.deepEqual(rids[0], rids[1]);
    });
  },
};

// From the filled form to the case: its number.
async function send(stage, jo) {
  await jo.button('compose.review').click();
  await jo.heading('compose.review.title').waitFor();
  await jo.page.getByText(stage.words.t('case.will_reach')).waitFor();
  await stage.picture(jo, 'review', true);
  await jo.button('compose.send', { to: stage.words.party('XB') }).click();
  await jo.heading('compose.sent.title').waitFor();
  const link = jo.page.locator('main').getByRole('link', { name: begins(stage.words.t('compose.to_case', { case: '' }).trim()) });
  await link.click();
  await jo.heading_of(SUBJECT[stage.lang]).waitFor();
  return new URL(jo.page.url()).pathname.split('/').pop();
}

async function warned(stage, told, number) {
  const again = await stage.desk(stage.world.xa, 'jo');
  await again.go('/compose');
  await fill_request(again, told);
  await again.button('compose.review').click();
  await again.page.getByText(again.t('compose.again.title', { weapon: 1 })).waitFor();
  await again.page.getByRole('link', { name: number, exact: true }).first().waitFor();
  const button = again.button('compose.send', { to: stage.words.party('XB') });
  assert.equal(await button.getAttribute('aria-disabled'), 'true');
  await stage.picture(again, 'twin');
  await button.click({ force: true });
  assert.equal(await again.heading('compose.sent.title').count(), 0);
  await again.page.getByRole('checkbox', { name: again.t('compose.again') }).check();
  assert.equal(await button.getAttribute('aria-disabled'), null);
}

async function acknowledge(stage, bo) {
  const { words } = stage;
  await bo.button('case.act.ack').click();
  const form = new Form(bo, bo.dialog);
  await form.text('TraceAck', 'case_ref_requested', `XB/T/${stage.lang}`);
  await bo.dialog.getByLabel(words.field('TraceAck', 'expected_by')).fill('2026-12-24');
  await bo.button('case.go_on', {}, bo.dialog).click();
  await bo.dialog.getByText(words.t('case.will_reach')).waitFor();
  await stage.picture(bo, 'acknowledge');
  await bo.button('case.send_to', { party: 'XA' }, bo.dialog).click();
  await bo.dialog.waitFor({ state: 'hidden' });
  await bo.state('trace_responder_state', 'ACKNOWLEDGED').waitFor();
}

async function answer(stage, bo) {
  const { words } = stage;
  await bo.link('case.act.answer').click();
  const results = new Form(bo, bo.page.locator('main')).part('compose.section.results');
  await results.pick_code('ItemResult', 'result', 'NO_RECORD');
  await results.one('ItemResult', 'completeness', 'FULL');
  const registers = words.t('forms.list.entry', { label: words.field('ItemResult', 'registers_searched'), number: 1 });
  await results.within.getByRole('textbox', { name: registers, exact: true }).fill(TOLD[stage.lang]);
  await results.text('ItemResult', 'period_covered', '2010 – 2016');
  await stage.picture(bo, 'answer', true);
  await bo.button('compose.review').click();
  await bo.heading('compose.review.title').waitFor();
  await bo.button('compose.send', { to: words.party('XA') }).click();
  await bo.heading('compose.sent.title').waitFor();
  await bo.page.locator('main').getByRole('link', { name: begins(words.t('compose.to_case', { case: '' }).trim()) }).click();
  await bo.state('trace_responder_state', 'NO_RECORD').waitFor();
}

async function close(stage, jo) {
  const { words } = stage;
  const main = jo.button('case.act.close');
  if (!(await main.isVisible())) await jo.button('case.acts.more').click();
  await main.click();
  await jo.dialog.getByRole('combobox', { name: words.t('case.outcome') }).selectOption({ label: words.t('case.outcome.USEFUL') });
  await jo.button('case.go_on', {}, jo.dialog).click();
  await jo.button('case.send_to', { party: 'XB' }, jo.dialog).click();
  await jo.dialog.waitFor({ state: 'hidden' });
  await jo.state('trace_requester_state', 'CLOSED').waitFor();
}

// What each record is called, and who made it.
async function timeline(desk) {
  const list = desk.page.getByRole('list', { name: desk.t('case.timeline'), exact: true });
  return list.locator(':scope > li').evaluateAll((rows) => rows.map((row) =>
    ['strong', '.from'].map((part) => row.querySelector(`.near .head ${part}`)?.textContent?.trim())));
}
