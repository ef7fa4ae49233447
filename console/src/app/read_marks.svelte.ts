// The person's read marks: kept in the preferences; a case counts as read when its page is opened, and
// again when it is left (what happened meanwhile was seen).
import { now } from '../i18n';
import { preferences } from './preferences.svelte';
import { compact, is_full, is_unread, mark_all_read, mark_read, mark_unread, parse_reading, reading_text, type Reading } from './reading';
import { router } from './router.svelte';

const NAME = 'reading';

class ReadMarks {
  #reading = $derived(parse_reading(preferences.get(NAME), now.ms));

  is_unread(one: { case_number: string; last_at: string }): boolean {
    return is_unread(this.#reading, one.case_number, one.last_at);
  }
  read(case_number: string): void {
    this.#keep(mark_read(this.#reading, case_number, now.ms));
  }
  unread(one: { case_number: string; last_at: string }): void {
    this.#keep(mark_unread(this.#reading, one.case_number, one.last_at));
  }
  all_read(): void {
    this.#keep(mark_all_read(now.ms));
  }
  /** For InboxRequest.unread. */
  get text(): string {
    return reading_text(this.#reading);
  }
  get is_full(): boolean {
    return is_full(this.#reading);
  }
  /** When it is full. unread: the open cases that are. */
  tidy(unread: { case_number: string; last_at: string }[]): void {
    const smaller = compact(this.#reading, unread);
    if (smaller !== this.#reading) this.#keep(smaller);
  }
  #keep(reading: Reading): void {
    preferences.set(NAME, reading);
  }
}
export const read_marks = new ReadMarks();

/** Follows the pages; call inside a component. */
export function watch_cases(): void {
  $effect(() => {
    const shown = /^\/cases\/(T-\d+)$/.exec(router.path)?.[1];
    if (!shown || !preferences.loaded) return;
    queueMicrotask(() => read_marks.read(shown));
    return () => queueMicrotask(() => read_marks.read(shown));
  });
}
