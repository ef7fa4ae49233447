// Filters under a name, in the preferences.
import { NO_FILTER, parse_filter, write_filter, type Filter } from './filter';

export interface SavedFilter {
  name: string;
  filter: Filter;
}
const MOST = 12;
const MOST_NAME = 40;

/** What a node kept may be anything. */
export function parse_saved(kept: unknown): SavedFilter[] {
  if (!Array.isArray(kept)) return [];
  return kept.slice(0, MOST).flatMap((one: { name?: unknown; query?: unknown }) =>
    typeof one?.name === 'string' && typeof one.query === 'string' ? [{ name: one.name, filter: parse_filter(new URLSearchParams(one.query)) }] : []);
}

function stored(all: SavedFilter[]): { name: string; query: string }[] {
  return all.map(({ name, filter }) => {
    const words = Object.entries(write_filter({ ...NO_FILTER, ...filter })).filter((pair): pair is [string, string] => pair[1] !== undefined);
    return { name, query: new URLSearchParams(words).toString() };
  });
}

/** The last of that name wins. */
export function with_saved(all: SavedFilter[], name: string, filter: Filter): { name: string; query: string }[] {
  const short = [...name].slice(0, MOST_NAME).join('');
  return stored([...all.filter((one) => one.name !== short), { name: short, filter }].slice(-MOST));
}
export function without_saved(all: SavedFilter[], name: string): { name: string; query: string }[] {
  return stored(all.filter((one) => one.name !== name));
}
