import { set_lang, t, type Lang } from '../i18n';
import { toast } from '../ui/toast.svelte';
import { preferences } from './preferences.svelte';
import { session } from './session.svelte';
import { LANG_KEY } from './start';

/** Switches at once, here and for the person's next visit. */
export async function choose_lang(language: Lang): Promise<void> {
  try {
    await set_lang(language);
  } catch {
    toast.say(t('shell.language.not_loaded'), 'bad');
    return;
  }
  localStorage.setItem(LANG_KEY, language);
  if (session.current) preferences.set('lang', language);
}
