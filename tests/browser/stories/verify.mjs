// Two officers compare the sixty digits, each at his own screen: a wrong group is seen at once, who one is is
// asked again, and then each partner is verified. Then they begin a meeting in person, with a code to be scanned.
import assert from 'node:assert/strict';
import { password_of } from '../world.mjs';

const PARTY = { en: 'XC', ar: 'XD', zh: 'XE' };
const CONFIRM_MS = 60_000; // confirm_minutes = 1 of these nodes

export default {
  name: 'verify',
  // Before the other stories: by the time it runs, nobody has lately shown who he is.
  async prepare(stage) {
    const { xa } = stage.world;
    stage.other = await stage.world.stranger(PARTY[stage.lang]);
    stage.jo = await stage.desk(xa, `ve.${stage.lang}`);
    stage.owner = await stage.desk(stage.other, '');
    stage.entered = Date.now();
    await stage.jo.go(`/peers/${PARTY[stage.lang]}`);
    await stage.owner.go('/peers/XA');
  },
  async run(stage) {
    const { words, jo, owner, other } = stage;
    const ends = [{ desk: jo, party: other.party }, { desk: owner, party: 'XA' }];
    await stage.step('nothing passes before; both screens show a number', async () => {
      for (const { desk, party } of ends) {
        await desk.page.getByText(words.t('trust.level.NONE'), { exact: true }).first().waitFor();
        await desk.button('trust.compare_number').click();
        await desk.heading('trust.verify.title', { party }).waitFor();
      }
    });
    const [read_by_jo, read_by_owner] = await Promise.all(ends.map(({ desk }) => digits(desk)));
    await stage.step('a wrong digit is marked where it is; it cannot be verified so', async () => {
      const wrong = read_by_owner.replace(/\d$/, (last) => String((Number(last) + 1) % 10));
      await typed(jo).fill(wrong);
      await jo.dialog.getByText(words.t('trust.verify.differs', { n: 1 })).waitFor();
      assert.equal(await jo.dialog.getByText(words.t('pictures.number.differs'), { exact: true }).count(), 1);
      assert.equal(await jo.button('trust.verify.button', {}, jo.dialog).getAttribute('aria-disabled'), 'true');
      await stage.picture(jo, 'wrong');
    });
    await stage.step('the right number fits at both ends', async () => {
      for (const [desk, read] of [[jo, read_by_owner], [owner, read_by_jo]]) {
        await typed(desk).fill(read.replace(/(\d{5})/g, '$1 '));
        await desk.dialog.getByText(words.t('trust.verify.all_fit')).waitFor();
      }
    });
    await new Promise((passed) => setTimeout(passed, Math.max(0, stage.entered + CONFIRM_MS - Date.now())));
    await stage.step('with the password again, as the officer, XA verifies', async () => {
      await jo.button('trust.verify.button', {}, jo.dialog).click();
      const again = jo.page.getByRole('dialog', { name: words.t('shell.confirm.title') });
      await again.getByLabel(words.t('shell.login.password')).fill('not my password');
      await jo.button('shell.confirm.button', {}, again).click();
      await again.getByRole('alert').getByText(words.t('shell.error.PASSPHRASE')).waitFor();
      await stage.picture(jo, 'confirm');
      await again.getByLabel(words.t('shell.login.password')).fill(password_of(`ve.${stage.lang}`));
      await jo.button('shell.confirm.button', {}, again).click();
      await verified(jo);
    });
    await stage.step('with a new link, as one without a password, the other end does', async () => {
      await owner.button('trust.verify.button', {}, owner.dialog).click();
      const again = owner.page.getByRole('dialog', { name: words.t('shell.confirm.title') });
      await again.getByRole('textbox', { name: words.t('shell.link.label') }).fill(await other.link());
      await stage.picture(owner, 'confirm-link');
      await owner.button('shell.confirm.button', {}, again).click();
      await verified(owner);
    });
    await stage.step('the connection comes up, and the pages say so', async () => {
      for (const { desk } of ends) await desk.page.getByText(words.t('trust.link.UP'), { exact: true }).first().waitFor({ timeout: 30_000 });
    });
    await stage.step('a meeting in person shows a code to be scanned', async () => {
      await jo.button('trust.meet').click();
      await jo.button('trust.meeting.begin', {}, jo.dialog).click();
      const code = jo.dialog.getByRole('img', { name: words.t('trust.meeting.show') });
      await code.waitFor();
      const { width, height } = await code.boundingBox();
      assert.ok(width >= 150 && Math.abs(width - height) < 2, `a code of ${width} × ${height}`);
      await stage.picture(jo, 'meeting');
      await jo.button('trust.meeting.stop', {}, jo.dialog).click();
      await jo.dialog.waitFor({ state: 'hidden' });
    });
  },
};

const typed = (desk) => desk.dialog.getByRole('textbox', { name: desk.t('trust.verify.typed') });

async function digits(desk) {
  const groups = await desk.dialog.getByRole('list', { name: desk.t('trust.verify.ours') }).locator('.digits').allTextContents();
  assert.equal(groups.length, 12);
  return groups.join('');
}

async function verified(desk) {
  await desk.dialog.first().waitFor({ state: 'hidden' });
  await desk.page.locator('main').getByText(desk.t('trust.level.VERIFIED'), { exact: true }).first().waitFor();
}
