// A session that nobody uses ends, though the page goes on showing what changes; what was typed stays, and
// one goes on where one was. The node of this story ends sessions after a minute.
import assert from 'node:assert/strict';
import { Form } from '../form.mjs';
import { password_of } from '../world.mjs';

const TYPED = { en: 'Firearms Act, section 12', ar: 'قانون الأسلحة النارية، المادة 12', zh: '《枪支法》第12条' };

let changing; // once, for all languages

async function change(node) {
  const role = (flip = !flip) ? 'officer' : 'auditor';
  await node.focal(['people', 'role', 'nobody', '--role', role, '--reason', 'something to be told of']).catch(() => undefined);
}
let flip = false;

export default {
  name: 'idle',
  // Before the other stories: the minute passes while they run.
  async prepare(stage) {
    stage.node = await stage.world.apart();
    const desk = (stage.idle = await stage.desk(stage.node, `id.${stage.lang}`));
    await desk.go('/compose');
    await box(desk).fill(TYPED[stage.lang]);
    await desk.page.getByText(stage.words.pattern('forms.draft.kept', 'time')).waitFor();
    // Meanwhile things change, which the page asks for by itself.
    changing ??= setInterval(() => void change(stage.node), 5000).unref();
  },
  async run(stage) {
    const { words, lang, node, idle: desk } = stage;
    await stage.step('the page says by itself that the session has ended', async () => {
      await desk.dialog.getByRole('heading', { name: words.t('shell.lost.title') }).waitFor({ timeout: 120_000 });
      await stage.picture(desk, 'ended');
    });
    await stage.step('what was typed is there after entering again', async () => {
      await desk.dialog.getByLabel(words.t('shell.login.password')).fill(password_of(`id.${lang}`));
      await desk.page.keyboard.press('Enter');
      await desk.dialog.waitFor({ state: 'hidden' });
      assert.equal(await box(desk).inputValue(), TYPED[lang]);
    });
    await stage.step('and the work goes on', async () => {
      await box(desk).fill(`${TYPED[lang]} (2)`);
      await desk.page.getByText(words.pattern('forms.draft.kept', 'time')).waitFor();
      const drafts = await (await node.caller(`id.${lang}`))('GET', '/v1/drafts');
      assert.equal(drafts.body.drafts.length, 1);
    });
  },
};

const box = (desk) => new Form(desk, desk.page.locator('main')).part('compose.section.why').box('TraceRequest', 'legal_justification');
