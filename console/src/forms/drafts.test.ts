// Goal: drafts keep themselves, and what cannot be kept is said and tried again, never lost.
// Method: a made-up node behind fetch; the clock is turned by hand.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DraftKeeper, forget, in_memory } from './drafts.svelte';

let asked: { url: string; body: { draft?: { id?: string; title?: string } } }[] = [];
let answer: (url: string) => Response | Error;
let title = 'a';

const json = (status: number, body: object, type = 'application/json') =>
  new Response(JSON.stringify(body), { status, headers: { 'Content-Type': type } });
const kept = (id = 'D-7') => json(200, { draft: { id, saved_at: '2026-03-02T09:14:00Z' } });
const about = () => ({ kind: 'lamp.report', case_number: '', title, content: {} });

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  title = 'a';
  answer = () => kept();
  vi.stubGlobal('fetch', async (url: string, init: { body: string }) => {
    asked.push({ url, body: JSON.parse(init.body) });
    const given = answer(url);
    if (given instanceof Error) throw given;
    return given;
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  forget('key');
});

test('two seconds after the last change, under one id', async () => {
  const keeper = new DraftKeeper(about);
  keeper.changed();
  await vi.advanceTimersByTimeAsync(1500);
  keeper.changed();
  await vi.advanceTimersByTimeAsync(1900);
  expect(asked).toHaveLength(0);
  await vi.advanceTimersByTimeAsync(200);
  expect(keeper.status).toBe('kept');
  expect(keeper.kept_at).toBe('2026-03-02T09:14:00Z');
  title = 'b';
  keeper.changed();
  await vi.advanceTimersByTimeAsync(2000);
  expect(asked.map((each) => each.body.draft?.id)).toEqual(['', 'D-7']);
});

test('without a node: kept in memory, and again after a while', async () => {
  answer = () => new TypeError('network');
  const keeper = new DraftKeeper(about);
  keeper.changed();
  await vi.advanceTimersByTimeAsync(2000);
  expect(keeper.status).toBe('memory');
  expect(keeper.unkept).toBe(true);
  answer = () => kept();
  await vi.advanceTimersByTimeAsync(15_000);
  expect(keeper.status).toBe('kept');
});

test('what is typed while it is being kept is kept too', async () => {
  let release: (value: Response) => void = () => undefined;
  vi.stubGlobal('fetch', () => new Promise<Response>((resolve) => (release = resolve)));
  const keeper = new DraftKeeper(about);
  keeper.changed();
  await vi.advanceTimersByTimeAsync(2000);
  keeper.changed();
  release(kept());
  await vi.advanceTimersByTimeAsync(0);
  expect(keeper.status).toBe('waiting');
  expect(keeper.unkept).toBe(true);
});

test('a draft that is gone becomes a new one', async () => {
  answer = () => json(404, { code: 'NOT_FOUND', detail: 'no such draft' }, 'application/problem+json');
  const keeper = new DraftKeeper(about, 'D-3');
  keeper.changed();
  await vi.advanceTimersByTimeAsync(2000);
  answer = () => kept('D-9');
  await vi.advanceTimersByTimeAsync(10);
  expect(asked.map((each) => each.body.draft?.id)).toEqual(['D-3', '']);
  expect(keeper.id).toBe('D-9');
});

test('a form that is left before it could be kept is found again', async () => {
  answer = () => new TypeError('network');
  const keeper = new DraftKeeper(about);
  title = 'unkept';
  keeper.changed();
  keeper.leave('key');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(in_memory('key')?.about.title).toBe('unkept');
  expect(in_memory('key')?.kept).toBe(false);
  forget('key');
  expect(in_memory('key')).toBeUndefined();
});

test('one that was kept is found only while its page is drawn anew', async () => {
  const keeper = new DraftKeeper(about);
  keeper.changed();
  keeper.leave('key');
  await vi.advanceTimersByTimeAsync(100);
  expect(in_memory('key')?.id).toBe('D-7');
  await vi.advanceTimersByTimeAsync(5000);
  expect(in_memory('key')).toBeUndefined();
});

test('nothing typed, nothing kept; nothing after the end', async () => {
  const keeper = new DraftKeeper(about);
  keeper.leave('key');
  expect(in_memory('key')).toBeUndefined();
  const sent = new DraftKeeper(about, 'D-7');
  sent.changed();
  await sent.end();
  sent.changed();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked.map((each) => each.url)).toEqual(['/v1/drafts/D-7/drop']);
});
