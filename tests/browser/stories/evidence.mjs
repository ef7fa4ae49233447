// A case as a file for somebody who has no node: what is in it is told before it is saved, and the file passes
// focal-verify with the fingerprints that the page shows, and not when a byte of it is changed.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answer_case, done, open_case, request_record } from '../seed.mjs';

export default {
  name: 'evidence',
  async run(stage) {
    const { world: { xa, xb }, lang, words, tools: { root } } = stage;
    let number = '';
    await stage.step('a case is asked and answered', async () => {
      const [ask, other] = await Promise.all([xa.caller('jo'), xb.caller('jo')]);
      const found = await open_case(ask, other, 'XB', request_record(root, `Evidence ${lang}`));
      await answer_case(other, found.theirs, { ref: `XB/E/${lang}`, period: '2010 to 2016' });
      number = found.ours;
    });
    const jo = await stage.desk(xa, 'jo');
    const file = join(xa.base, `${lang}.focalproof`);
    const roots = [];

    await stage.step('it is made on the page of the case, and what is in it is told', async () => {
      await jo.go(`/cases/${number}`);
      await jo.state('trace_requester_state', 'NO_RECORD').waitFor();
      await jo.button('case.evidence').click();
      await jo.button('case.evidence.make', {}, jo.dialog).click();
      await jo.button('case.evidence.save', {}, jo.dialog).waitFor();
      for (const kind of ['trace.request', 'trace.ack', 'trace.response']) await jo.dialog.getByText(words.kind(kind)).first().waitFor();
      const shown = await jo.dialog.locator('dl').innerText();
      for (const party of ['XA', 'XB']) roots.push('--root', `${party}=${new RegExp(`\\(${party}\\)[^0-9a-f]*[^]*?([0-9a-f]{64})`).exec(shown)[1]}`);
      await stage.picture(jo, 'made');
    });
    await stage.step('the file that is saved passes focal-verify', async () => {
      const [download] = await Promise.all([jo.page.waitForEvent('download'), jo.button('case.evidence.save', {}, jo.dialog).click()]);
      assert.match(download.suggestedFilename(), new RegExp(`^${number}.*\\.focalproof$`));
      await download.saveAs(file);
      const { code, out } = await verify(xa.bin, file, [...roots, '--require', 'CARD,SIGNED,CONTENT,ACCEPTED']);
      assert.equal(code, 0, out);
    });
    await stage.step('with one byte changed it does not', async () => {
      const bytes = readFileSync(file);
      bytes[bytes.length >> 1] ^= 1;
      writeFileSync(file, bytes);
      const { code } = await verify(xa.bin, file, roots);
      assert.notEqual(code, 0);
    });
  },
};

function verify(bin, file, words) {
  return new Promise((told) => execFile(join(bin, 'focal-verify'), [file, ...words], (error, out, err) => told({ code: error?.code ?? 0, out: out + err })));
}
