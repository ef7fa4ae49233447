// What stands in a case now, from its records: the description of each weapon, the answer to it, and
// where it was found. Pure. The node says which records take effect, and what the result is; this
// only finds the record that says so.
import { is_object, type Json, type Value } from '../../forms/values';
import { entry, join } from '../../forms/path';
import type { ResultFacts } from '../../pictures/supply_steps';

export interface EntryFacts { rid?: string; from?: string; effect?: string; record?: object | null | undefined }
export interface ItemFacts { item_no?: number; result?: string; completeness?: string; version?: number }

// A part of a record: the message at `path` in it.
export interface Found {
  rid: string;
  record: Json;
  path: string;          // trace_request.items[0]
}
export interface Described extends Found {
  item: Json;            // a WeaponItem
  version: number;       // 1: as requested
}
export interface Answered extends Found {
  result: ResultFacts & Json;
  from: string;
}
export interface Asked {
  path: string;          // of the field that is asked for
  question: string;
}

const TAKES_EFFECT = 'TAKES_EFFECT';

interface Body { record: Json; name: string; body: Json; rid: string; from: string }

// The message of the record's kind, whichever it is.
function body_of({ record, rid = '', from = '' }: EntryFacts): Body[] {
  if (!is_object(record)) return [];
  return Object.entries(record).flatMap(([name, body]) =>
    (name !== 'header' && is_object(body) ? [{ record, name, body, rid, from }] : []));
}

const taken = (timeline: readonly EntryFacts[]): Body[] =>
  timeline.filter((each) => each.effect === TAKES_EFFECT).flatMap(body_of);

function each_in(body: Body, list: string): { value: Json; path: string }[] {
  const values: Value | undefined = body.body[list];
  if (!Array.isArray(values)) return [];
  return values.flatMap((value, i) => (is_object(value) ? [{ value, path: entry(join(body.name, list), i) }] : []));
}

// A weapon in one line, as the node says it in English: make, model, calibre, type.
export function item_words(item: Json, type_words: (code: string) => string): string {
  const type = String(item['type'] ?? '');
  return [item['make'], item['model'], item['calibre_raw'], type ? type_words(type) : '']
    .map((each) => String(each ?? '')).filter((each) => each !== '').join(', ');
}

// The same of the case's weapon with this number; the node's own words where no record is at hand.
export function words_of_item(timeline: readonly EntryFacts[], item: { item_no: number; description: string }, type_words: (code: string) => string): string {
  const described = described_item(timeline, item.item_no);
  return described ? item_words(described.item, type_words) : item.description;
}

// The description with the highest version, as amended since the request.
export function described_item(timeline: readonly EntryFacts[], item_no: number): Described | undefined {
  let out: Described | undefined;
  for (const body of taken(timeline)) {
    const { rid, record } = body;
    for (const { value, path } of each_in(body, 'items'))
      if (value['item_no'] === item_no && !out) out = { item: value, rid, record, path, version: 1 };
    for (const { value, path } of each_in(body, 'amended')) {
      const item = value['item'];
      const version = Number(value['version']);
      if (is_object(item) && item['item_no'] === item_no && version >= (out?.version ?? 1))
        out = { item, rid, record, path: join(path, 'item'), version };
    }
  }
  return out;
}

// The last answer to an item that took effect. If the node names another result than that one has,
// the last that agrees with the node.
export function answered_item(timeline: readonly EntryFacts[], facts: ItemFacts): Answered | undefined {
  const all: Answered[] = [];
  for (const body of taken(timeline))
    for (const { value, path } of each_in(body, 'results'))
      if (value['item_no'] === facts.item_no)
        all.push({ result: value as ResultFacts & Json, rid: body.rid, record: body.record, path, from: body.from });
  const agrees = (each: Answered): boolean =>
    each.result.result === facts.result && each.result.completeness === facts.completeness;
  return all.findLast(agrees) ?? (facts.result ? undefined : all.at(-1));
}

// What was asked for last, and may not be supplied yet.
export function asked_last(timeline: readonly EntryFacts[]): Asked[] {
  const last = taken(timeline).findLast((body) => Array.isArray(body.body['missing']));
  return last ? each_in(last, 'missing').map(({ value }) => ({ path: String(value['path'] ?? ''), question: String(value['question'] ?? '') })) : [];
}

// The request of the case, if it is here.
export function request_record(timeline: readonly EntryFacts[]): Json | undefined {
  return timeline.flatMap(body_of).find((body) => Array.isArray(body.body['items']))?.record;
}

// Where and when the weapons were found, as the request says.
export function find_of(timeline: readonly EntryFacts[]): { country: string; date?: { value?: string; circa?: boolean } } | undefined {
  for (const { body } of timeline.flatMap(body_of)) {
    const circumstances = body['circumstances'];
    if (!is_object(circumstances) || typeof circumstances['found_country'] !== 'string') continue;
    const date = circumstances['found_date'];
    return { country: circumstances['found_country'], ...(is_object(date) ? { date: date as { value?: string; circa?: boolean } } : {}) };
  }
  return undefined;
}
