// The names of codes and countries in the reader's language: GET /v1/codes, fetched once per language.
import { call } from '../api/call';
import type { CodesResponse, CodeView, CountryView } from '../api/generated/types';
import { lang, type Lang } from './lang.svelte';

interface Names {
  lists: Map<string, CodeView[]>;
  labels: Map<string, string>; // "list CODE"
  countries: Map<string, CountryView>;
}

const known = new Map<Lang, Names>();
const running = new Map<Lang, Promise<void>>();
class Version {
  count = $state(0); // so that what was shown as a bare code changes when the names arrive
}
const version = new Version();

function indexed(answer: CodesResponse): Names {
  const labels = new Map<string, string>();
  for (const list of answer.lists) for (const one of list.codes) labels.set(`${list.name} ${one.code}`, one.label);
  return {
    lists: new Map(answer.lists.map((list) => [list.name, list.codes])),
    labels,
    countries: new Map(answer.countries.map((one) => [one.code, one])),
  };
}

/** Resolves when the names of the reader's language are here. Rejects when they cannot be had. */
export function load_codes(): Promise<void> {
  const language = lang.current;
  if (known.has(language)) return Promise.resolve();
  let one = running.get(language);
  if (!one) {
    one = call('codes_show', { lang: language }).then((answer) => {
      known.set(language, indexed(answer));
      version.count += 1;
    }).finally(() => running.delete(language));
    running.set(language, one);
  }
  return one;
}

// Whoever may not have them, or cannot now, is not asked for at every word.
const AGAIN_MS = 60_000;
const failed = new Map<Lang, number>();

function names(): Names | undefined {
  void version.count;
  const language = lang.current;
  const here = known.get(language);
  if (!here && Date.now() - (failed.get(language) ?? -AGAIN_MS) >= AGAIN_MS) load_codes().catch(() => failed.set(language, Date.now()));
  return here;
}

/** The name of a code; the fallback (the node's English words), else the code, where there is none. */
export function code_label(list: string, code: string, fallback = ''): string {
  return names()?.labels.get(`${list} ${code}`) ?? (fallback || code);
}

/** "ES" → "Spain"; a party "XA-ITI" is named by its State; else the code. */
export function country_label(code: string): string {
  const countries = names()?.countries;
  return countries?.get(code)?.label ?? countries?.get(code.split('-')[0] ?? '')?.label ?? code;
}

/** The codes of a list in the order to be shown; empty while they are on their way. */
export function codes_of(list: string): CodeView[] {
  return names()?.lists.get(list) ?? [];
}

/** States first, then areas, then former States. */
export function countries(): CountryView[] {
  return [...(names()?.countries.values() ?? [])];
}
