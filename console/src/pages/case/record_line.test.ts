// Goal: each record of a case is told in the reader's language, as the node tells it in English; what the record says
// is never taken for words of the console; what is not known falls back to the node's line. Method: the schema, code
// lists and messages as they are; the kinds and limits of the node's source.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { Schema } from '../../forms/schema';
import type { Json } from '../../forms/values';
import { format, LANGUAGES, lang, set_lang, type Lang } from '../../i18n';
import { line_of, LINES, MOST_BYTES, MOST_LISTED, type Names } from './record_line';

const script = (name: string): Promise<any> => import(new URL(`../../../scripts/${name}`, import.meta.url).href);
const { ROOT } = await script('api_source.mjs');
const stub = await script('stub/schema.mjs');
const SOURCE = readFileSync(join(ROOT, 'node/desk/summaries.cc'), 'utf8');

interface Codes { lists: { name: string; codes: { code: string; label: string }[] }[]; countries: { code: string; label: string }[] }
function names_in(language: Lang): Names {
  const { lists, countries } = stub.codes(language) as Codes;
  return {
    code: (list, code) => lists.find((one) => one.name === list)?.codes.find((one) => one.code === code)?.label ?? code,
    country: (code) => countries.find((one) => one.code === code)?.label ?? code,
  };
}
const made = new Map<Lang, { schema: Schema; names: Names }>();
function of(language: Lang) {
  if (!made.has(language)) made.set(language, { schema: new Schema(stub.schema(language)), names: names_in(language) });
  return made.get(language)!;
}

const REQUEST = { trace_request: { case_ref_requester: 'XA/1', items: [{ item_no: 1 }, { item_no: 7 }] } };
async function pieces(language: Lang, record: unknown) {
  await set_lang(language);
  const { schema, names } = of(language);
  return line_of(record, schema, REQUEST, names);
}
/** What the record says stands in ⟦⟧. */
const said = async (language: Lang, record: Json): Promise<string> =>
  ((await pieces(language, record)) ?? []).map((each) => (each.theirs ? `⟦${each.text}⟧` : each.text)).join('');
const plain = async (language: Lang, record: Json): Promise<string> => (await said(language, record)).replace(/[⟦⟧]/g, '');

const results = (count: number, more: Json = {}) =>
  Array.from({ length: count }, (_, i) => ({ item_no: i + 1, result: i % 3 ? 'EXPORTED' : 'NO_RECORD', completeness: 'FULL', ...more }));
const SERIAL = 'trace_request.items[1].serial_raw';

