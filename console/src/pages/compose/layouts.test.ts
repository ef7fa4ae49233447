// Goal: the layouts of tracing name fields that there are, and forget none. Method: the schema made
// from proto/*.proto; each kind of tracing.
import { expect, test } from 'vitest';
import { set_lang, t_or } from '../../i18n';
import { completed } from '../../forms/layout';
import { Schema, type SchemaResponse } from '../../forms/schema';
import { act_named } from './acts';
import { HELP, layout_for, MESSAGES } from './layouts';
import { corrected } from './corrected';

// Plain JavaScript, of the stub of the API.
const { schema } = await import(new URL('../../../scripts/stub/schema.mjs', import.meta.url).href);
const SCHEMA = new Schema(schema('en') as SchemaResponse);
const KINDS = SCHEMA.kinds.filter((kind) => kind.life === 'tracing');
const made = (kind: (typeof KINDS)[number]) => layout_for({ schema: SCHEMA, kind, titles: {} });

test.each(KINDS.map((kind) => [kind.name, kind] as const))('%s', (_, kind) => {
  const layout = made(kind);
  const named = layout.sections.flatMap((section) => section.fields);
  expect(named.filter((path) => !SCHEMA.at(path))).toEqual([]);
  expect(new Set(named).size).toBe(named.length);
  // How it may be handled is always there to be seen.
  expect(named).toContain('header.label.tlp');
  const all = completed(SCHEMA, kind, layout).sections.flatMap((section) => section.fields);
  const omit = [...(layout.messages?.[kind.message]?.omit ?? []), ...(layout.messages?.Header?.omit ?? [])];
  for (const [root, message] of [[kind.field, kind.message], ['header', 'Header']] as const)
    for (const field of SCHEMA.message(message)!.fields)
      if (!omit.includes(field.name))
        expect(all.some((path) => path === `${root}.${field.name}` || path.startsWith(`${root}.${field.name}.`)), field.name).toBe(true);
});

test('help and orders name fields that there are', async () => {
  await set_lang('en');
  for (const key of HELP) {
    expect(SCHEMA.field(key.split('.')[0]!, key.split('.')[1]!), key).toBeDefined();
    expect(t_or(`compose.help.${key}`, ''), key).not.toBe('');
  }
  for (const [message, layout] of Object.entries(MESSAGES))
    for (const name of [...(layout.order ?? []), ...(layout.promote ?? []), ...(layout.omit ?? [])])
      expect(SCHEMA.field(message, name), `${message}.${name}`).toBeDefined();
});

test('every kind of tracing is sent by an act', () => {
  const sent = ['open', 'ack', 'ask', 'supply', 'delay', 'interim', 'answer', 'refuse', 'clarify', 'reply', 'correct', 'withdraw', 'close', 'reopen']
    .map((act) => act_named(act)?.kind);
  expect(new Set(sent)).toEqual(new Set(KINDS.map((kind) => kind.name)));
});

test('a correction replaces the last answer in force', () => {
  const answer = (ref: string) => ({ trace_response: { case_ref_requested: ref, results: [{ item_no: 1 }] } });
  const timeline = [
    { effect: 'TAKES_EFFECT', record: { trace_request: { items: [] } } },
    { effect: 'TAKES_EFFECT', record: answer('1') },
    { effect: 'OUT_OF_ORDER', record: answer('2') },
    { effect: 'TAKES_EFFECT', record: { trace_ack: {} } },
  ];
  expect(corrected(timeline)).toEqual(answer('1'));
  expect(corrected([])).toBeUndefined();
});
