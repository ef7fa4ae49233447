// One after the other: a question that is asked again while its answer is on its way is asked once more
// when that is here, however often it was asked meanwhile. So an answer arrives even when news come
// faster than answers. What nobody but the page asked stays so while it waits (call.ts).
import { by_itself, is_by_itself, mark_by_itself } from './call';

export class Turns {
  #ask: (signal: AbortSignal) => Promise<void>;
  #running: { abort: AbortController; done: Promise<void> } | undefined;
  #next: Promise<void> | undefined;
  #next_by_itself = true;
  #ended = false;

  /** `ask` never throws. It is told when its answer is not wanted any more. */
  constructor(ask: (signal: AbortSignal) => Promise<void>) {
    this.#ask = ask;
  }

  /** The same question. Ends with an answer to a question that was put after this call. */
  again(): Promise<void> {
    if (this.#ended) return Promise.resolve();
    if (!this.#running) return this.#start(is_by_itself());
    // Somebody's question, if it is one of several that are put at once.
    this.#next_by_itself = is_by_itself() && (this.#next === undefined || this.#next_by_itself);
    this.#next ??= this.#running.done.then(() => {
      this.#next = undefined;
      return this.#ended ? undefined : this.#start(this.#next_by_itself);
    });
    return this.#next;
  }
  /** Another question: the answer on its way is none to it. */
  anew(): Promise<void> {
    if (this.#ended) return Promise.resolve();
    this.#running?.abort.abort();
    return this.#start(is_by_itself());
  }
  end(): void {
    this.#ended = true;
    this.#running?.abort.abort();
  }

  #start(nobody: boolean): Promise<void> {
    // One that waits for its turn stands behind what begins now.
    const abort = new AbortController();
    if (nobody) mark_by_itself(abort.signal);
    const ask = () => (nobody ? by_itself(() => this.#ask(abort.signal)) : this.#ask(abort.signal));
    const before = this.#running && !this.#running.abort.signal.aborted ? this.#running.done : undefined;
    const done = (before ?? Promise.resolve()).then(() => (abort.signal.aborted ? undefined : ask()));
    const mine = { abort, done };
    this.#running = mine;
    void done.finally(() => {
      if (this.#running === mine) this.#running = undefined;
    });
    return done;
  }
}