// One of each kind, and of each form that a line has.
const RECORDS: [string, Json, string][] = [
  ['trace_request', { case_ref_requester: 'XA/1', items: [{}] }, 'request XA/1: 1 weapon'],
  ['trace_request', { case_ref_requester: 'XA/1', items: [{}, {}] }, 'request XA/1: 2 weapons'],
  ['trace_ack', { case_ref_requested: 'XB/9', expected_by: '2026-12-24', note: 'On paper.' }, 'reference XB/9, answer expected by 2026-12-24; On paper.'],
  ['trace_info_request', { missing: [{ path: SERIAL, question: 'O or 0?' }], reply_wanted_by: '2026-03-12' },
    'asks for serial number, as seen (Weapon 7): O or 0?; wanted by 2026-03-12'],
  ['trace_info_request', { missing: Array.from({ length: 6 }, () => ({ path: 'trace_request.circumstances.narrative', question: 'q' })) }, 'asks for {f}: q; {f}: q; {f}: q; {f}: q; and 2 more'],
  ['trace_info_supply', { answers: [{ path: SERIAL, value: 'DA01', confidence: 'CERTAIN' }, { path: 'x.y', value: 'z' }], amended: [{ version: 2, item: { item_no: 1 } }] },
    'serial number, as seen (Weapon 7): DA01 (certain); x.y: z; Weapon 1: described anew, version 2'],
  ['trace_delay', { ground: 'NATIONAL_SECURITY', expected_by: '2026-06-30', reason_text: 'A loss.', item_nos: [1, 7] }, '{g} (Weapon 1, Weapon 7), until 2026-06-30: A loss.'],
  ['trace_delay', { ground: 'NATIONAL_SECURITY', expected_by: '2026-06-30', reason_text: 'A loss.', item_nos: [1, 2, 3, 4, 5] }, '{g} (5 weapons), until 2026-06-30: A loss.'],
  ['trace_delay', { ground: 'NATIONAL_SECURITY', expected_by: '2026-06-30', reason_text: 'A loss.' }, '{g}, until 2026-06-30: A loss.'],
  ['trace_interim', { results: results(1), expected_by: '2026-06-30' }, 'Weapon 1: {n}; more expected by 2026-06-30'],
  ['trace_response', { results: results(2, { completeness: 'RESTRICTED' }) }, 'Weapon 1: {n} ({r}), Weapon 2: {e} ({r})'],
  ['trace_response', { results: results(7) }, '7 weapons: 3 × {n}, 4 × {e}'],
  ['trace_refusal', { ground: 'NATIONAL_SECURITY', reason_text: 'No.' }, '{g}: No.'],
  ['trace_clarify', { text: 'Why?' }, 'Question: Why?'],
  ['trace_clarify_reply', { text: 'So.', results: results(1) }, 'So.; Weapon 1: {n}'],
  ['trace_withdraw', { reason: 'OTHER', text: 'Found.' }, '{o}: Found.'],
  ['trace_withdraw', { reason: 'OTHER' }, '{o}'],
  ['trace_close', { useful: true, next_asked: ['XB', 'XC'], action_taken: 'Taken.', shared_back: 'Back.' }, 'the answer helped; asks next: {B} and {C}; Taken.; Back.'],
  ['trace_close', { useful: false }, 'the answer did not help'],
  ['trace_close', {}, 'not known whether the answer helped'],
  ['trace_reopen', { new_information: 'A mark.' }, 'new: A mark.'],
  ['trace_correction', { results: results(1), reason_text: 'Misread.' }, 'Weapon 1: {n}; Misread.'],
];
function filled(words: string): string {
  const { names, schema } = of('en');
  const known: Record<string, string> = {
    g: names.code('ground', 'NATIONAL_SECURITY'), n: names.code('result_per_item', 'NO_RECORD'), e: names.code('result_per_item', 'EXPORTED'),
    r: names.code('completeness', 'RESTRICTED'), o: names.code('withdraw_reason', 'OTHER'), B: names.country('XB'), C: names.country('XC'),
    f: schema.at('trace_request.circumstances.narrative')!.field.label,
  };
  return words.replace(/\{(\w)\}/g, (_, name: string) => known[name]!).replace(/\d{4}-\d\d-\d\d/g, format.day);
}

afterEach(() => set_lang('en'));

