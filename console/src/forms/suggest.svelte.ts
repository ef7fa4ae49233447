// What the node would call what somebody writes: POST /v1/suggest, a moment after the last key.
import { call, type Suggestion } from '../api';

const PAUSE_MS = 300;
const LEAST = 2; // letters; a single one of a script of words is enough, see worth_asking

export class Suggester {
  list = $state.raw<Suggestion[]>([]);
  for_text = $state(''); // what the list answers
  private timer: ReturnType<typeof setTimeout> | undefined;
  private call: AbortController | undefined;

  constructor(private readonly what: string) {}

  ask(text: string, make = ''): void {
    this.stop();
    if (!worth_asking(text)) {
      this.list = [];
      return;
    }
    this.timer = setTimeout(() => void this.now(text, make), PAUSE_MS);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.call?.abort();
  }

  // A suggestion that does not come is none: the form works without.
  private async now(text: string, make: string): Promise<void> {
    const mine = (this.call = new AbortController());
    try {
      const answer = await call('suggest', { what: this.what, text: text.trim(), make }, { signal: mine.signal });
      if (this.call !== mine || mine.signal.aborted) return;
      this.list = answer.suggestions;
      this.for_text = text.trim();
    } catch {
      if (this.call === mine) this.list = [];
    }
  }
}

function worth_asking(text: string): boolean {
  const letters = [...text.trim()];
  return letters.length >= LEAST || /\p{Script=Han}/u.test(text);
}
