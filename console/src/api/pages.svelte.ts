// A long list of the node of which a page shows a part: it is asked for what is in sight, again when a topic
// changed, anew when the question did. (Shorter lists: Resource.)
import { onDestroy } from 'svelte';
import { on_topics, type Topic } from './events.svelte';
import { PAGE, PageStore } from './page_store';
import { as_api_error, type ApiError } from './problem';
import { Turns } from './turns';

const SLOW_MS = 300;

interface Listed {
  total: number;
}

export class Pages<Row, Answer extends Listed> {
  rows = $state.raw<readonly (Row | undefined)[]>([]);
  loaded = $state(0);
  /** The newest answer. */
  value = $state.raw<Answer>();
  error = $state.raw<ApiError>();
  slow = $state(false);
  #ask: (skip: number, limit: number, signal: AbortSignal) => Promise<Answer>;
  #rows_of: (answer: Answer) => Row[];
  #store: PageStore<Row>;
  #turns: Turns;
  #sight: [number, number] = [0, PAGE];

  /** Asks at once. Made in a component: ends with it. */
  constructor(
    ask: (skip: number, limit: number, signal: AbortSignal) => Promise<Answer>, rows_of: (answer: Answer) => Row[], key: (row: Row) => string, watch: Topic[] = [],
  ) {
    this.#ask = ask;
    this.#rows_of = rows_of;
    this.#store = new PageStore(key);
    this.#turns = new Turns((signal) => this.#fetch(signal));
    const stop = watch.length > 0 ? on_topics(watch, () => void this.reload()) : undefined;
    onDestroy(() => {
      stop?.();
      this.#turns.end();
    });
    void this.#turns.again();
  }

  /** Rows that are drawn: those are fetched. */
  look(from: number, to: number): void {
    this.#sight = [from, to];
    if (this.value && !this.error && this.#store.missing(from, to) !== undefined) void this.#turns.again();
  }
  reload(): Promise<void> {
    this.#store.stale();
    return this.#turns.again();
  }
  /** The question has changed; the old rows stay until its answer is here. */
  anew(): Promise<void> {
    this.#sight = [0, PAGE];
    this.#store.clear();
    return this.#turns.anew();
  }

  async #fetch(signal: AbortSignal): Promise<void> {
    const timer = setTimeout(() => (this.slow = !signal.aborted), SLOW_MS);
    try {
      for (let page = this.#store.missing(...this.#sight); page !== undefined; page = this.#store.missing(...this.#sight)) {
        const round = this.#store.round;
        const answer = await this.#ask(page * PAGE, PAGE, signal);
        if (signal.aborted) return;
        this.#store.put(page, round, this.#rows_of(answer), answer.total);
        this.rows = this.#store.rows;
        this.loaded = this.#store.loaded;
        this.value = answer;
        this.error = undefined;
        if (round !== this.#store.round) return; // the next turn asks again, and others come between
      }
    } catch (error) {
      if (!signal.aborted) this.error = as_api_error(error);
    } finally {
      clearTimeout(timer);
      if (!signal.aborted) this.slow = false;
    }
  }
}
