// The node's own rules, asked for as somebody pauses: POST /v1/records/check.
import { as_api_error, call, type ApiError } from '../api';
import { lang } from '../i18n';
import type { FormModel } from './model.svelte';
import { canonical } from './canonical';
import { clone, get_at, marks_of, MARKS, type Json } from './values';

const PAUSE_MS = 1200;

export interface NodeProblem {
  rule: string;
  path: string; // of a field; "to" and "from" are of the sending
  text: string; // English
  hint: string;
}

export class NodeCheck {
  running = $state(false);
  error = $state.raw<ApiError>(); // the last one could not be made
  found = $state(0); // all problems, listed or not
  private problems = $state.raw<NodeProblem[]>([]);
  private checked = $state.raw<Json>({}); // the record they are about
  private timer: ReturnType<typeof setTimeout> | undefined;
  private call: AbortController | undefined;
  private asked = -1; // model.changes of the last question

  constructor(
    private readonly model: FormModel,
    private readonly to: () => string[],
    // Paths that the node fills in when it sends.
    private readonly completed: readonly string[] = [],
  ) {}

  /** Problems that are still about what stands in the form. */
  readonly current = $derived.by(() =>
    this.problems.filter(
      (each) =>
        canonical(get_at(this.checked, each.path)) === canonical(get_at(this.model.sent, each.path)),
    ),
  );

  /** After a change: asks when nothing changes for a moment. */
  soon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.now().catch(() => undefined), PAUSE_MS);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.call?.abort();
  }

  /** Asks at once, unless this very form was asked about. Rejects if it cannot be. */
  async now(): Promise<void> {
    clearTimeout(this.timer);
    if (this.asked === this.model.changes && !this.error) return;
    this.call?.abort();
    const mine = (this.call = new AbortController());
    const record = clone(this.model.sent);
    const changes = this.model.changes;
    this.running = true;
    try {
      const fields = { record, to: this.to(), lang: lang.current };
      const answer = await call('record_check', fields, { signal: mine.signal });
      if (this.call !== mine) return;
      this.asked = changes;
      this.checked = record;
      this.problems = answer.problems
        .map((each) => ({ ...each, path: at_field(each.path, record) }))
        .filter((each) => !this.completed.includes(each.path))
        // Nobody is chosen yet: the page says so in its own way.
        .filter((each) => each.path !== 'to' || fields.to.length > 0);
      this.found = answer.found;
      this.error = undefined;
    } catch (error) {
      if (this.call !== mine || mine.signal.aborted) return;
      this.error = as_api_error(error);
      throw this.error;
    } finally {
      if (this.call === mine) this.running = false;
    }
  }
}

// A problem of a mark stands at the field that it marks.
function at_field(path: string, record: Json): string {
  const mark = new RegExp(`^${MARKS}\\[(\\d+)\\]$`).exec(path);
  return mark ? (marks_of(record)[Number(mark[1])] ?? path) : path;
}
