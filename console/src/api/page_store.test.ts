// Goal: a long list is put together from pages, in any order, while it changes: no row stands in two places.
// Method: a list that the test changes, against the places.
import { describe, expect, it } from 'vitest';
import { PAGE, PageStore } from './page_store';

const made = (n: number) => Array.from({ length: n }, (_, i) => `T-${i}`);
const ask = (store: PageStore<string>, list: string[], page: number) =>
  store.put(page, store.round, list.slice(page * PAGE, (page + 1) * PAGE), list.length);
const here = (store: PageStore<string>) => store.rows.filter((row) => row !== undefined);

describe('pages', () => {
  it('come as they are asked, and say what is missing', () => {
    const list = made(1050);
    const store = new PageStore<string>((row) => row);
    expect(store.missing(0, 50)).toBe(0);
    ask(store, list, 0);
    expect(store.rows.length).toBe(1050);
    expect(store.missing(0, 100)).toBe(undefined);
    expect(store.missing(90, 110)).toBe(1);
    expect(store.missing(1040, 1_000_000)).toBe(10);
    ask(store, list, 10);
    expect(store.missing(1040, 1_000_000)).toBe(undefined);
    expect(store.rows[1049]).toBe('T-1049');
    expect(store.rows[500]).toBe(undefined);
    expect(store.loaded).toBe(150);
  });
  it('are asked again when something changed, and stay until then', () => {
    const list = made(300);
    const store = new PageStore<string>((row) => row);
    ask(store, list, 0);
    store.stale();
    expect(store.missing(0, 100)).toBe(0);
    expect(store.rows[0]).toBe('T-0');
    // An answer to a question from before the change counts as old.
    const before = store.round;
    store.stale();
    store.put(0, before, list.slice(0, PAGE), 300);
    expect(store.missing(0, 100)).toBe(0);
  });
  it('hold no row twice, whatever moves', () => {
    let list = made(1000);
    const store = new PageStore<string>((row) => row);
    let seed = 7;
    const random = (n: number) => (seed = (seed * 48271) % 2147483647) % n;
    for (let turn = 0; turn < 400; turn += 1) {
      const moved = list.splice(random(list.length), 1)[0]!;
      if (random(3) > 0) list.splice(random(list.length), 0, moved);
      if (random(10) === 0) list = [...list, ...Array.from({ length: 3 }, (_, i) => `N-${turn}-${i}`)];
      ask(store, list, random(Math.ceil(list.length / PAGE)));
      expect(new Set(here(store)).size).toBe(here(store).length);
      expect(store.loaded).toBe(here(store).length);
      expect(store.rows.length).toBe(list.length);
    }
    // When it rests, every place is asked until all is right.
    store.stale();
    for (let page = store.missing(0, list.length); page !== undefined; page = store.missing(0, list.length)) ask(store, list, page);
    expect(store.rows).toEqual(list);
  });
  it('may become none', () => {
    const store = new PageStore<string>((row) => row);
    ask(store, made(150), 1);
    ask(store, [], 0);
    expect([store.rows.length, store.loaded, store.missing(0, 50)]).toEqual([0, 0, undefined]);
    store.clear();
    expect(store.missing(0, 50)).toBe(0);
  });
  it('cost what is here, not what the list has', () => {
    const list = made(100_000);
    let looked = 0;
    const store = new PageStore<string>((row) => {
      looked += 1;
      return row;
    });
    for (let page = 0; page < 100; page += 1) ask(store, list, page);
    expect(looked).toBe((PAGE * 100 * 101) / 2); // with every page those that are here, and it
  });
});
