// From the inbox to an answered request by keyboard alone. The mouse is not used, and the focus is never lost.
import assert from 'node:assert/strict';
import { begins, Form } from '../form.mjs';
import { open_case, request_record } from '../seed.mjs';

const SUBJECT = { en: 'To be answered by keyboard', ar: 'للرد بلوحة المفاتيح', zh: '用键盘答复' };

export default {
  name: 'keyboard',
  async run(stage) {
    const { world: { xa, xb }, lang, words, tools: { root } } = stage;
    const record = request_record(root, SUBJECT[lang]);
    record.trace_request.items.length = 1;
    record.unknown_fields = record.unknown_fields.filter((path) => !path.includes('items[1]'));
    const [ours, theirs] = await Promise.all([xa.caller('jo'), xb.caller('jo')]);
    const { theirs: number } = await open_case(ours, theirs, 'XB', record);
    const desk = await stage.desk(xb, 'jo');
    const { page } = desk;
    const { keyboard } = page;
    const on = (locator) => desk.tab_to(locator);

    await stage.step('the case is found in the inbox, and opened', async () => {
      await page.locator(`a[href="/cases/${number}"]`).first().waitFor();
      for (let i = 0; i < 60; i += 1) {
        await keyboard.press('j');
        if ((await page.evaluate(() => document.activeElement.getAttribute('href'))) === `/cases/${number}`) break;
      }
      await keyboard.press('Enter');
      await desk.heading_of(SUBJECT[lang]).waitFor();
    });
    await stage.step('it is acknowledged', async () => {
      await keyboard.press('a');
      await keyboard.press('Enter');
      const form = new Form(desk, desk.dialog);
      await on(form.box('TraceAck', 'case_ref_requested'));
      await keyboard.type(`XB/K/${lang}`);
      const day = desk.dialog.getByLabel(words.field('TraceAck', 'expected_by'));
      await on(day);
      // In the order in which this browser asks for them.
      for (const typed of ['12122026', '20261212']) {
        if ((await day.inputValue()) === '2026-12-12') break;
        await keyboard.type(typed);
      }
      assert.equal(await day.inputValue(), '2026-12-12');
      await on(desk.button('case.go_on', {}, desk.dialog));
      await keyboard.press('Enter');
      await on(desk.button('case.send_to', { party: 'XA' }, desk.dialog));
      await keyboard.press('Enter');
      await desk.dialog.waitFor({ state: 'hidden' });
      await desk.state('trace_responder_state', 'ACKNOWLEDGED').waitFor();
    });
    await stage.step('the answer is written', async () => {
      await keyboard.press('a');
      await keyboard.press('Enter');
      const results = new Form(desk, page.locator('main')).part('compose.section.results');
      const result = results.within.getByRole('combobox', { name: words.field('ItemResult', 'result') });
      await result.waitFor();
      await on(result);
      await keyboard.type(words.code_in('ItemResult', 'result', 'NO_RECORD'));
      await results.within.getByRole('option').first().waitFor();
      await keyboard.press('Enter');
      const completeness = results.group('ItemResult', 'completeness').getByRole('radio');
      await on(completeness);
      await keyboard.press('Space');
      await on(results.within.getByRole('textbox', { name: words.t('forms.list.entry', { label: words.field('ItemResult', 'registers_searched'), number: 1 }) }));
      await keyboard.type('export licences');
      await on(results.box('ItemResult', 'period_covered'));
      await keyboard.type('2010 to 2016');
      await on(desk.button('compose.review'));
      await keyboard.press('Enter');
      await desk.heading('compose.review.title').waitFor();
    });
    await stage.step('and sent; the focus goes on to what is said then', async () => {
      await on(desk.button('compose.send', { to: words.party('XA') }));
      await keyboard.press('Enter');
      const sent = desk.heading('compose.sent.title');
      await sent.waitFor();
      assert.equal(await sent.evaluate((one) => one === document.activeElement), true);
      await on(page.locator('main').getByRole('link', { name: begins(words.t('compose.to_case', { case: '' }).trim()) }));
      await keyboard.press('Enter');
      await desk.state('trace_responder_state', 'NO_RECORD').waitFor();
    });
  },
};
