// One seizure list while it is checked and sent: the file, what was chosen about it, the node's answer. The
// answer to PREVIEW names a plan, and SEND does that plan or nothing; so what is sent is what was shown, and
// a sending that is repeated because its answer was lost sends nothing twice.
import { as_api_error, call, type ApiError, type TraceImportResponse } from '../../api';
import { session } from '../../app/session.svelte';
import type { Json } from '../../forms/values';
import { lang } from '../../i18n';
import { shown_cell, type Csv } from './list_csv';
import { new_cases, type FoundCase } from './list_rows';

export interface ListFile {
  name: string;
  bytes: number;
  text: string;
  csv: Csv;
}

const CLOCK_MS = 2000; // the node, on this machine, writes whole seconds

/** How a sending ended whose answer was lost. NOT_SENT: the plan stands as it was. */
export type Outcome = 'NOT_SENT' | 'CHANGED';

export class SeizureList {
  file = $state.raw<ListFile>();
  /** Title → field, by a person; undefined: as the node reads the titles. */
  columns = $state.raw<Record<string, string>>();
  routes = $state.raw<Record<string, string>>({}); // country → party
  accept_valid = $state(false);
  keep_repeats = $state(false);
  ask_again = $state(false);

  shown = $state.raw<TraceImportResponse>(); // of the last check
  fresh = $state(false); // it is about what is chosen now
  checking = $state(false);
  sending = $state(false);
  error = $state.raw<ApiError>();
  unsure = $state(false); // it was sent and no answer came
  outcome = $state<Outcome>();

  sent = $state.raw<TraceImportResponse>();
  found = $state.raw<FoundCase[]>([]); // sent, although the answer was lost
  waits = $state.raw<ApiError>(); // for a second officer
  waiting = $state.raw<string[]>([]); // the same, although the answer was lost: R-3
  private began = 0; // when it was sent
  private turn = 0; // of the last check

  get can_send(): boolean {
    return (this.shown?.can_send ?? false) && this.fresh && !this.sending && !this.checking && !this.unsure;
  }
  get ended(): boolean {
    return this.sent !== undefined || this.found.length > 0 || this.waits !== undefined || this.waiting.length > 0;
  }

  /** Another file, or the same one mended. What was said of its columns holds for the same titles. */
  take(file: ListFile): void {
    const titles = (of: Csv | undefined) => JSON.stringify(of?.rows[0]?.cells.map(shown_cell));
    if (titles(file.csv) !== titles(this.file?.csv)) this.columns = undefined;
    this.file = file;
    this.shown = this.outcome = this.error = undefined;
    this.fresh = false;
  }

  /** record: the request without its weapons. */
  async check(record: Json): Promise<void> {
    const mine = ++this.turn;
    this.checking = true;
    this.fresh = false;
    this.error = this.outcome = undefined;
    try {
      const answer = await this.ask('PREVIEW', record, this.columns);
      if (mine !== this.turn) return;
      this.shown = answer;
      this.fresh = true;
    } catch (failed) {
      if (mine === this.turn) this.error = as_api_error(failed);
    } finally {
      if (mine === this.turn) this.checking = false;
    }
  }

  async send(record: Json): Promise<void> {
    const { shown } = this;
    if (!shown || !this.can_send) return;
    this.sending = true;
    this.error = this.outcome = undefined;
    this.began = Date.now();
    try {
      this.sent = await this.ask('SEND', record, used(shown), shown.plan);
    } catch (failed) {
      await this.failed(as_api_error(failed), record);
    } finally {
      this.sending = false;
    }
  }

  private async failed(problem: ApiError, record: Json): Promise<void> {
    if (problem.awaits_release) {
      this.waits = problem;
    } else if (problem.status === 0 || problem.code === 'NOT_JSON') {
      this.unsure = true;
      this.error = problem;
      await this.find_out(record);
    } else {
      // Somebody else may have asked in the meantime: what would be sent now is looked at again.
      if (problem.path === 'plan') await this.check(record);
      this.error = problem;
    }
  }

  /** What became of a sending whose answer was lost. Stays unsure if the node cannot be asked. */
  async find_out(record: Json): Promise<void> {
    const before = this.shown;
    if (!before) return;
    this.checking = true;
    try {
      const answer = await this.ask('PREVIEW', record, used(before));
      this.waiting = await this.own_waiting(before);
      if (answer.plan !== before.plan) {
        this.found = new_cases(before, answer);
        this.outcome = 'CHANGED';
      } else this.outcome = 'NOT_SENT';
      this.shown = answer;
      this.unsure = false;
      this.error = undefined;
    } catch (failed) {
      this.error = as_api_error(failed);
    } finally {
      this.checking = false;
    }
  }

  // Acts of this person that were stored since it was sent, with one of its requests.
  private async own_waiting(before: TraceImportResponse): Promise<string[]> {
    if (!session.may('release_list')) return [];
    const { entries } = await call('release_list');
    const mine = entries
      .filter((each) => each.own && each.act === 'trace.import' && each.state === 'AWAITING')
      .filter((each) => Date.parse(each.asked_at) > this.began - CLOCK_MS);
    const shown = await Promise.all(mine.map(({ id }) => call('release_show', { id })));
    const references = new Set<unknown>(before.reach.flatMap((each) => each.references));
    const is_its = (record: object) => 'trace_request' in record && references.has((record.trace_request as Json).case_ref_requester);
    return mine.filter((_, i) => shown[i]!.records.some(is_its)).map((each) => each.id);
  }

  private ask(mode: string, record: Json, columns: Record<string, string> | undefined, plan = ''): Promise<TraceImportResponse> {
    const { accept_valid, keep_repeats, ask_again } = this;
    return call('trace_import', {
      mode, plan, csv: this.file?.text ?? '', record, accept_valid, keep_repeats, ask_again, lang: lang.current,
      columns: Object.entries(columns ?? {}).map(([title, field]) => ({ title, field })),
      routes: Object.entries(this.routes).map(([country, party]) => ({ country, party })),
    });
  }
}

/** The columns of an answer that hold something. */
export function used(answer: TraceImportResponse): Record<string, string> {
  return Object.fromEntries(answer.columns.filter((each) => each.field).map(({ title, field }) => [title, field]));
}

// A draft does not hold the list. It stays in this window's memory for whoever looks at a case and comes
// back, or has the page drawn anew; one list, until another form begins.
let left: { draft: string; list: SeizureList } | undefined;

export function leave_list(draft: string, list: SeizureList): void {
  left = { draft, list };
}
export function list_for(draft: string): SeizureList {
  const found = left?.draft === draft ? left.list : undefined;
  left = undefined;
  return found ?? new SeizureList();
}
