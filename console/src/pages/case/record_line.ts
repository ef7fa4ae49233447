// A record of a case in one line, in the reader's language: what node/desk/summaries.cc says in English. Pure but for
// the language. A kind without a line here is told by the node's.
import { format, t } from '../../i18n';
import type { Schema } from '../../forms/schema';
import { is_object, type Json } from '../../forms/values';
import type { Piece } from '../../pictures/timeline_facts';
import { ask_subjects, place_of, subject_of, type AskSubject } from './ask_paths';

export const MOST_BYTES = 60;   // of a free text in a line
export const MOST_LISTED = 4;   // results and fields told one by one

export interface Names {
  code: (list: string, code: string) => string;
  country: (code: string) => string;
}

const text = (of: Json, name: string): string => String(of[name] ?? '');
const list = (of: Json, name: string): unknown[] => (Array.isArray(of[name]) ? of[name] : []);
const objects = (of: Json, name: string): Json[] => list(of, name).filter(is_object);

// Cut at a character's end.
function shortened(words: string): string {
  const bytes = new TextEncoder().encode(words);
  if (bytes.length <= MOST_BYTES) return words;
  let end = MOST_BYTES;
  while (end > 0 && (bytes[end]! & 0xc0) === 0x80) end -= 1;
  return `${new TextDecoder().decode(bytes.subarray(0, end))}…`;
}

// Parts of a line; empty ones are left out.
const folded = (parts: string[], join: (a: string, b: string) => string): string =>
  parts.filter((each) => each !== '').reduce((a, b) => (a ? join(a, b) : b), '');
const joined = (...parts: string[]): string => folded(parts, (a, b) => t('case.line.and', { a, b }));
const listed = (parts: string[]): string => folded(parts, (a, b) => t('case.line.list', { a, b }));
const labelled = (...parts: [string, string]): string => folded(parts, (label, value) => t('case.labelled', { label, value }));
const with_more = (...parts: [string, string]): string => folded(parts, (what, more) => t('case.line.with', { what, more }));
const weapons = (count: number): string => t('case.line.weapons', { count });
const weapon = (no: unknown): string => t('case.item', { no: Number(no) });
const more_than_listed = (all: unknown[]): string =>
  (all.length > MOST_LISTED ? t('case.line.more', { count: all.length - MOST_LISTED }) : '');

// What the record says goes through the messages as a place holder, so that no text can be taken for another.
const HOLDER = '\u0001';

class Line {
  private readonly held: string[] = [];
  private readonly subjects: AskSubject[];

  constructor(private readonly schema: Schema, request: Json | undefined, private readonly names: Names) {
    this.subjects = request ? ask_subjects(schema, request, weapon) : [];
  }

  hold = (words: string): string => (words ? `${HOLDER}${this.held.push(words) - 1}${HOLDER}` : '');
  cut = (of: Json, name: string): string => this.hold(shortened(text(of, name)));
  day = (of: Json, name: string): string => this.hold(format.day(text(of, name)));
  code = (of: Json, name: string, codes = name): string => (text(of, name) ? this.hold(this.names.code(codes, text(of, name))) : '');
  country = (code: unknown): string => this.hold(this.names.country(String(code)));

  path(of: Json): string {
    const path = text(of, 'path');
    const { subject, field } = place_of(this.schema, this.subjects, path);
    return with_more(this.hold(field), subject_of(this.subjects, path)?.path.endsWith(']') ? subject : ''); // which weapon
  }
  // A few one by one; of many only how many of each.
  results(of: Json): string {
    const all = objects(of, 'results');
    const words = (each: Json): string =>
      with_more(this.code(each, 'result', 'result_per_item'), text(each, 'completeness') === 'FULL' ? '' : this.code(each, 'completeness'));
    if (all.length <= MOST_LISTED) return listed(all.map((each) => labelled(weapon(each['item_no']), words(each))));
    const alike = new Map<string, Json[]>();
    for (const each of all) {
      const like = `${text(each, 'result')} ${text(each, 'completeness')}`;
      alike.set(like, [...(alike.get(like) ?? []), each]);
    }
    return labelled(weapons(all.length), listed([...alike.values()].map((some) => t('case.line.times', { count: some.length, what: words(some[0]!) }))));
  }
  // Every second one was held.
  pieces(line: string): Piece[] {
    return line.split(HOLDER).map((each, i) => (i % 2 ? { text: this.held[Number(each)] ?? '', theirs: true } : { text: each, theirs: false }))
      .filter((each) => each.text !== '');
  }
}

