// Goal: a missing text fails. Method: a catalogue in a scratch folder, spoiled in each way.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LANGUAGES } from './catalogue.mjs';
import { arguments_of, check, named_keys } from './check_messages.mjs';
import { doctor_codes, node_codes, problem_codes, retention_classes } from './node_codes.mjs';

let root;
const put = (lang, texts) => writeFileSync(join(root, 'messages/a', `${lang}.json`), JSON.stringify(texts));
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'messages-'));
  mkdirSync(join(root, 'messages/a'), { recursive: true });
  mkdirSync(join(root, 'src'));
  for (const lang of LANGUAGES) put(lang, { one: 'x {n}', 'code.A': 'y' });
  writeFileSync(join(root, 'src/p.svelte'), "{t('a.one', { n })}{t_or(`a.code.${c}`, c)}");
});
afterEach(() => rmSync(root, { recursive: true }));
const problems = () => check(join(root, 'messages'), join(root, 'src')).join('\n');

describe('check_messages', () => {
  it('is content with a whole catalogue', () => expect(problems()).toBe(''));
  it('sees a key that is missing in one language', () => {
    put('ar', { one: 'x {n}' });
    expect(problems()).toContain('a/ar.json: code.A is missing');
  });
  it('sees another argument', () => {
    put('fr', { one: 'x {m}', 'code.A': 'y' });
    expect(problems()).toContain('a/fr.json: one: has the arguments m text; en has n text');
  });
  it('sees what does not parse, is empty, or too much', () => {
    put('zh', { one: 'x {n', 'code.A': ' ', more: 'z' });
    expect(problems()).toMatch(/zh\.json: one: does not parse/);
    expect(problems()).toMatch(/code\.A: is empty/);
    expect(problems()).toMatch(/more: is not in en/);
  });
  it('sees a plural that lacks a form of the language', () => {
    for (const lang of LANGUAGES) put(lang, { one: '{n, plural, one {#} other {#}}', 'code.A': 'y' });
    expect(problems()).toMatch(/ru\.json: one: the plural lacks few, many/);
    expect(problems()).toMatch(/ar\.json: one: the plural lacks/);
    expect(problems()).not.toMatch(/fr\.json/);
  });
  it('sees a key that no text has, and a text that no source names', () => {
    writeFileSync(join(root, 'src/p.svelte'), "{t('a.two')}");
    expect(problems()).toContain('a.two: named in p.svelte, but there is no such text');
    expect(problems()).toContain('a.one: no source names it');
  });
  it('sees a code of the node that has no text', () => {
    const found = check(join(root, 'messages'), join(root, 'src'), new Map([['a.code.', ['A', 'B_C']]]));
    expect(found).toEqual(['a.code.B_C: the node says it, and there is no such text']);
    expect(check(join(root, 'messages'), join(root, 'src'), new Map([['a.code.', []]]))).toHaveLength(1);
  });
  it('reads the codes of the node', () => {
    expect(doctor_codes('# x\n`NOT_THIS`\n## When a link does not work\n`A_B` `HELD` `OK`\n## Next\n`C_D`')).toEqual(['A_B', 'HELD']);
    expect(problem_codes({ components: { responses: { a: { 'x-focal-codes': ['NOTE', 'HTTP_METHOD'] } } } })).toEqual(['NOTE']);
    expect(retention_classes('| `[retention]`: `b`, `a`, `other` | x `y` | `z` |\n| `[retention]`: `at` | when |\n')).toEqual(['a', 'b', 'other']);
    const all = node_codes();
    expect(all.get('doctor.code.').length).toBeGreaterThan(80);
    expect(all.get('shell.error.').length).toBeGreaterThan(30);
    expect(all.get('shell.role.')).toHaveLength(5);
  });
  it('reads keys and arguments', () => {
    expect(named_keys("t('a.x') `a.y.${z}`", ['a'])).toEqual({ keys: ['a.x'], starts: ['a.y.'] });
    expect(arguments_of('{a} {b, plural, other {# {c}}} {d, select, other {}}')).toEqual(['a text', 'b number', 'c text', 'd choice other']);
  });
});
