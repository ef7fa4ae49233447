// What a form holds while somebody fills it in: the record, what was set aside, what was touched.
// Every change goes through here, so that a value and the word "unknown" exclude each other, and
// so that what a choice makes pointless is set aside and comes back with the choice.
import { checkRecord, type Known, type Problem } from './check';
import {
  copyEntry,
  entriesAt,
  insertEntry,
  moveEntry,
  nextNumber,
  numberField,
  removeEntry,
  renumber,
  restoreEntry,
  type Removed,
} from './lists';
import { mayBeUnknown, wantedIn, type Standing, type Wanted } from './needs';
import { isWithin, join, lastName, parentOf, remapPath } from './path';
import { ROOT, type Schema, type SchemaField, type SchemaMessage } from './schema';
import {
  clone,
  getAt,
  isMarked,
  isObject,
  isPresent,
  marksOf,
  marksWithin,
  pruned,
  setAt,
  setMark,
  setMarks,
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
  personalFlags?: readonly string[];
}

const IN_FORCE: readonly Standing[] = ['needed', 'relaxed'];

export class FormModel {
  record = $state<Json>({});
  aside = $state<{ [path: string]: Aside }>({});
  changes = $state(0); // grows with every change
  private touched = $state<{ [path: string]: true }>({});
  private all = $state(false); // everything counts as touched

  readonly sent = $derived.by(() => pruned(this.schema, this.record));
  readonly problems = $derived.by(() => checkRecord(this.schema, this.known, this.sent));
  private readonly byPath = $derived.by(() => groupByPath(this.problems));

  constructor(
    readonly schema: Schema,
    readonly known: Known,
    state: FormState,
    readonly options: FormOptions = {},
  ) {
    this.record = clone(state.record);
    this.aside = clone(state.aside);
    this.flagPersonal();
  }

  state(): FormState {
    return { record: this.sent, aside: clone(this.aside) };
  }

  get(path: string): Value | undefined {
    return getAt(this.record, path);
  }

  text(path: string): string {
    const value = this.get(path);
    return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
  }

  entries(path: string): Value[] {
    return entriesAt(this.record, path);
  }

  isUnknown(path: string): boolean {
    return isMarked(this.record, path);
  }

  isGiven(path: string): boolean {
    return isPresent(this.schema, this.get(path), this.schema.at(path)?.field);
  }

  wantedIn(type: SchemaMessage, base: string): Map<string, Wanted> {
    const message = base === '' ? this.record : this.get(base);
    return wantedIn(type, isObject(message) ? message : {});
  }

  wanted(path: string): Wanted {
    const type = this.typeAt(parentOf(path));
    const found = type && this.wantedIn(type, parentOf(path)).get(lastName(path));
    return found ?? { standing: 'plain' };
  }

  // ---- changes

  set(path: string, value: Value | undefined): void {
    this.change(path, () => {
      setAt(this.record, path, value);
      for (const mark of this.marksAbove(path))
        if (this.isGiven(mark)) setMark(this.record, mark, false);
    });
  }

  // Says that a field is not known; what stood there is set aside, and comes back otherwise.
  mark(path: string, unknown: boolean): void {
    this.change(path, () => {
      if (unknown) {
        this.putAside(path);
        setMark(this.record, path, true);
      } else {
        setMark(this.record, path, false);
        this.takeBack(path);
      }
    });
    this.touch(path);
  }

  add(path: string, value: Value): number {
    const at = this.entries(path).length;
    this.change(path, () => insertEntry(this.record, path, at, this.numbered(path, value)));
    for (const mark of this.marksAbove(path)) setMark(this.record, mark, false);
    return at;
  }

  copy(path: string, index: number): void {
    const number = this.numberName(path);
    const next = number ? nextNumber(this.entries(path), number) : 0;
    this.change(path, () => {
      copyEntry(this.record, path, index);
      this.remapAside(path, this.entries(path).map((_, i) => (i > index ? i + 1 : i)));
      if (number) setAt(this.record, `${path}[${index + 1}].${number}`, next);
      this.keepOrder(path);
    });
  }

  remove(path: string, index: number): Removed {
    const places = this.entries(path).map((_, i) => (i === index ? undefined : i - (i > index ? 1 : 0)));
    let removed: Removed | undefined;
    this.change(path, () => {
      removed = removeEntry(this.record, path, index);
      this.remapAside(path, places);
      this.keepOrder(path);
    });
    return removed!;
  }

  restore(removed: Removed): void {
    this.change(removed.list, () => {
      const places = this.entries(removed.list).map((_, i) => (i >= removed.index ? i + 1 : i));
      restoreEntry(this.record, removed);
      this.remapAside(removed.list, places);
      this.keepOrder(removed.list);
    });
  }

  move(path: string, from: number, to: number): void {
    if (to < 0 || to >= this.entries(path).length) return;
    this.change(path, () => {
      this.remapAside(path, moveEntry(this.record, path, from, to));
      this.keepOrder(path);
    });
  }

  // ---- what is shown

  touch(path: string): void {
    this.touched[path] = true;
  }

  touchAll(): void {
    this.all = true;
  }

  // Problems of exactly this field that may be shown: what is missing only after somebody was
  // there, or once the whole form is asked about.
  shownAt(path: string): Problem[] {
    const here = this.byPath.get(path) ?? [];
    return this.all || this.touched[path] ? here : here.filter((each) => !isGap(each));
  }