describe('a record in one line', () => {
  it.each(RECORDS)('is told in English: %s %#', async (kind, body, words) => {
    expect(await plain('en', { header: {}, [kind]: body })).toBe(filled(words));
  });

  it('has a line for each kind that the node has one for, cut alike', () => {
    const kinds = [...SOURCE.matchAll(/case pb::Record::k(\w+):/g)].map((m) => m[1]!.replace(/(?<!^)[A-Z]/g, '_$&').toLowerCase());
    expect(Object.keys(LINES).sort()).toEqual(kinds.sort());
    expect(new Set(RECORDS.map(([kind]) => kind))).toEqual(new Set(kinds));
    expect([MOST_BYTES, MOST_LISTED]).toEqual(['kMaxInLine', 'kMaxListed'].map((name) => Number(new RegExp(`${name} = (\\d+);`).exec(SOURCE)?.[1])));
  });

  it.each(LANGUAGES.filter((one) => one !== 'en'))('has no word of English in %s', async (language) => {
    for (const [kind, body] of RECORDS) {
      const line = (await pieces(language, { [kind]: body }))!;
      const words = line.filter((each) => !each.theirs).map((each) => each.text).join('');
      expect(words, kind).not.toMatch(/[{}\u0001]|case\.|undefined|NaN/);
      expect(words, kind).not.toMatch(/\b(weapons?|the|by|asks|until|more|reference|expected|answer|helped|anew|item)\b/i);
      if (language !== 'fr' && language !== 'es') expect(words, kind).not.toMatch(/[a-z]/i);
    }
  });

  it('counts as each language does', async () => {
    const count = async (language: Lang, n: number): Promise<string> => plain(language, { trace_request: { case_ref_requester: 'R', items: Array(n).fill({}) } });
    const all = async (language: Lang, numbers: number[]) => Promise.all(numbers.map(async (n) => (await count(language, n)).split(/[:：]\s*/)[1]));
    expect(await all('ru', [1, 2, 5, 21, 22])).toEqual(['1 единица оружия', '2 единицы оружия', '5 единиц оружия', '21 единица оружия', '22 единицы оружия']);
    expect(await all('ar', [1, 2, 3, 11, 100])).toEqual(['سلاح واحد', 'سلاحان', '3 أسلحة', '11 سلاحًا', '100 سلاح']);
    expect(await all('zh', [1, 12])).toEqual(['1 件武器', '12 件武器']);
    expect(await all('fr', [1, 2])).toEqual(['1 arme', '2 armes']);
    expect(await all('es', [1, 2])).toEqual(['1 arma', '2 armas']);
  });

  it('has days, codes and fields in the reader’s words, what the record says apart', async () => {
    const ack = { trace_ack: { case_ref_requested: 'XB/9', expected_by: '2026-12-24', note: 'On paper.' } };
    expect(await said('zh', ack)).toBe('编号 ⟦XB/9⟧，预计 ⟦2026年12月24日⟧前答复；⟦On paper.⟧');
    expect(await said('ar', ack)).toMatch(/^المرجع ⟦XB\/9⟧، الرد متوقع بحلول ⟦24[^⟧]*2026⟧؛ ⟦On paper\.⟧$/);
    const asks = { trace_info_request: { missing: [{ path: SERIAL, question: 'O or 0?' }] } };
    const label = of('zh').schema.at(SERIAL)!.field.label;
    expect(label).toMatch(/\p{Script=Han}/u);
    expect(await said('zh', asks)).toBe(`要求提供：⟦${label}⟧（武器 7）：⟦O or 0?⟧`);
    expect(await said('zh', { trace_response: { results: results(1) } })).toBe(`武器 1：⟦${of('zh').names.code('result_per_item', 'NO_RECORD')}⟧`);
  });

  it('cuts a text where the node does, and lets none pass for words of the console', async () => {
    const cut = async (words: string) => plain('en', { trace_clarify: { text: words } });
    expect(await cut('x'.repeat(MOST_BYTES))).toBe(`Question: ${'x'.repeat(MOST_BYTES)}`);
    expect(await cut('x'.repeat(MOST_BYTES + 1))).toBe(`Question: ${'x'.repeat(MOST_BYTES)}…`);
    expect(await cut(`xx${'武'.repeat(30)}`)).toBe(`Question: xx${'武'.repeat(19)}…`);
    expect(await cut(`xxx${'😀'.repeat(30)}`)).toBe(`Question: xxx${'😀'.repeat(14)}…`);
    expect(await said('en', { trace_clarify: { text: '{label} \u00010\u0001 <b>' } })).toBe('Question: ⟦{label} \u00010\u0001 <b>⟧');
  });

  it('is left to the node where the record is not here, or of a later kind', async () => {
    expect(lang.current).toBe('en');
    for (const record of [undefined, null, {}, { header: { subject: 's' } }, { header: {}, trace_later: { text: 't' } }, { trace_ack: 'no message' }])
      expect(await pieces('ar', record)).toBeUndefined();
    // What a record lacks is no reason to fail.
    for (const kind of Object.keys(LINES)) expect(await pieces('en', { [kind]: {} }), kind).toBeDefined();
    expect(await plain('en', { trace_response: { results: 'none' } })).toBe('');
  });
});
