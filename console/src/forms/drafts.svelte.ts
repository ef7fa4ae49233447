// Drafts keep themselves: two seconds after the last change, when the page is left and when it is
// lost from sight. What cannot be kept at the node stays in this window's memory and nowhere else:
// it is sensitive. Then the reader is told, and it is tried again.
import { as_api_error, call, type ApiError, type Draft } from '../api';
import { OPERATIONS } from '../api/generated/operations';

const PAUSE_MS = 2_000;
const AGAIN_MS = 15_000;

export type DraftContent = Record<string, unknown>;
export interface DraftAbout {
  kind: string;
  case_number: string;
  title: string;
  content: DraftContent;
}

/** new: nothing to keep yet. waiting: typed, not yet kept. memory: kept here alone. */
export type DraftStatus = 'new' | 'waiting' | 'keeping' | 'kept' | 'memory';

export interface InMemory {
  id: string;
  about: DraftAbout;
  kept: boolean; // the node has it too
  left_ms: number;
}
// Forms whose page is gone, by their key.
const memory = new Map<string, InMemory>();
// A page that is drawn anew (another direction of writing) comes back within a moment.
const DRAWN_ANEW_MS = 3_000;

/** What a form held when its page went, if the node does not have it or the page only is drawn anew. */
export function in_memory(key: string): InMemory | undefined {
  const found = memory.get(key);
  if (!found || (found.kept && Date.now() - found.left_ms > DRAWN_ANEW_MS)) return undefined;
  return found;
}

/** The form is on the screen again. */
export function forget(key: string): void {
  memory.delete(key);
}

export class DraftKeeper {
  status = $state<DraftStatus>('new');
  kept_at = $state(''); // as the node said
  error = $state.raw<ApiError>();
  id = $state('');
  private timer: ReturnType<typeof setTimeout> | undefined;
  private dirty = false;
  private ended = false;
  private running: Promise<void> | undefined;

  /** about: what is to be kept, as it stands when it is asked for. */
  constructor(
    private readonly about: () => DraftAbout,
    id = '',
  ) {
    this.id = id;
  }

  /** After a change. */
  changed(): void {
    if (this.ended) return;
    this.dirty = true;
    if (this.status !== 'memory') this.status = 'waiting';
    this.plan(PAUSE_MS);
  }

  get unkept(): boolean {
    return this.dirty;
  }

  /** Keeps it now. Never rejects: see status. */
  async keep(): Promise<void> {
    clearTimeout(this.timer);
    await this.running;
    if (!this.dirty || this.ended) return;
    this.running = this.save();
    await this.running;
    this.running = undefined;
  }

  private async save(): Promise<void> {
    this.dirty = false;
    if (this.status !== 'memory') this.status = 'keeping';
    try {
      const answer = await call('draft_save', { draft: { id: this.id, ...this.about() } });
      this.id = answer.draft?.id ?? this.id;
      this.kept_at = answer.draft?.saved_at ?? '';
      this.error = undefined;
      this.status = this.dirty ? 'waiting' : 'kept';
    } catch (error) {
      this.dirty = true;
      this.error = as_api_error(error);
      this.status = 'memory';
      // It was dropped elsewhere, or had its time: what is written here becomes a new one.
      const gone = this.error.code === 'NOT_FOUND' && this.id !== '';
      if (gone) this.id = '';
      this.plan(gone ? 0 : AGAIN_MS);
    }
  }

  private plan(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.keep(), ms);
  }

  /** The page may be gone in a moment: one last request that outlives it. */
  last_chance(): void {
    if (!this.dirty || this.ended) return;
    const { method, path } = OPERATIONS.draft_save;
    const body = JSON.stringify({ draft: { id: this.id, ...this.about() } });
    void fetch(path, {
      method,
      body,
      keepalive: true,
      credentials: 'same-origin',
      headers: { 'X-Focal': '1', 'Content-Type': 'application/json' },
    }).catch(() => undefined);
  }

  /** The form leaves the screen. key: under which it is found again; see in_memory. */
  leave(key: string): void {
    clearTimeout(this.timer);
    if (this.ended || (this.status === 'new' && !this.dirty)) return;
    const left: InMemory = { id: this.id, about: this.about(), kept: !this.dirty, left_ms: Date.now() };
    memory.set(key, left);
    void this.keep().then(() => {
      clearTimeout(this.timer);
      left.id = this.id;
      left.kept = !this.dirty;
    });
  }

  /** It was sent: there is nothing to keep any more. */
  async end(): Promise<void> {
    this.ended = true;
    clearTimeout(this.timer);
    await this.running;
    if (this.id) await call('draft_drop', { id: this.id }).catch(() => undefined);
  }

  /** Stops without a word to the node: the draft was dropped. */
  stop(): void {
    this.ended = true;
    clearTimeout(this.timer);
  }
}

/** Keeps again what was dropped. Resolves to its new id. */
export async function keep_again(draft: Draft): Promise<string> {
  const { kind, case_number, title, content } = draft;
  const answer = await call('draft_save', { draft: { kind, case_number, title, content } });
  return answer.draft?.id ?? '';
}
