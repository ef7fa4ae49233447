// Something that a page shows and that the node answers: its value, its error, whether it is on its way.
// `watch` topics of the event stream make it ask again.
//
//   const cases = new Resource(() => call('inbox', { limit: 1000 }), ['cases']);
//   <Loaded resource={cases}>{#snippet children(answer)} … {/snippet}</Loaded>
import { onDestroy } from 'svelte';
import { on_topics, type Topic } from './events.svelte';
import { as_api_error, type ApiError } from './problem';

/** Nothing is shown for a moment: an answer that comes at once must not flicker. */
const SLOW_MS = 300;

export class Resource<T> {
  value = $state.raw<T>();
  error = $state.raw<ApiError>();
  loading = $state(false);
  slow = $state(false); // loading since longer than SLOW_MS
  #ask: (signal: AbortSignal) => Promise<T>;
  #running: AbortController | undefined;

  /** Asks at once. Made in a component: ends with it. */
  constructor(ask: (signal: AbortSignal) => Promise<T>, watch: Topic[] = []) {
    this.#ask = ask;
    const stop = watch.length > 0 ? on_topics(watch, () => void this.reload()) : undefined;
    onDestroy(() => {
      stop?.();
      this.#running?.abort();
    });
    void this.reload();
  }

  /** Asks again; the old value stays until the new one is here. */
  async reload(): Promise<void> {
    this.#running?.abort();
    const mine = (this.#running = new AbortController());
    this.loading = true;
    const timer = setTimeout(() => (this.slow = true), SLOW_MS);
    try {
      const value = await this.#ask(mine.signal);
      if (this.#running !== mine) return;
      this.value = value;
      this.error = undefined;
    } catch (error) {
      if (this.#running !== mine || mine.signal.aborted) return;
      this.error = as_api_error(error);
    } finally {
      clearTimeout(timer);
      if (this.#running === mine) this.loading = this.slow = false;
    }
  }
}
