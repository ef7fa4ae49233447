// What stands in a case now, from its records: the description of each weapon, the answer to it, and
// where it was found. Pure. The node says which records take effect, and what the result is; this
// only finds the record that says so.
import { is_object, type Json, type Value } from '../../forms/values';
import type { ResultFacts } from '../../pictures/supply_steps';

export interface EntryFacts { rid?: string; from?: string; effect?: string; record?: object | null | undefined }
export interface ItemFacts { item_no?: number; result?: string; completeness?: string; version?: number }

export interface Described {
  item: Json;            // a WeaponItem
  rid: string;           // of the record that describes it so
  version: number;       // 1: as requested
}
export interface Answered {
  result: ResultFacts & Json;
  rid: string;
  from: string;
}

const TAKES_EFFECT = 'TAKES_EFFECT';

const list_of = (value: Value | undefined): Json[] => (Array.isArray(value) ? value.filter(is_object) : []);

// The message of the record's kind, whichever it is.
function bodies(entry: EntryFacts): Json[] {
  const record = entry.record;
  if (!is_object(record)) return [];
  return Object.entries(record).flatMap(([name, value]) => (name !== 'header' && is_object(value) ? [value] : []));
}

const taken = (timeline: readonly EntryFacts[]): EntryFacts[] =>
  timeline.filter((entry) => entry.effect === TAKES_EFFECT);

// The description with the highest version, as amended since the request.
export function described_item(timeline: readonly EntryFacts[], item_no: number): Described | undefined {
  let out: Described | undefined;
  for (const entry of taken(timeline)) for (const body of bodies(entry)) {
    for (const item of list_of(body['items']))
      if (item['item_no'] === item_no && !out) out = { item, rid: entry.rid ?? '', version: 1 };
    for (const amended of list_of(body['amended'])) {
      const { item, version } = amended;
      if (is_object(item) && item['item_no'] === item_no && Number(version) >= (out?.version ?? 1))
        out = { item, rid: entry.rid ?? '', version: Number(version) };
    }
  }
  return out;
}

// The last answer to an item that took effect. If the node names another result than that one has,
// the last that agrees with the node.
export function answered_item(timeline: readonly EntryFacts[], facts: ItemFacts): Answered | undefined {
  const all: Answered[] = [];
  for (const entry of taken(timeline)) for (const body of bodies(entry))
    for (const result of list_of(body['results']))
      if (result['item_no'] === facts.item_no)
        all.push({ result: result as ResultFacts & Json, rid: entry.rid ?? '', from: entry.from ?? '' });
  const agrees = (each: Answered): boolean =>
    each.result.result === facts.result && each.result.completeness === facts.completeness;
  return all.findLast(agrees) ?? (facts.result ? undefined : all.at(-1));
}

// Where and when the weapons were found, as the request says.
export function find_of(timeline: readonly EntryFacts[]): { country: string; date?: { value?: string; circa?: boolean } } | undefined {
  for (const entry of timeline) for (const body of bodies(entry)) {
    const circumstances = body['circumstances'];
    if (!is_object(circumstances) || typeof circumstances['found_country'] !== 'string') continue;
    const date = circumstances['found_date'];
    return { country: circumstances['found_country'], ...(is_object(date) ? { date: date as { value?: string; circa?: boolean } } : {}) };
  }
  return undefined;
}
