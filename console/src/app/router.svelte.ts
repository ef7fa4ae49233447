// Which page stands on the screen: the address, without a hash. Pages bring their own routes
// (src/pages/*/route.ts); links are plain <a href>.
import type { Component } from 'svelte';

export interface Route {
  /** "/cases/:case_number"; a word with a colon is a parameter. */
  path: string;
  page: () => Promise<{ default: Component<PageProps> | Component }>;
  /** Key of the page's title. */
  title: string;
  /** The entry of the sidebar that is marked. */
  nav?: string;
}
export interface PageProps {
  params: Record<string, string>;
  query: URLSearchParams;
}

const found = import.meta.glob<{ routes: Route[] }>('../pages/*/route.ts', { eager: true });
const routes = Object.values(found).flatMap((module) => module.routes);

export interface Match {
  route: Route | undefined;
  params: Record<string, string>;
}

/** Exported for tests. Fixed words win over parameters. */
export function match(path: string, among: Route[] = routes): Match {
  const words = path.split('/').filter(Boolean);
  let best: Match = { route: undefined, params: {} };
  let fixed = -1;
  for (const route of among) {
    const pattern = route.path.split('/').filter(Boolean);
    if (pattern.length !== words.length) continue;
    const params: Record<string, string> = {};
    let same = 0;
    const fits = pattern.every((word, i) => {
      if (word === words[i]) return ++same > 0;
      if (!word.startsWith(':')) return false;
      params[word.slice(1)] = decode(words[i]!);
      return true;
    });
    if (fits && same > fixed) [best, fixed] = [{ route, params }, same];
  }
  return best;
}

function decode(word: string): string {
  try {
    return decodeURIComponent(word);
  } catch {
    return word;
  }
}

type Guard = (to: string) => boolean;
const guards = new Set<Guard>();

class Router {
  path = $state('/');
  search = $state('');
  query = $derived(new URLSearchParams(this.search));
  matched = $derived(match(this.path));

  /** Begins to listen. */
  start(): void {
    this.#read();
    addEventListener('popstate', () => this.#read());
    addEventListener('click', (event) => this.#clicked(event));
  }

  /** To another page; replace: without a step back to this one. */
  go(target: string, replace = false): void {
    for (const guard of guards) if (!guard(target)) return;
    history[replace ? 'replaceState' : 'pushState'](null, '', target);
    this.#read();
    if (!replace) scrollTo(0, 0);
  }
  /** The same page with other words behind the question mark; no step back. */
  set_query(words: Record<string, string | undefined>): void {
    const query = new URLSearchParams(this.search);
    for (const [name, value] of Object.entries(words))
      if (value) query.set(name, value);
      else query.delete(name);
    history.replaceState(null, '', this.path + (query.size > 0 ? `?${query}` : ''));
    this.#read();
  }
  /** Asked before the page is left; false keeps it. Returns how to stop it. */
  guard(guard: Guard): () => void {
    guards.add(guard);
    return () => guards.delete(guard);
  }

  #read(): void {
    this.path = location.pathname;
    this.search = location.search;
  }
  #clicked(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
      return;
    const link = (event.target as Element | null)?.closest?.('a');
    if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin) return;
    if (link.pathname.startsWith('/v1/') || (link.pathname === location.pathname && link.hash)) return;
    event.preventDefault();
    this.go(link.pathname + link.search);
  }
}
export const router = new Router();
