// Runs stories: each in its languages, step by step, a line for each; what fails says which step, in which
// language, and leaves pictures. The lines are those of GoogleTest, which packaging/ctest_count.awk counts.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { open_desk } from './desk.mjs';

const AT_ONCE = 2;

export class Stage {
  desks = [];
  #step = 'begin';

  // words: of this language. browser: Chromium. tools: { axe, pictures, story }.
  constructor(lang, words, world, browser, tools) {
    Object.assign(this, { lang, words, world, browser, tools });
  }

  // What somebody does and sees; ends the story where it is not so.
  async step(what, run) {
    this.#step = what;
    const began = Date.now();
    const found = await run();
    this.trouble();
    console.log(`    ${this.tools.story}.${this.lang}  ${what} (${Date.now() - began} ms)`);
    return found;
  }
  // What the browser complained of since: a step must not have any.
  trouble() {
    const all = this.desks.flatMap((desk) => desk.complaints.splice(0));
    if (all.length > 0) throw new Error([...new Set(all)].slice(0, 5).join('\n'));
  }

  // A window of a person at a node, in this language; by a link, as that costs no second of Argon2id.
  // as: '' = the node's owner; null = nobody enters. more: as Playwright's newContext.
  async desk(node, as, more = {}) {
    const desk = await open_desk(this, node, as, more);
    this.desks.push(desk);
    return desk;
  }
  async close() {
    for (const desk of this.desks.splice(0)) await desk.close().catch(() => undefined);
  }
  async picture(desk, name, full = false) {
    await desk.page.screenshot({ path: join(this.tools.pictures, `${this.tools.story}-${this.lang}-${name}.png`), fullPage: full, timeout: 10_000 });
  }
  // What there is to say of it, line by line.
  async failed(error) {
    const shown = [];
    for (const [i, desk] of this.desks.entries()) {
      const name = `failed-${i + 1}-${desk.node.party}`;
      const path = join(this.tools.pictures, `${this.tools.story}-${this.lang}-${name}`);
      await this.picture(desk, name).then(() => shown.push(`${path}.png`), () => undefined);
      // The same for those who read it in a log.
      await desk.page.locator('body').ariaSnapshot({ timeout: 5000 }).then((text) => writeFileSync(`${path}.txt`, `${desk.page.url()}\n${text}\n`), () => undefined);
    }
    const complaints = this.desks.flatMap((desk) => desk.complaints.splice(0));
    const lines = [String(error?.stack ?? error), ...complaints].flatMap((text) => text.split('\n').slice(0, 24));
    return [`    ${this.lang}  FAILED at: ${this.#step}`, ...lines.map((line) => `      ${line}`), ...shown.map((path) => `      picture: ${path}`)];
  }
}

// stories: { name, languages, run(stage) }; prepare(stage) where something takes its time while others run.
// Two run at a time. Answers how many failed.
export async function run_stories(stories, { words, world, browser, tools }) {
  mkdirSync(tools.pictures, { recursive: true });
  const all = stories.flatMap((story) => story.languages.map((lang) => ({ story, lang })));
  console.log(`[==========] Running ${all.length} tests`);
  for (const one of all) {
    one.stage = new Stage(one.lang, words.get(one.lang), world, browser, { ...tools, story: one.story.name });
    await one.story.prepare?.(one.stage).catch((error) => (one.unprepared = error));
  }
  let failed = 0;
  const waiting = [...all];
  const work = async () => {
    for (let one = waiting.shift(); one; one = waiting.shift()) if (!(await run_one(one))) failed += 1;
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  console.log(`${all.length - failed} passed, ${failed} failed`);
  return failed;
}

async function run_one({ story, lang, stage, unprepared }) {
  const name = `${story.name}.${lang}`;
  const began = Date.now();
  const said = [];
  try {
    if (unprepared) throw unprepared;
    await story.run(stage);
    stage.trouble();
  } catch (error) {
    said.push(...(await stage.failed(error)));
  }
  await stage.close();
  const good = said.length === 0;
  console.log([`[ RUN      ] ${name}`, ...said, `${good ? '[       OK ]' : '[  FAILED  ]'} ${name} (${Date.now() - began} ms)`].join('\n'));
  return good;
}
