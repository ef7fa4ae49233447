// The content of a record is erased: the officer says on whose authority and why, is told what will happen, and it
// waits; a second officer releases it; then the case shows it as erased. The administrator sees that a key is left to be
// replaced, and has it done now.
import assert from 'node:assert/strict';
import { done, open_case, request_record } from '../seed.mjs';
import { alone, key_of } from '../world.mjs';

const AUTHORITY = { en: 'Data protection act, decision 4/2027', ar: 'قانون حماية البيانات، القرار 4/2027', zh: '数据保护法，第4/2027号决定' };
const REASON = { en: 'Kept in error.', ar: 'حُفظ خطأ.', zh: '误存。' };

export default {
  name: 'erase',
  async run(stage) {
    const { world: { xa, xb }, lang, words, tools: { root } } = stage;
    const [ask_xa, jo_xb] = await Promise.all([xa.caller('jo'), xb.caller('jo')]);
    const { theirs: number } = await open_case(ask_xa, jo_xb, 'XB', request_record(root, `Erase ${lang}`));
    const seen = async () => (await done(jo_xb('GET', `/v1/traces/${number}?with_records=true`), 'trace_show')).timeline[0];
    const jo = await stage.desk(xb, 'jo'), sam = await stage.desk(xb, 'sam');
    const record = jo.page.locator('main .record').first();
    let release = '';

    await stage.step('an officer says why, and is told what will happen', async () => {
      await jo.go(`/cases/${number}`);
      await record.locator('summary').first().click();
      await jo.button('case.erase', {}, record).click();
      await jo.button('case.erase.go_on', {}, jo.dialog).click();
      await jo.dialog.getByText(words.t('case.trouble.NEEDED', { limit: 0 })).first().waitFor();
      await jo.dialog.getByLabel(words.t('case.erase.authority')).fill(AUTHORITY[lang]);
      await jo.dialog.getByLabel(words.t('shell.reason_label')).fill(REASON[lang]);
      await jo.button('case.erase.go_on', {}, jo.dialog).click();
      await jo.dialog.getByText(words.t('case.erase.stays')).waitFor();
      await stage.picture(jo, 'again');
    });
    await stage.step('it waits for a second officer, and nothing is gone', async () => {
      await jo.button('case.erase.button', {}, jo.dialog).click();
      await jo.dialog.getByText(words.t('case.erase.waits')).waitFor();
      const link = jo.dialog.getByRole('link', { name: /R-\d+/ });
      release = /R-\d+/.exec(await link.textContent())[0];
      await stage.picture(jo, 'waits');
      await jo.button('case.close', {}, jo.dialog).last().click();
      const entry = await seen();
      assert.notEqual(entry.effect, 'ERASED');
      assert.ok(entry.record);
    });
    await stage.step('the second officer sees authority and reason, and releases it', () => alone(async () => {
      await sam.go(`/releases/${release}`);
      await sam.page.locator('main').getByText(AUTHORITY[lang]).first().waitFor();
      await sam.page.getByLabel(words.t('releases.passphrase')).fill(key_of('sam'));
      await sam.button('releases.approve').click();
      await sam.page.locator('main').getByText(words.t('releases.state.RELEASED'), { exact: true }).first().waitFor();
    }));
    await stage.step('the case shows it as erased; nothing of it is left, and it is not offered again', async () => {
      await record.getByText(words.t('case.effect.ERASED'), { exact: true }).first().waitFor();
      assert.equal(await jo.button('case.erase', {}, record).count(), 0);
      await jo.page.locator('main .notice').getByText(AUTHORITY[lang]).waitFor();
      await stage.picture(jo, 'erased');
      const entry = await seen();
      assert.equal(entry.effect, 'ERASED');
      assert.equal(entry.record, undefined);
    });
    // A run replaces the keys of all languages: one story alone can count them.
    if (lang === 'en') await keys_are_replaced(stage, xb);
  },
};

async function keys_are_replaced(stage, node) {
  const { words } = stage;
  const ada = await stage.desk(node, 'ada');
  await stage.step('the administrator sees keys to be replaced, and what a run would do', async () => {
    await ada.page.getByRole('navigation').getByRole('link', { name: words.t('shell.nav.retention') }).click();
    await ada.page.getByText(words.t('retention.keys_text')).waitFor();
    await stage.picture(ada, 'retention', true);
    await ada.button('retention.run').click();
    await ada.dialog.getByText(words.t('retention.unchanged')).waitFor();
    await ada.button('retention.go_on', {}, ada.dialog).click();
    await ada.dialog.getByText(words.t('retention.again_stays')).waitFor();
    await stage.picture(ada, 'run');
  });
  await stage.step('asked again, it is begun, and the page says when it is done', async () => {
    await ada.button('retention.confirm_keys', {}, ada.dialog).click();
    await ada.dialog.getByText(words.t('retention.begun'), { exact: true }).waitFor();
    await ada.button('shell.close', {}, ada.dialog).last().click();
    await ada.page.getByText(words.t('retention.keys_text')).waitFor({ state: 'detached' });
    await ada.page.getByText(words.t('retention.runs'), { exact: true }).waitFor({ state: 'detached' });
    await ada.page.getByText(words.t('retention.last_run'), { exact: true }).waitFor();
    await stage.picture(ada, 'after', true);
  });
}
