// The keyboard: single keys and two in a row ("g i"), never while somebody types or a dialog is open.
// A page adds its own with keys.add() and they go with it; the help sheet shows what there is now.
export interface Shortcut {
  /** As typed: "j", "g i", "?", "Escape". */
  keys: string;
  /** Key of the text in the help sheet. */
  text: string;
  run: () => void;
}
export interface ShortcutGroup {
  /** Key of the heading. */
  title: string;
  shortcuts: Shortcut[];
}

const PAUSE_MS = 1500; // between the two of a pair

/** Pure, exported for tests: what a key does after those before it. */
export function step(before: string, key: string, among: string[]): { hit?: string; pending: string } {
  const both = before === '' ? key : `${before} ${key}`;
  if (among.includes(both)) return { hit: both, pending: '' };
  if (among.some((one) => one.startsWith(both + ' '))) return { pending: both };
  return before === '' ? { pending: '' } : step('', key, among);
}

function is_typing(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest('[contenteditable=true], select, textarea, dialog[open]')) return true;
  const input = target.closest('input');
  return input !== null && !['checkbox', 'radio', 'button', 'submit'].includes(input.type);
}

class Keys {
  groups = $state.raw<ShortcutGroup[]>([]);
  #pending = '';
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Returns how to take them away. */
  add(group: ShortcutGroup): () => void {
    this.groups = [...this.groups, group];
    return () => (this.groups = this.groups.filter((one) => one !== group));
  }
  start(): void {
    addEventListener('keydown', (event) => this.#pressed(event));
  }

  #pressed(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (is_typing(event.target) || document.querySelector('dialog[open]')) return;
    const all = this.groups.flatMap((group) => group.shortcuts);
    const { hit, pending } = step(this.#pending, event.key, all.map((one) => one.keys));
    clearTimeout(this.#timer);
    this.#pending = pending;
    if (pending) this.#timer = setTimeout(() => (this.#pending = ''), PAUSE_MS);
    if (hit === undefined) {
      if (pending) event.preventDefault();
      return;
    }
    event.preventDefault();
    all.findLast((one) => one.keys === hit)?.run();
  }
}
export const keys = new Keys();
