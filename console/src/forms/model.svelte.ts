// What a form holds while somebody fills it in: the record, what was set aside, what was touched.
// Every change goes through here, so that a value and the word "unknown" exclude each other, and
// so that what a choice makes pointless is set aside and comes back with the choice.
import { check_record, type Known, type Problem } from './check';
import {
  copy_entry,
  like_empty,
  entries_at,
  insert_entry,
  move_entry,
  next_number,
  number_field,
  remove_entry,
  renumber,
  restore_entry,
  spread_entry,
  type Removed,
} from './lists';
import { may_be_unknown, wanted_in, type Standing, type Wanted } from './needs';
import { entry, is_within, join, last_name, parent_of, remap_path } from './path';
import { ROOT, type Schema, type SchemaField, type SchemaMessage } from './schema';
import {
  clone,
  get_at,
  is_marked,
  is_object,
  is_present,
  marks_of,
  marks_within,
  pruned,
  set_at,
  set_mark,
  set_marks,
  type Json,
  type Value,
} from './values';

export interface Aside {
  value?: Value;
  marks: string[];
}

export interface FormState {
  record: Json;
  aside: { [path: string]: Aside };
}

export interface FormOptions {
  // Lists, as names of message and field ("ItemResult.supply_chain"), whose numbers follow the order.
  numbered?: readonly string[];
  // Fields that say whether the record holds personal data; set as soon as it does.
  personal_flags?: readonly string[];
}

const IN_FORCE: readonly Standing[] = ['needed', 'relaxed'];

export class FormModel {
  record = $state<Json>({});
  aside = $state<{ [path: string]: Aside }>({});
  changes = $state(0); // grows with every change
  schema = $state.raw<Schema>() as Schema; // its labels change with the reader's language
  private touched = $state<{ [path: string]: true }>({});
  private all = $state(false); // everything counts as touched

  readonly sent = $derived.by(() => pruned(this.schema, this.record));
  readonly problems = $derived.by(() => check_record(this.schema, this.known, this.sent));
  private readonly by_path = $derived.by(() => group_by_path(this.problems));

  constructor(
    schema: Schema,
    readonly known: Known,
    state: FormState,
    readonly options: FormOptions = {},
  ) {
    this.schema = schema;
    this.record = clone(state.record);
    this.aside = clone(state.aside);
    this.flag_personal();
  }

  state(): FormState {
    return { record: this.sent, aside: clone(this.aside) };
  }

  get(path: string): Value | undefined {
    return get_at(this.record, path);
  }

  text(path: string): string {
    const value = this.get(path);
    return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
  }

  entries(path: string): Value[] {
    return entries_at(this.record, path);
  }

  is_unknown(path: string): boolean {
    return is_marked(this.record, path);
  }

  is_given(path: string): boolean {
    return is_present(this.schema, this.get(path), this.schema.at(path)?.field);
  }

  wanted_in(type: SchemaMessage, base: string): Map<string, Wanted> {
    const message = base === '' ? this.record : this.get(base);
    return wanted_in(type, is_object(message) ? message : {});
  }

  wanted(path: string): Wanted {
    const type = this.type_at(parent_of(path));
    const found = type && this.wanted_in(type, parent_of(path)).get(last_name(path));
    return found ?? { standing: 'plain' };
  }

  // ---- changes

  set(path: string, value: Value | undefined): void {
    this.change(path, () => {
      set_at(this.record, path, value);
      for (const mark of this.marks_above(path))
        if (this.is_given(mark)) set_mark(this.record, mark, false);
    });
  }

  // Says that a field is not known; what stood there is set aside, and comes back otherwise.
  mark(path: string, unknown: boolean): void {
    this.change(path, () => {
      if (unknown) {
        this.put_aside(path);
        set_mark(this.record, path, true);
      } else {
        set_mark(this.record, path, false);
        this.take_back(path);
      }
    });
    this.touch(path);
  }

  // unknown: paths in the entry that are declared so. Returns the place of the new entry.
  add(path: string, value: Value, unknown: readonly string[] = []): number {
    const at = this.entries(path).length;
    this.change(path, () => {
      for (const mark of this.marks_above(path)) set_mark(this.record, mark, false);
      insert_entry(this.record, path, at, this.numbered(path, value));
      for (const inside of unknown) set_mark(this.record, join(entry(path, at), inside), true);
    });
    return at;
  }

