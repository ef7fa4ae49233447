// What a person keeps at the node (GET/POST /v1/preferences): language, columns, saved filters, what was
// read. One object of at most 16 KiB; written a moment after a change.
import { as_api_error, call, type ApiError } from '../api';
import { toast } from '../ui/toast.svelte';
import { t } from '../i18n';
import { session } from './session.svelte';

const WAIT_MS = 1500;

class Preferences {
  #all = $state.raw<Record<string, unknown>>({});
  loaded = $state(false);
  error = $state.raw<ApiError>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  async load(): Promise<void> {
    if (!session.may('preferences_show')) {
      this.loaded = true;
      return;
    }
    try {
      this.#all = (await call('preferences_show')).preferences ?? {};
    } catch (error) {
      this.error = as_api_error(error); // the console works without them
    }
    this.loaded = true;
  }
  get<T>(name: string): T | undefined {
    return this.#all[name] as T | undefined;
  }
  set(name: string, value: unknown): void {
    this.#all = { ...this.#all, [name]: value };
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.save(), WAIT_MS);
  }
  /** At once. */
  async save(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    // What could not be read must not be written over.
    if (this.error || !session.may('preferences_set')) return;
    try {
      await call('preferences_set', { preferences: this.#all }, { by_itself: true });
    } catch (error) {
      toast.say(t('shell.preferences.not_saved', { why: as_api_error(error).code }), 'bad');
    }
  }
  get waiting(): boolean {
    return this.#timer !== undefined;
  }
}
export const preferences = new Preferences();
