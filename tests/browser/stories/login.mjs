// Entering by name and password; a name that is locked after wrong ones; leaving.
import assert from 'node:assert/strict';
import { password_of } from '../world.mjs';

export default {
  name: 'login',
  async run(stage) {
    const { words, lang } = stage;
    const node = await stage.world.apart();
    const name = `lo.${lang}`;
    const desk = await stage.desk(node, null);
    const { page } = desk;
    const type = async (password) => {
      await page.getByRole('textbox', { name: words.t('shell.login.name') }).fill(name);
      await page.getByLabel(words.t('shell.login.password')).fill(password);
      await page.keyboard.press('Enter');
    };

    await stage.step('a page asked for by somebody who is not in is the login', async () => {
      await page.goto(`${node.url}/settings`);
      await desk.heading('shell.login.title').waitFor();
      await stage.picture(desk, 'login');
    });
    await stage.step('name and password open it, at the page that was asked for', async () => {
      await type(password_of(name));
      await desk.heading('shell.settings.reading').waitFor();
      assert.equal(new URL(page.url()).pathname, '/settings');
      await page.getByText(words.t('shell.role.OFFICER')).first().waitFor();
    });
    await stage.step('leaving ends the session, not only the page', async () => {
      const cookies = await desk.context.cookies();
      await desk.button('shell.logout').click();
      await desk.heading('shell.login.title').waitFor();
      await desk.context.addCookies(cookies);
      await page.goto(`${node.url}/settings`);
      await desk.heading('shell.login.title').waitFor();
    });
    await stage.step('wrong passwords are told, the name stays', async () => {
      for (let i = 0; i < 5; i += 1) {
        await type(`not the right one ${i}`);
        await page.getByRole('alert').getByText(words.t('shell.error.PASSPHRASE')).waitFor();
        await page.getByLabel(words.t('shell.login.password')).fill('');
      }
      assert.equal(await page.getByRole('textbox', { name: words.t('shell.login.name') }).inputValue(), name);
    });
    await stage.step('then the name is locked, with the time to wait, also for the right one', async () => {
      await type(password_of(name));
      await page.getByRole('alert').getByText(words.t('shell.login.locked', { seconds: 60 }).split(/\d+/)[0].trim()).waitFor();
      await stage.picture(desk, 'locked');
    });
    await stage.step('a used link is refused in words; a fresh one opens all the same', async () => {
      const link = await node.link(name);
      await page.goto(link);
      await page.locator('main h1').first().waitFor({ state: 'attached' });
      const other = await stage.desk(node, null);
      await other.page.goto(link);
      await other.page.getByRole('alert').getByText(words.t('shell.login.link_refused')).waitFor();
      assert.equal(new URL(other.page.url()).hash, '');
    });
  },
};