  problemsWithin(base: string): Problem[] {
    return this.problems.filter((each) => isWithin(each.path, base));
  }

  // ---- inside

  private typeAt(base: string): SchemaMessage | undefined {
    if (base === '') return this.schema.message(ROOT);
    return this.schema.message(this.schema.at(base)?.field.message ?? '');
  }

  // A change, and what follows from it in the message that holds the field.
  private change(path: string, make: () => void): void {
    const base = parentOf(path);
    const type = this.typeAt(base);
    const before = type && this.wantedIn(type, base);
    make();
    if (type && before) this.followNeeds(type, base, before);
    this.flagPersonal();
    this.changes += 1;
  }

  private followNeeds(type: SchemaMessage, base: string, before: Map<string, Wanted>): void {
    const after = this.wantedIn(type, base);
    for (const field of type.fields) {
      const path = join(base, field.name);
      const was = IN_FORCE.includes(before.get(field.name)?.standing ?? 'plain');
      const now = after.get(field.name) ?? { standing: 'plain' };
      const is = IN_FORCE.includes(now.standing);
      if (was && !is && before.has(field.name)) this.putAside(path);
      else if (!was && is) this.takeBack(path);
      else if (now.standing === 'needed' && this.aside[path]?.marks.includes(path))
        this.takeBack(path);
      if (this.isUnknown(path) && !mayBeUnknown(field, now)) this.putAside(path);
    }
  }

  private putAside(path: string): void {
    const given = this.isGiven(path);
    const marks = marksWithin(this.record, path);
    if (!given && !marks.length) return;
    const value = given ? clone(this.get(path)) : this.aside[path]?.value;
    this.aside[path] = { ...(value !== undefined && { value }), marks };
    setAt(this.record, path, undefined);
    setMarks(this.record, marksOf(this.record).filter((mark) => !marks.includes(mark)));
  }

  // Puts back what was set aside, where nothing stands now: the word "unknown", or else the value.
  private takeBack(path: string): void {
    const kept = this.aside[path];
    const place = this.schema.at(path);
    if (!kept || !place) return;
    delete this.aside[path];
    if (this.isGiven(path)) return;
    if (kept.marks.includes(path) && mayBeUnknown(place.field, this.wanted(path))) {
      setMark(this.record, path, true);
      if (kept.value !== undefined) this.aside[path] = { value: kept.value, marks: [] };
      return;
    }
    if (kept.value !== undefined) setAt(this.record, path, clone(kept.value));
    const marks = kept.marks.filter((mark) => mark !== path);
    setMarks(this.record, [...new Set([...marksOf(this.record), ...marks])]);
  }

  // What was set aside is wanted after all.
  useAside(path: string): void {
    this.change(path, () => this.takeBack(path));
  }

  // The marks that a value at path contradicts: its own, and of the messages around it.
  private marksAbove(path: string): string[] {
    return marksOf(this.record).filter((mark) => isWithin(path, mark));
  }

  private remapAside(list: string, places: readonly (number | undefined)[]): void {
    const moved: { [path: string]: Aside } = {};
    for (const [path, kept] of Object.entries(this.aside)) {
      const to = remapPath(path, list, places);
      if (to === undefined) continue;
      const marks = kept.marks.map((mark) => remapPath(mark, list, places) ?? mark);
      moved[to] = { ...kept, marks };
    }
    this.aside = moved;
  }

  private numberName(list: string): string | undefined {
    const field = this.schema.at(list)?.field;
    return field && numberField(this.schema, field);
  }

  private numbered(list: string, value: Value): Value {
    const name = this.numberName(list);
    if (!name || !isObject(value) || value[name]) return value;
    return { [name]: nextNumber(this.entries(list), name), ...value };
  }

  private keepOrder(list: string): void {
    const place = this.schema.at(list);
    const name = this.numberName(list);
    if (place && name && this.options.numbered?.includes(`${place.owner.name}.${place.field.name}`))
      renumber(this.record, list, name);
  }

  private flagPersonal(): void {
    const flags = this.options.personalFlags ?? [];
    if (!flags.length || !this.holdsPersonal(this.typeAt(''), this.record)) return;
    for (const path of flags)
      if (this.schema.at(path) && this.get(path) !== true) setAt(this.record, path, true);
  }

  holdsPersonal(type: SchemaMessage | undefined, message: Json): boolean {
    return (type?.fields ?? []).some((field) => this.isPersonal(field, message[field.name]));
  }

  private isPersonal(field: SchemaField, value: Value | undefined): boolean {
    if (!isPresent(this.schema, value, field)) return false;
    if (field.personal) return true;
    if (field.type !== 'MESSAGE') return false;
    const type = this.schema.message(field.message);
    const each = Array.isArray(value) ? value : [value];
    return each.some((inside) => isObject(inside) && this.holdsPersonal(type, inside));
  }
}

export function groupByPath<T extends { path: string }>(problems: readonly T[]): Map<string, T[]> {
  const out = new Map<string, T[]>();
  for (const each of problems) out.set(each.path, [...(out.get(each.path) ?? []), each]);
  return out;
}

// Something is not there yet, as against something that is wrong.
export function isGap(problem: Problem): boolean {
  return ['REQUIRED', 'PROMPTED', 'NEEDED'].includes(problem.rule);
}
