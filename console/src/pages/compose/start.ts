// What a form begins with: safe defaults for a request, and for an act in a case what the case says.
// Pure. The node completes less than this: it is filled in here so that the officer sees it.
import type { TraceShowResponse } from '../../api';
import type { Schema, SchemaKind } from '../../forms/schema';
import { clone, is_object, marks_of, set_marks, type Json, type Value } from '../../forms/values';
import { answered_item, asked_last, described_item, request_record } from '../case/standing';

const DESK = 'NPC'; // as node/desk/own_records.cc has it
const KEEP_YEARS = 5;

export interface Who {
  party: string; // our own
  lang: string; // the language the officer writes in
  today: string; // 2026-03-02
}

export function state_of(party: string): string {
  return party.split('-')[0] ?? party;
}

export function years_later(day: string, years: number): string {
  const moved = `${Number(day.slice(0, 4)) + years}${day.slice(4)}`;
  return moved.endsWith('-02-29') ? moved.replace('-02-29', '-02-28') : moved;
}

// Strict where a mistake would spread, open where the officer has to decide.
export function safe_label(who: Who): Json {
  return {
    tlp: 'AMBER+STRICT',
    h_codes: ['H1', 'H2'],
    onward: 'ASK',
    use: 'INVESTIGATION',
    retain_until: years_later(who.today, KEEP_YEARS),
    personal_data: false,
    provider: who.party,
  };
}

export function new_request(who: Who): Json {
  return {
    header: { from_desk: DESK, language: who.lang, priority: 'ROUTINE', label: safe_label(who) },
    trace_request: {
      evidence_use_requested: false,
      personal_data_included: false,
      circumstances: { found_country: state_of(who.party) },
      prior_searches: { others_asked: false },
      items: [{ item_no: 1, category: 'SMALL_ARM' }],
    },
  };
}

// A kind that this console was not written for begins with a header and nothing else.
export function new_record(kind: SchemaKind, who: Who): Json {
  const header = { from_desk: DESK, language: who.lang, priority: 'ROUTINE', label: safe_label(who) };
  return kind.name === 'trace.request' ? new_request(who) : { header, [kind.field]: {} };
}

// Addressed back, under the label of the request: as reply_header of node/desk/own_records.cc.
export function reply_header(request: Json | undefined, who: Who, subject: string): Json {
  const from = is_object(request?.header) ? request.header : {};
  const label = is_object(from.label) ? clone(from.label) : safe_label(who);
  delete label.provider_ref;
  return {
    from_desk: from.to_desk || DESK,
    ...(from.from_desk && { to_desk: from.from_desk }),
    subject,
    language: who.lang,
    priority: from.priority || 'ROUTINE',
    label: { ...label, provider: who.party },
  };
}

export interface CaseStart {
  schema: Schema;
  kind: SchemaKind;
  shown: TraceShowResponse; // with records
  who: Who;
  subject: string;
}

export function act_record(start: CaseStart): Json {
  const { kind, shown, who } = start;
  const request = request_record(shown.timeline);
  const trace = shown.trace;
  const ours = trace?.role === 'REQUESTER';
  const refs = {
    case_ref_requester: (ours ? trace?.our_ref : trace?.their_ref) ?? '',
    case_ref_requested: (ours ? trace?.their_ref : trace?.our_ref) ?? '',
  };
  const record: Json = { header: reply_header(request, who, start.subject) };
  const body: Json = { ...refs };
  record[kind.field] = body;
  const marks: string[] = [];
  if (kind.name === 'trace.response' || kind.name === 'trace.interim')
    fill_results(body, marks, start, kind.name === 'trace.interim' ? 'INTERIM' : 'FULL');
  if (kind.name === 'trace.correction') fill_last_results(body, marks, start);
  if (kind.name === 'trace.info_supply') fill_questions(body, shown);
  if (kind.name === 'trace.info_request') body.missing = [{}];
  set_marks(record, marks);
  return record;
}

// One entry for each weapon that has no final result; what was said in the meantime stands in it.
function fill_results(body: Json, marks: string[], start: CaseStart, completeness: string): void {
  const results: Value[] = [];
  for (const item of start.shown.items) {
    if (item.result && item.completeness !== 'INTERIM') continue;
    const before = answered_item(start.shown.timeline, item);
    if (before) copy_result(before, results, marks, start.kind.field, { completeness });
    else results.push({ item_no: item.item_no, completeness });
  }
  body.results = results;
}

// What a correction replaces: the last answer that we sent, whole.
function fill_last_results(body: Json, marks: string[], start: CaseStart): void {
  const results: Value[] = [];
  for (const item of start.shown.items) {
    const before = answered_item(start.shown.timeline, item);
    if (before) copy_result(before, results, marks, start.kind.field, {});
  }
  body.results = results;
}

function copy_result(
  before: { result: object; record: Json; path: string },
  results: Value[],
  marks: string[],
  field: string,
  over: Json,
): void {
  const to = `${field}.results[${results.length}]`;
  marks.push(...marks_in(before.record, before.path).map((mark) => `${to}.${mark}`));
  results.push({ ...(clone(before.result) as Json), ...over });
}

function fill_questions(body: Json, shown: TraceShowResponse): void {
  body.answers = asked_last(shown.timeline).map(({ path }) => ({ path }));
}

// Of some acts the officer chooses the weapons that they say something about.
export interface PerWeapon {
  list: string; // path in the record
  number_of: (entry: Json) => number; // of the weapon that an entry is about
  make: (shown: TraceShowResponse, item_no: number) => NewEntry | undefined; // nothing: no such weapon
}
export interface NewEntry {
  value: Json;
  unknown: string[]; // paths in it that are declared so
}

// The paths of the marks in a part of a record, as they stand in that part.
function marks_in(record: Json, path: string): string[] {
  return marks_of(record)
    .filter((mark) => mark.startsWith(`${path}.`))
    .map((mark) => mark.slice(path.length + 1));
}

export function per_weapon(kind: SchemaKind): PerWeapon | undefined {
  if (kind.name === 'trace.info_supply') return { ...AMENDED, list: `${kind.field}.amended` };
  const results = ['trace.interim', 'trace.correction', 'trace.clarify_reply'];
  return results.includes(kind.name) ? { ...RESULTS, list: `${kind.field}.results` } : undefined;
}

// The description that stands, with the next version.
const AMENDED: Omit<PerWeapon, 'list'> = {
  number_of: (entry) => (is_object(entry.item) ? Number(entry.item.item_no) : 0),
  make(shown, item_no) {
    const found = described_item(shown.timeline, item_no);
    if (!found) return undefined;
    const unknown = marks_in(found.record, found.path).map((mark) => `item.${mark}`);
    return { value: { version: found.version + 1, item: clone(found.item) }, unknown };
  },
};

// The result that stands, or an empty one.
const RESULTS: Omit<PerWeapon, 'list'> = {
  number_of: (entry) => Number(entry.item_no),
  make(shown, item_no) {
    const item = shown.items.find((each) => each.item_no === item_no);
    const before = item && answered_item(shown.timeline, item);
    if (!before) return { value: { item_no }, unknown: [] };
    return { value: clone(before.result) as Json, unknown: marks_in(before.record, before.path) };
  },
};