  copy(path: string, index: number): void {
    const number = this.number_name(path);
    const next = number ? next_number(this.entries(path), number) : 0;
    this.change(path, () => {
      copy_entry(this.record, path, index);
      this.remap_aside(path, this.entries(path).map((_, i) => (i > index ? i + 1 : i)));
      if (number) set_at(this.record, `${path}[${index + 1}].${number}`, next);
      this.keep_order(path);
    });
  }

  remove(path: string, index: number): Removed {
    const places = this.entries(path).map((_, i) => (i === index ? undefined : i - (i > index ? 1 : 0)));
    let removed: Removed | undefined;
    this.change(path, () => {
      removed = remove_entry(this.record, path, index);
      this.remap_aside(path, places);
      this.keep_order(path);
    });
    return removed!;
  }

  restore(removed: Removed): void {
    this.change(removed.list, () => {
      const places = this.entries(removed.list).map((_, i) => (i >= removed.index ? i + 1 : i));
      restore_entry(this.record, removed);
      this.remap_aside(removed.list, places);
      this.keep_order(removed.list);
    });
  }

  move(path: string, from: number, to: number): void {
    if (to < 0 || to >= this.entries(path).length) return;
    this.change(path, () => {
      this.remap_aside(path, move_entry(this.record, path, from, to));
      this.keep_order(path);
    });
  }

  // How many entries are still empty, so that what this one says could be said in them too.
  like_empty(path: string, index: number): number[] {
    return like_empty(this.schema, this.record, path, index);
  }

  // Says it there. Returns how to take it back.
  spread(path: string, index: number): () => void {
    const before = clone({ entries: this.entries(path), marks: marks_of(this.record) });
    this.change(path, () => spread_entry(this.schema, this.record, path, index, this.like_empty(path, index)));
    return () =>
      this.change(path, () => {
        set_at(this.record, path, before.entries);
        set_marks(this.record, before.marks);
      });
  }

  // ---- what is shown

  touch(path: string): void {
    this.touched[path] = true;
  }

  touch_all(): void {
    this.all = true;
  }

  // Problems of exactly this field that may be shown: what is missing or not finished only after
  // somebody was there, or once the whole form is asked about.
  shown_at(path: string): Problem[] {
    const here = this.by_path.get(path) ?? [];
    return this.was_left(path) ? here : here.filter((each) => !is_unfinished(each));
  }

  was_left(path: string): boolean {
    return this.all || this.touched[path] === true;
  }

  problems_within(base: string): Problem[] {
    return this.problems.filter((each) => is_within(each.path, base));
  }

  // ---- inside

  private type_at(base: string): SchemaMessage | undefined {
    if (base === '') return this.schema.message(ROOT);
    return this.schema.message(this.schema.at(base)?.field.message ?? '');
  }

  // A change, and what follows from it in the message that holds the field.
  private change(path: string, make: () => void): void {
    const base = parent_of(path);
    const type = this.type_at(base);
    const before = type && this.wanted_in(type, base);
    make();
    if (type && before) this.follow_needs(type, base, before);
    this.flag_personal();
    this.changes += 1;
  }

  private follow_needs(type: SchemaMessage, base: string, before: Map<string, Wanted>): void {
    const after = this.wanted_in(type, base);
    for (const field of type.fields) {
      const path = join(base, field.name);
      const was = IN_FORCE.includes(before.get(field.name)?.standing ?? 'plain');
      const now = after.get(field.name) ?? { standing: 'plain' };
      const is = IN_FORCE.includes(now.standing);
      if (was && !is && before.has(field.name)) this.put_aside(path);
      else if (!was && is) this.take_back(path);
      else if (now.standing === 'needed' && this.aside[path]?.marks.includes(path))
        this.take_back(path);
      if (this.is_unknown(path) && !may_be_unknown(field, now)) this.put_aside(path);
    }
  }

