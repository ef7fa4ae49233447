// A form on the screen: its model, its layout, what is open, and every problem at its field,
// whoever found it.
import { tick } from 'svelte';
import { t_or, type Args } from '../i18n';
import type { Problem } from './check';
import { completed, type Layout } from './layout';
import { group_by_path, is_gap, type FormModel } from './model.svelte';
import type { NodeCheck } from './node_check.svelte';
import { id_of, is_within, parent_of } from './path';
import { max_bytes, max_items, type SchemaField } from './schema';

/** A problem in words. lang: of the words, where they are not the reader's. */
export interface Trouble {
  path: string;
  text: string;
  hint: string;
  lang: string | undefined;
  gap: boolean; // something is not there yet
}

export class FormView {
  opened = $state<{ [path: string]: boolean }>({});
  readonly layout: Layout = $derived.by(() => {
    const kind = this.model.schema.kind_of(this.model.record);
    const layout = this.arrange();
    return kind ? completed(this.model.schema, kind, layout) : layout;
  });
  // What the node found and the schema alone did not.
  private readonly from_node = $derived.by(() => {
    const here = new Set(this.model.problems.map((each) => `${each.path} ${family(each.rule)}`));
    const extra = this.check?.current.filter((each) => !here.has(`${each.path} ${family(each.rule)}`));
    return group_by_path(extra ?? []);
  });

  constructor(
    readonly model: FormModel,
    private readonly arrange: () => Layout,
    readonly check?: NodeCheck,
  ) {}

  help(key: string): string {
    return this.layout.help?.[key] ?? '';
  }

  /** Problems to be shown at a field. */
  troubles_at(path: string): Trouble[] {
    return [
      ...this.model.shown_at(path).map((each) => this.here(each)),
      ...(this.from_node.get(path) ?? [])
        .map((each) => this.node_words(each))
        .filter((each) => !each.gap || this.model.was_left(path)),
    ];
  }

  /** Everything that stands against sending, in the order of the form. */
  troubles(): Trouble[] {
    const all = [
      ...this.model.problems.map((each) => this.here(each)),
      ...[...this.from_node.values()].flat().map((each) => this.node_words(each)),
    ];
    const order = this.layout.sections.flatMap((section) => section.fields);
    const place = (path: string) => {
      const at = order.findIndex((each) => is_within(path, each) || is_within(each, path));
      return at < 0 ? order.length : at;
    };
    return all
      .map((each, i) => ({ each, i, at: place(each.path) }))
      .sort((a, b) => a.at - b.at || a.i - b.i)
      .map((entry) => entry.each);
  }

  /** Of one section, by its fields. */
  troubles_of(fields: readonly string[]): Trouble[] {
    return this.troubles().filter((each) => fields.some((field) => is_within(each.path, field)));
  }

  is_open(path: string, otherwise: boolean): boolean {
    return this.opened[path] ?? otherwise;
  }

  /** Opens what is around a field and goes there. */
  async reveal(path: string): Promise<void> {
    for (const section of this.layout.sections)
      if (section.fields.some((field) => is_within(path, field)))
        this.opened[`${section.id}/section`] = true;
    for (let at = path; at !== ''; at = parent_of(at)) {
      this.opened[at] = true;
      this.opened[`${parent_of(at)}/more`] = true;
    }
    await tick();
    let at = path;
    while (at !== '' && !document.getElementById(id_of(at))) at = parent_of(at);
    const found = document.getElementById(id_of(at));
    const control = found?.matches('input, textarea, select, button, [tabindex]')
      ? found
      : (found?.querySelector<HTMLElement>('input, textarea, select, button') ?? found);
    control?.scrollIntoView({ block: 'center' });
    control?.focus();
  }

  private here(problem: Problem): Trouble {
    return this.words(problem.rule, problem.path, problem.args, '', '');
  }

  private node_words(problem: { rule: string; path: string; text: string; hint: string }): Trouble {
    const field = this.model.schema.at(problem.path)?.field;
    const args = field ? limits_of(field) : {};
    const rule = problem.rule === 'FORMAT' && field ? `FORMAT_${field.type}` : problem.rule;
    return this.words(rule, problem.path, args, problem.text, problem.hint);
  }

  private words(rule: string, path: string, args: Args, text: string, hint: string): Trouble {
    const own = t_or(`forms.rule.${rule}`, '', { min: 0, max: 0, count: 0, ...args });
    const gap = is_gap({ rule, path, args: {} });
    if (own) return { path, text: own, hint: '', lang: undefined, gap };
    return { path, text: text || rule, hint, lang: 'en', gap };
  }
}

// Rules that say the same of a field, whoever found it.
function family(rule: string): string {
  if (rule === 'REQUIRED' || rule === 'PROMPTED' || rule === 'NEEDED') return 'GAP';
  if (rule === 'NUMBER') return 'JSON'; // a text where a number stands cannot be read at all
  return rule.startsWith('FORMAT_') ? 'FORMAT' : rule;
}

function limits_of(field: SchemaField): Args {
  if (field.type === 'NUMBER') return { min: field.min || '0', max: field.max };
  return { min: field.min_chars, max: field.list ? max_items(field) : max_bytes(field) };
}
