// Something that a page shows and that the node answers: its value, its error, whether it is on its way.
// `watch` topics of the event stream make it ask again.
//
//   const peers = new Resource(() => call('peer_list'), ['peers']);
//   <Loaded resource={peers}>{#snippet children(answer)} … {/snippet}</Loaded>
import { onDestroy } from 'svelte';
import { on_topics, type Topic } from './events.svelte';
import { as_api_error, type ApiError } from './problem';
import { Turns } from './turns';

/** Nothing is shown for a moment: an answer that comes at once must not flicker. */
const SLOW_MS = 300;

export class Resource<T> {
  value = $state.raw<T>();
  error = $state.raw<ApiError>();
  loading = $state(false);
  slow = $state(false); // loading since longer than SLOW_MS
  #turns: Turns;

  /** Asks at once. Made in a component: ends with it. */
  constructor(ask: (signal: AbortSignal) => Promise<T>, watch: Topic[] = []) {
    this.#turns = new Turns((signal) => this.#ask(ask, signal));
    const stop = watch.length > 0 ? on_topics(watch, () => void this.reload()) : undefined;
    onDestroy(() => {
      stop?.();
      this.#turns.end();
    });
    void this.reload();
  }

  /** Asks the same again; the old value stays until the new one is here. What is on its way arrives first. */
  reload(): Promise<void> {
    return this.#turns.again();
  }
  /** What is asked has changed: what is on its way is dropped. */
  anew(): Promise<void> {
    return this.#turns.anew();
  }

  async #ask(ask: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<void> {
    this.loading = true;
    const timer = setTimeout(() => (this.slow = !signal.aborted), SLOW_MS);
    try {
      const value = await ask(signal);
      if (signal.aborted) return;
      this.value = value;
      this.error = undefined;
    } catch (error) {
      if (!signal.aborted) this.error = as_api_error(error);
    } finally {
      clearTimeout(timer);
      if (!signal.aborted) this.loading = this.slow = false;
    }
  }
}