  private put_aside(path: string): void {
    const given = this.is_given(path);
    const marks = marks_within(this.record, path);
    if (!given && !marks.length) return;
    const value = given ? clone(this.get(path)) : this.aside[path]?.value;
    this.aside[path] = { ...(value !== undefined && { value }), marks };
    set_at(this.record, path, undefined);
    set_marks(this.record, marks_of(this.record).filter((mark) => !marks.includes(mark)));
  }

  // Puts back what was set aside, where nothing stands now: the word "unknown", or else the value.
  private take_back(path: string): void {
    const kept = this.aside[path];
    const place = this.schema.at(path);
    if (!kept || !place) return;
    delete this.aside[path];
    if (this.is_given(path)) return;
    if (kept.marks.includes(path) && may_be_unknown(place.field, this.wanted(path))) {
      set_mark(this.record, path, true);
      if (kept.value !== undefined) this.aside[path] = { value: kept.value, marks: [] };
      return;
    }
    if (kept.value !== undefined) set_at(this.record, path, clone(kept.value));
    const marks = kept.marks.filter((mark) => mark !== path);
    set_marks(this.record, [...new Set([...marks_of(this.record), ...marks])]);
  }

  // What was set aside is wanted after all.
  use_aside(path: string): void {
    this.change(path, () => this.take_back(path));
  }

  // The marks that a value at path contradicts: its own, and of the messages around it.
  private marks_above(path: string): string[] {
    return marks_of(this.record).filter((mark) => is_within(path, mark));
  }

  private remap_aside(list: string, places: readonly (number | undefined)[]): void {
    const moved: { [path: string]: Aside } = {};
    for (const [path, kept] of Object.entries(this.aside)) {
      const to = remap_path(path, list, places);
      if (to === undefined) continue;
      const marks = kept.marks.map((mark) => remap_path(mark, list, places) ?? mark);
      moved[to] = { ...kept, marks };
    }
    this.aside = moved;
  }

  private number_name(list: string): string | undefined {
    const field = this.schema.at(list)?.field;
    return field && number_field(this.schema, field);
  }

  private numbered(list: string, value: Value): Value {
    const name = this.number_name(list);
    if (!name || !is_object(value) || value[name]) return value;
    return { [name]: next_number(this.entries(list), name), ...value };
  }

  private keep_order(list: string): void {
    const place = this.schema.at(list);
    const name = this.number_name(list);
    if (place && name && this.options.numbered?.includes(`${place.owner.name}.${place.field.name}`))
      renumber(this.record, list, name);
  }

  private flag_personal(): void {
    const flags = this.options.personal_flags ?? [];
    if (!flags.length || !this.holds_personal(this.type_at(''), this.record)) return;
    for (const path of flags) {
      const root = path.split('.')[0] ?? '';
      if (root in this.record && this.schema.at(path) && this.get(path) !== true)
        set_at(this.record, path, true);
    }
  }

  holds_personal(type: SchemaMessage | undefined, message: Json): boolean {
    return (type?.fields ?? []).some((field) => this.is_personal(field, message[field.name]));
  }

  private is_personal(field: SchemaField, value: Value | undefined): boolean {
    if (!is_present(this.schema, value, field)) return false;
    if (field.personal) return true;
    if (field.type !== 'MESSAGE') return false;
    const type = this.schema.message(field.message);
    const each = Array.isArray(value) ? value : [value];
    return each.some((inside) => is_object(inside) && this.holds_personal(type, inside));
  }
}

export function group_by_path<T extends { path: string }>(problems: readonly T[]): Map<string, T[]> {
  const out = new Map<string, T[]>();
  for (const each of problems) out.set(each.path, [...(out.get(each.path) ?? []), each]);
  return out;
}

// It may become right as somebody goes on typing.
function is_unfinished(problem: Problem): boolean {
  const { rule } = problem;
  return is_gap(problem) || ['TOO_SHORT', 'BLANK', 'NUMBER'].includes(rule) || rule.startsWith('FORMAT_');
}

// Something is not there yet, as against something that is wrong.
export function is_gap(problem: Problem): boolean {
  return ['REQUIRED', 'PROMPTED', 'NEEDED'].includes(problem.rule);
}
