// One form while somebody writes it: what it holds, its rules, its draft, and to whom it goes.
import { call, type Draft } from '../../api';
import { DraftKeeper, type DraftAbout } from '../../forms/drafts.svelte';
import { known_codes } from '../../forms/load.svelte';
import { FormModel } from '../../forms/model.svelte';
import { NodeCheck } from '../../forms/node_check.svelte';
import { is_within, join } from '../../forms/path';
import type { Schema } from '../../forms/schema';
import { byte_length } from '../../forms/texts';
import { FormView, type Trouble } from '../../forms/view.svelte';
import { t } from '../../i18n';
import { layout_for } from './layouts';
import { draft_content, type Opening } from './opening';
import { SeizureList } from './seizure_list.svelte';
import { form_words } from './titles';

const TITLE_BYTES = 200; // as node/desk/draft_form.h has it

function short_title(text: string): string {
  const letters = [...text.replaceAll(/\p{Cc}|\p{Cs}/gu, ' ').trim()];
  while (byte_length(letters.join('')) > TITLE_BYTES) letters.pop();
  return letters.join('');
}

const ITEMS = 'trace_request.items';
/** In the place of a path: the seizure list. */
export const LIST = 'list';

export class Writing {
  to = $state('');
  readonly model: FormModel;
  readonly check: NodeCheck;
  readonly view: FormView;
  readonly keeper: DraftKeeper;
  private listening: AbortController | undefined;

  constructor(
    readonly opening: Opening,
    schema: Schema,
    readonly list: SeizureList = new SeizureList(),
  ) {
    this.to = opening.to;
    this.model = new FormModel(schema, known_codes, opening.state, this.layout(schema).options);
    // The node names the answer that a correction replaces, and reads the weapons of a list.
    const completed = opening.act?.act === 'correct' ? ['header.supersedes'] : opening.list ? [ITEMS] : [];
    this.check = new NodeCheck(this.model, () => (this.to ? [this.to] : []), completed);
    this.view = new FormView(this.model, () => this.layout(this.model.schema), this.check);
    this.keeper = new DraftKeeper(() => this.about(), opening.draft_id);
  }

  get kind() {
    return this.model.schema.kind(this.opening.kind.name) ?? this.opening.kind;
  }
  get opens_case(): boolean {
    return this.opening.act?.act === 'open' && !this.opening.list;
  }
  get case_number(): string {
    return this.opening.shown?.trace?.case_number ?? '';
  }

  choose(party: string): void {
    if (party === this.to) return;
    this.to = party;
    this.model.changes += 1;
  }

  /** Everything that stands against sending, also that nobody was chosen. */
  readonly troubles = $derived.by((): Trouble[] => {
    const nobody = { path: 'to', text: t('compose.to.missing'), hint: '', lang: undefined, gap: true };
    const no_list = { ...nobody, path: LIST, text: t('compose.list.file.missing') };
    const inside = this.view.troubles().filter((each) => !this.opening.list || !is_within(each.path, ITEMS));
    return [
      ...(this.opens_case && !this.to ? [nobody] : []), ...(this.opening.list && !this.list.file ? [no_list] : []), ...inside,
    ];
  });

  /** Listens for the page being lost. Returns how to stop. */
  listen(): () => void {
    const { signal } = (this.listening = new AbortController());
    const last = () => this.keeper.last_chance();
    document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && last(), { signal });
    addEventListener('pagehide', last, { signal });
    addEventListener('online', () => void this.keeper.keep(), { signal });
    addEventListener('beforeunload', (event) => {
      if (this.keeper.status === 'memory') event.preventDefault(); // the browser asks
    }, { signal });
    return () => {
      this.listening?.abort();
      this.check.stop();
    };
  }

  about(): DraftAbout {
    const reference = this.model.text(join(this.opening.kind.field, 'case_ref_requester'));
    const title = this.model.text('header.subject') || reference;
    return {
      kind: this.opening.kind.name,
      case_number: this.case_number,
      title: short_title(title),
      content: draft_content(this.opening, this.model.state(), this.to),
    };
  }

  /** Drops the draft; resolves to what can be kept again. */
  async drop(): Promise<Draft> {
    const dropped: Draft = { id: this.keeper.id, saved_at: '', ...this.about() };
    await call('draft_drop', { id: dropped.id });
    this.keeper.stop();
    return dropped;
  }

  private layout(schema: Schema) {
    const kind = schema.kind(this.opening.kind.name) ?? this.opening.kind;
    return layout_for({ schema, kind, list: this.opening.list, titles: form_words(this.opening, schema, () => this.model) });
  }
}
