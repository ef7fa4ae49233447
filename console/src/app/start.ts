// What has to be there before anything can be shown: the texts of one language, and who is in.
import { call } from '../api/call';
import { ApiError } from '../api/problem';
import { is_lang, set_lang, wished_lang } from '../i18n/lang.svelte';
import { router } from './router.svelte';
import { session } from './session.svelte';
import { apply_theme } from './theme.svelte';

export const LANG_KEY = 'focal.lang';

export async function start(): Promise<void> {
  apply_theme();
  const kept = localStorage.getItem(LANG_KEY);
  const texts = set_lang(is_lang(kept) ? kept : wished_lang());
  const entered = enter();
  await texts;
  await entered;
  router.start();
}

/** The word in a link as somebody pastes it: the whole address, or the word alone. Exported for tests. */
export function word_of_link(text: string): string {
  return text.trim().split('#enter=').at(-1) ?? '';
}

// The word of a link is taken out of the address before anything else can read it.
async function enter(): Promise<void> {
  const word = /^#enter=([\w-]+)$/.exec(location.hash)?.[1];
  if (word) history.replaceState(null, '', location.pathname + location.search);
  try {
    session.set(word ? await call('session_open', { link: word }) : await call('session_show'));
  } catch (error) {
    session.current = null;
    session.refused = word && error instanceof ApiError ? error : undefined;
  }
}
