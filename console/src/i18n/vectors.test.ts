// Goal: the messages read alike here and in C++, whose library (ICU) is not the browser's. Method: every message with
// an argument or a quote, rendered in each language with the numbers that languages tell apart; the lines are those
// of tests/vectors/messages.jsonl, which tests/unit/console/messages_test.cc renders too.
// After a message has changed: FOCAL_VECTORS=FILE writes them anew (tests/vectors/README.md).
import { parse, TYPE, type MessageFormatElement } from '@formatjs/icu-messageformat-parser';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
// @ts-expect-error a script without types
import { ROOT } from '../../scripts/api_source.mjs';
// @ts-expect-error a script without types
import { LANGUAGES, readCatalogue } from '../../scripts/catalogue.mjs';
// @ts-expect-error a script without types
import { compile_message } from '../../scripts/compile_message.mjs';
import { render, type Args } from './render';

const NUMBERS = [0, 1, 2, 5, 21, 1_000_000];
const folder = new URL('../../messages', import.meta.url).pathname;

interface Wants {
  texts: Set<string>;
  numbers: Set<string>;
  choices: Map<string, string[]>;
}

function wanted(parts: MessageFormatElement[], out: Wants): Wants {
  for (const part of parts) {
    if (part.type === TYPE.argument) out.texts.add(part.value);
    if (part.type === TYPE.number) out.numbers.add(part.value);
    if (part.type === TYPE.plural) out.numbers.add(part.value);
    if (part.type === TYPE.select) out.choices.set(part.value, Object.keys(part.options));
    if (part.type === TYPE.plural || part.type === TYPE.select)
      for (const option of Object.values(part.options)) wanted(option.value, out);
  }
  return out;
}

/** The arguments to try a message with. */
function trials(text: string): Args[] {
  const wants = wanted(parse(text, { ignoreTag: true }), { texts: new Set(), numbers: new Set(), choices: new Map() });
  const texts = Object.fromEntries([...wants.texts].filter((name) => !wants.numbers.has(name)).map((name, i) => [name, `X${'ABCDEFGH'[i]}`]));
  let all: Args[] = wants.numbers.size === 0 ? [texts] : NUMBERS.map((n) => ({ ...texts, ...Object.fromEntries([...wants.numbers].map((name) => [name, n])) }));
  for (const [name, options] of wants.choices) all = all.flatMap((args) => options.map((option) => ({ ...args, [name]: option })));
  return all;
}

function lines(): string[] {
  return (LANGUAGES as string[]).flatMap((lang) =>
    Object.entries(readCatalogue(folder, lang) as Record<string, string>).filter(([, text]) => /[{']/.test(text)).flatMap(([key, text]) =>
      trials(text).map((args) => JSON.stringify({ lang, key, args, text: render(compile_message(text), `${lang}-u-nu-latn`, args) }))));
}

it('reads as in C++', () => {
  const mine = lines();
  if (process.env.FOCAL_VECTORS) writeFileSync(process.env.FOCAL_VECTORS, mine.join('\n') + '\n');
  const file = process.env.FOCAL_VECTORS ?? join(ROOT, 'tests/vectors/messages.jsonl');
  expect(mine.length).toBeGreaterThan(1000);
  const other = readFileSync(file, 'utf8').trimEnd().split('\n');
  const differ = mine.filter((line, i) => line !== other[i]);
  expect(differ.slice(0, 3), 'renew tests/vectors/messages.jsonl').toEqual([]);
  expect(other.length).toBe(mine.length);
});
