// Goal: every message of every language reads as the standard's formatter makes it. Method: each one with many
// numbers and words, by render() and by intl-messageformat.
import { IntlMessageFormat } from 'intl-messageformat';
import { describe, expect, it } from 'vitest';
// @ts-expect-error a script without types
import { LANGUAGES, readCatalogue } from '../../scripts/catalogue.mjs';
// @ts-expect-error a script without types
import { compile_message } from '../../scripts/compile_message.mjs';
import { render, type Args } from './render';

const NUMBERS = [0, 1, 2, 3, 5, 11, 21, 22, 100, 1000, 1_000_000];
const folder = new URL('../../messages', import.meta.url).pathname;
const names = (text: string) => [...new Set([...text.matchAll(/\{\s*(\w+)/g)].map((m) => m[1]!))];

describe('render', () => {
  it.each(LANGUAGES as string[])('reads alike in %s', (lang) => {
    const locale = `${lang}-u-nu-latn`;
    for (const [key, text] of Object.entries(readCatalogue(folder, lang) as Record<string, string>)) {
      if (!/[{']/.test(text)) continue;
      const format = new IntlMessageFormat(text, locale, undefined, { ignoreTag: true });
      const message = compile_message(text);
      for (const n of NUMBERS) {
        const args: Args = Object.fromEntries(names(text).map((name) => [name, n]));
        expect(render(message, locale, args), key).toBe(String(format.format(args)));
      }
    }
  });
  it('knows quotes, nesting, offsets and ordinals', () => {
    for (const text of ["it''s {n}", "'{'not an argument'}' {n}", '{n, plural, offset:1 =0 {none} one {# and {x}} other {# more}}', '{n, selectordinal, one {#st} two {#nd} few {#rd} other {#th}}', '{x, select, a {{n, number}} other {#}}'])
      for (const n of [0, 1, 2, 3, 4, 21])
        for (const x of ['a', 'b']) expect(render(compile_message(text), 'en', { n, x })).toBe(String(new IntlMessageFormat(text, 'en').format({ n, x })));
  });
});
