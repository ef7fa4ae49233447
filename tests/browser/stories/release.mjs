// A correction that a second officer has to release: it waits and says so, nobody releases an own one, the
// second officer sees what changes and releases it, and only then does it go out.
import assert from 'node:assert/strict';
import { Form } from '../form.mjs';
import { until } from '../node.mjs';
import { answer_case, done, open_case, request_record } from '../seed.mjs';
import { alone, key_of } from '../world.mjs';

const PERIOD = { en: '2010 to 2016', ar: 'من 2010 إلى 2016', zh: '2010年至2016年' };
const LATER = { en: '2010 to 2021', ar: 'من 2010 إلى 2021', zh: '2010年至2021年' };
const REASON = { en: 'Five more years of registers were found.', ar: 'عُثر على سجلات خمس سنوات أخرى.', zh: '又找到了五年的登记册，因此所涵盖的期间比先前所说的更长。' };

export default {
  name: 'release',
  async run(stage) {
    const { world: { xa, xb }, lang, words, tools: { root } } = stage;
    const [ask_xa, jo_xb, mia_xb] = await Promise.all([xa.caller('jo'), xb.caller('jo'), xb.caller('mia')]);
    const cases = [];
    await stage.step('two cases are asked and answered', async () => {
      for (const n of [1, 2]) {
        const found = await open_case(ask_xa, jo_xb, 'XB', request_record(root, `Release ${lang} ${n}`));
        await answer_case(jo_xb, found.theirs, { ref: `XB/R/${lang}/${n}`, period: PERIOD[lang] });
        cases.push(found);
      }
    });
    const jo = await stage.desk(xb, 'jo'), sam = await stage.desk(xb, 'sam');
    let release = '';

    await stage.step('an officer corrects the answer; it waits, and is told as waiting', async () => {
      await correct(stage, jo, cases[0].theirs);
      await jo.heading('compose.waits.title').waitFor();
      assert.equal(await jo.page.getByRole('alert').count(), 0);
      await stage.picture(jo, 'waits');
      const link = jo.page.locator('main').getByRole('link', { name: /R-\d+/ });
      release = /R-\d+/.exec(await link.textContent())[0];
      await link.click();
      await jo.page.getByText(words.t('releases.own')).waitFor();
      assert.equal(await jo.button('releases.approve').count(), 0);
    });
    await stage.step('nothing has left', async () => {
      const seen = await done(ask_xa('GET', `/v1/traces/${cases[0].ours}`), 'trace_show');
      assert.equal(seen.timeline.some((one) => one.kind === 'trace.correction'), false);
    });
    await stage.step('who asked for it cannot release it, though a supervisor', async () => {
      const own = await mia_corrects(mia_xb, cases[1].theirs, LATER[lang]);
      const mia = await stage.desk(xb, 'mia');
      await mia.go(`/releases/${own}`);
      await mia.page.getByText(words.t('releases.own')).waitFor();
      assert.equal(await mia.button('releases.approve').count(), 0);
      const shown = await done(mia_xb('GET', `/v1/releases/${own}`), 'release_show');
      const refused = await alone(() => mia_xb('POST', `/v1/releases/${own}/approve`, { seen: shown.seen, officer_passphrase: key_of('mia') }));
      assert.deepEqual([refused.status, refused.body.code], [403, 'PERMISSION']);
      await stage.picture(mia, 'own');
    });
    await stage.step('the second officer is told of it, and sees what changes', async () => {
      await sam.page.getByRole('navigation').getByRole('link', { name: words.t('shell.nav.releases') }).click();
      await sam.page.locator('main').getByRole('link', { name: new RegExp(`^${release} `) }).click();
      await sam.page.getByRole('tab', { name: words.t('forms.release.difference') }).waitFor();
      await sam.page.getByRole('deletion').filter({ hasText: '2016' }).waitFor();
      await sam.page.getByRole('insertion').filter({ hasText: '2021' }).waitFor();
      await stage.picture(sam, 'difference', true);
    });
    await stage.step('a wrong passphrase is refused; the own one releases it', () => alone(async () => {
      const passphrase = sam.page.getByLabel(words.t('releases.passphrase'));
      await passphrase.fill('not my herons');
      await sam.button('releases.approve').click();
      await sam.page.getByRole('alert').getByText(words.t('releases.not_released')).waitFor();
      await passphrase.fill(key_of('sam'));
      await sam.button('releases.approve').click();
      await sam.page.locator('main').getByText(words.t('releases.state.RELEASED'), { exact: true }).first().waitFor();
    }));
    await stage.step('now it goes out, and XA sees who released it', async () => {
      await until('the correction comes', async () => {
        const seen = await done(ask_xa('GET', `/v1/traces/${cases[0].ours}`), 'trace_show');
        return seen.timeline.some((one) => one.kind === 'trace.correction' && one.effect === 'TAKES_EFFECT');
      });
      const at_xa = await stage.desk(xa, 'jo');
      await at_xa.go(`/cases/${cases[0].ours}`);
      await at_xa.page.getByRole('list', { name: words.t('case.timeline'), exact: true }).getByText(words.kind('trace.correction'), { exact: true }).waitFor();
    });
  },
};

async function correct(stage, desk, number) {
  const { words, lang } = stage;
  await desk.go(`/compose?act=correct&case=${number}`);
  const form = new Form(desk, desk.page.locator('main'));
  await form.part('compose.section.reason').text('TraceCorrection', 'reason_text', REASON[lang]);
  await form.part('compose.section.results').box('ItemResult', 'period_covered').first().fill(LATER[lang]);
  await desk.button('compose.review').click();
  await desk.heading('compose.review.title').waitFor();
  await desk.heading('compose.review.difference').waitFor();
  await desk.button('compose.send', { to: words.party('XA') }).click();
}

// By the API: the same from somebody who may also release. Answers the number of the release.
async function mia_corrects(ask, number, period) {
  const { timeline } = await done(ask('GET', `/v1/traces/${number}?with_records=true`), 'trace_show');
  const { results } = timeline.find((one) => one.kind === 'trace.response').record.trace_response;
  const trace_correction = { reason_text: 'The period was longer than we said.', results: results.map((one) => ({ ...one, period_covered: period })) };
  const { status, body } = await ask('POST', `/v1/traces/${number}/correct`, { record: { trace_correction } });
  assert.deepEqual([status, body.code], [202, 'AWAITS_RELEASE']);
  return body.path;
}