// By the field of the record that holds the kind.
export const LINES: Record<string, (line: Line, of: Json) => string> = {
  trace_request: (line, of) => t('case.line.request', { ref: line.hold(text(of, 'case_ref_requester')), weapons: weapons(list(of, 'items').length) }),
  trace_ack: (line, of) => joined(
    t('case.line.ack', { ref: line.hold(text(of, 'case_ref_requested')), day: line.day(of, 'expected_by') }), line.cut(of, 'note')),
  trace_info_request: (line, of) => {
    const missing = objects(of, 'missing');
    const what = joined(...missing.slice(0, MOST_LISTED).map((each) => labelled(line.path(each), line.cut(each, 'question'))), more_than_listed(missing));
    return joined(t('case.line.asks', { what }), text(of, 'reply_wanted_by') && t('case.line.wanted', { day: line.day(of, 'reply_wanted_by') }));
  },
  trace_info_supply: (line, of) => {
    const answers = objects(of, 'answers'), amended = objects(of, 'amended');
    return joined(
      ...answers.slice(0, MOST_LISTED).map((each) => labelled(line.path(each), with_more(line.cut(each, 'value'), line.code(each, 'confidence', 'serial_confidence')))),
      more_than_listed(answers),
      ...amended.slice(0, MOST_LISTED).map((each) =>
        labelled(is_object(each['item']) ? weapon(each['item']['item_no']) : '', t('case.line.anew', { version: Number(each['version']) }))),
      more_than_listed(amended));
  },
  trace_delay: (line, of) => {
    const numbers = list(of, 'item_nos');
    const about = numbers.length > MOST_LISTED ? weapons(numbers.length) : listed(numbers.map(weapon));
    return t('case.line.delay', { ground: with_more(line.code(of, 'ground'), about), day: line.day(of, 'expected_by'), reason: line.cut(of, 'reason_text') });
  },
  trace_interim: (line, of) => joined(line.results(of), t('case.line.rest', { day: line.day(of, 'expected_by') })),
  trace_response: (line, of) => line.results(of),
  trace_refusal: (line, of) => labelled(line.code(of, 'ground'), line.cut(of, 'reason_text')),
  trace_clarify: (line, of) => labelled(t('case.question.text'), line.cut(of, 'text')),
  trace_clarify_reply: (line, of) => joined(line.cut(of, 'text'), line.results(of)),
  trace_withdraw: (line, of) => labelled(line.code(of, 'reason', 'withdraw_reason'), line.cut(of, 'text')),
  trace_close: (line, of) => {
    const next = list(of, 'next_asked').map(line.country);
    return joined(t('case.line.useful', { useful: text(of, 'useful') }), next.length ? t('case.line.next', { list: format.list(next) }) : '',
      line.cut(of, 'action_taken'), line.cut(of, 'shared_back'));
  },
  trace_reopen: (line, of) => t('case.line.new', { text: line.cut(of, 'new_information') }),
  trace_correction: (line, of) => joined(line.results(of), line.cut(of, 'reason_text')),
};

// undefined: the record is not here, or nothing is known of its kind. request: the record that the case began with.
export function line_of(record: unknown, schema: Schema, request: Json | undefined, names: Names): Piece[] | undefined {
  if (!is_object(record)) return undefined;
  const kind = Object.keys(LINES).find((each) => is_object(record[each]));
  if (!kind) return undefined;
  const line = new Line(schema, request, names);
  return line.pieces(LINES[kind]!(line, record[kind] as Json));
}
