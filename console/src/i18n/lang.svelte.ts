// The language of the reader, and the texts in it. `t()` is reactive: what it made changes when the
// language is switched.
import { inline, urls } from 'virtual:messages';
import { render, type Args, type Message } from './render';

export const LANGUAGES = ['en', 'fr', 'es', 'ru', 'zh', 'ar'] as const;
export type Lang = (typeof LANGUAGES)[number];

/** Each in its own words: somebody who is lost must find the way back. */
export const LANGUAGE_NAMES: Record<Lang, string> = {
  en: 'English', fr: 'Français', es: 'Español', ru: 'Русский', zh: '中文', ar: 'العربية',
};

type Catalogue = Record<string, Message>;
export type { Args };

const catalogues = new Map<Lang, Catalogue>(Object.entries(inline) as [Lang, Catalogue][]);

class Language {
  current = $state<Lang>('en');
  dir = $derived<'ltr' | 'rtl'>(this.current === 'ar' ? 'rtl' : 'ltr');
  /** For Intl: numbers with Latin digits and the Gregorian calendar in every language. */
  locale = $derived(locale_of(this.current));
}
export const lang = new Language();

export function is_lang(value: unknown): value is Lang {
  return (LANGUAGES as readonly unknown[]).includes(value);
}

// The region of the browser counts when it speaks the same language (en-US: month before day).
function locale_of(language: Lang): string {
  const wished = typeof navigator === 'undefined' ? [] : navigator.languages;
  const tag = wished.find((one) => one.split('-')[0] === language && !one.includes('-u-'));
  return `${tag ?? language}-u-ca-gregory-nu-latn`;
}

async function fetch_catalogue(language: Lang): Promise<Catalogue> {
  const known = catalogues.get(language);
  if (known) return known;
  const answer = await fetch(urls[language]!);
  if (!answer.ok) throw new Error(`messages: ${answer.status}`);
  const catalogue = (await answer.json()) as Catalogue;
  catalogues.set(language, catalogue);
  return catalogue;
}

/** Switches. Before the first call nothing can be shown. Rejects when the texts cannot be had; the
 * language is then as before. */
export async function set_lang(language: Lang): Promise<void> {
  await fetch_catalogue(language);
  lang.current = language;
  if (typeof document === 'undefined') return;
  document.documentElement.lang = language;
  document.documentElement.dir = lang.dir;
}

/** So that a switch needs no waiting. */
export async function fetch_all_languages(): Promise<void> {
  for (const language of LANGUAGES) await fetch_catalogue(language).catch(() => undefined);
}

/** The first of the reader's languages that the console speaks. */
export function wished_lang(): Lang {
  for (const tag of navigator.languages) {
    const primary = tag.split('-')[0]?.toLowerCase();
    if (is_lang(primary)) return primary;
  }
  return 'en';
}

function message(key: string): Message | undefined {
  return catalogues.get(lang.current)?.[key];
}

/** The text of a key ("inbox.title") with its arguments filled in. */
export function t(key: string, args?: Args): string {
  const text = message(key);
  if (text === undefined) return key; // check_messages.mjs keeps this from happening
  return render(text, lang.locale, args);
}

/** The same for a key made from a code that a newer node may send: `fallback` where there is none. */
export function t_or(key: string, fallback: string, args?: Args): string {
  return message(key) === undefined ? fallback : t(key, args);
}
