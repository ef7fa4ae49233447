// Goal: a steady stream of news starves no answer and heaps up no questions. Method: questions whose
// answers the test gives.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { by_itself, call } from './call';
import { Turns } from './turns';

/** Every question that was put, and how to answer it. */
function asker() {
  const asked: { answer: () => void; signal: AbortSignal }[] = [];
  const turns = new Turns((signal) => new Promise<void>((resolve) => asked.push({ answer: resolve, signal })));
  return { asked, turns };
}
const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

describe('who asks, when a question waits for its turn', () => {
  const marks: unknown[] = [];
  vi.stubGlobal('fetch', (_: string, init: { headers: Record<string, string> }) => {
    marks.push(init.headers['X-Focal']);
    return Promise.resolve(new Response('{}'));
  });
  afterEach(() => marks.splice(0));
  const turns = () => new Turns(async (signal) => {
    await call('status', {}, { signal });
    await call('inbox', {}, { signal });
  });

  it('is the page, for what the event stream tells', async () => {
    const one = turns();
    await by_itself(() => one.again());
    await Promise.all([by_itself(() => one.again()), by_itself(() => one.again())]);
    expect(new Set(marks)).toEqual(new Set(['by-itself']));
  });
  it('also where the signal is not handed on', async () => {
    const one = new Turns(async () => void (await call('status')));
    await by_itself(() => one.again());
    await Promise.all([by_itself(() => one.again()), by_itself(() => one.again())]);
    expect(marks).toEqual(['by-itself', 'by-itself', 'by-itself']);
  });
  it('is a person, if a person is among those who asked', async () => {
    const one = turns();
    const first = by_itself(() => one.again());
    await Promise.all([first, by_itself(() => one.again()), one.again(), by_itself(() => one.again())]);
    expect(marks).toEqual(['by-itself', 'by-itself', '1', '1']);
    await by_itself(() => one.anew());
    expect(marks.slice(4)).toEqual(['by-itself', 'by-itself']);
  });
});

describe('turns', () => {
  it('lets the answer on its way arrive, and asks once more', async () => {
    const { asked, turns } = asker();
    void turns.again();
    await settle();
    for (let i = 0; i < 50; i += 1) void turns.again();
    await settle();
    expect(asked.length).toBe(1);
    expect(asked[0]!.signal.aborted).toBe(false);
    asked[0]!.answer();
    await settle();
    expect(asked.length).toBe(2);
    asked[1]!.answer();
    await settle();
    expect(asked.length).toBe(2);
  });
  it('answers arrive under a steady stream', async () => {
    vi.useFakeTimers(); // the machine's own would make it a test of the machine
    let answers = 0;
    const turns = new Turns(async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      answers += 1;
    });
    for (let i = 0; i < 150; i += 1) {
      void turns.again();
      await vi.advanceTimersByTimeAsync(2);
    }
    vi.useRealTimers();
    expect(answers).toBe(15); // in 300 ms, each 20
  });
  it('ends with an answer to a question put after the call', async () => {
    const { asked, turns } = asker();
    void turns.again();
    await settle();
    let done = false;
    void turns.again().then(() => (done = true));
    asked[0]!.answer();
    await settle();
    expect(done).toBe(false);
    asked[1]!.answer();
    await settle();
    expect(done).toBe(true);
  });
  it('drops the answer to another question', async () => {
    const { asked, turns } = asker();
    void turns.again();
    await settle();
    void turns.anew();
    await settle();
    expect(asked.length).toBe(2);
    expect(asked[0]!.signal.aborted).toBe(true);
    expect(asked[1]!.signal.aborted).toBe(false);
    void turns.again();
    asked[0]!.answer();
    await settle();
    expect(asked.length).toBe(2);
    asked[1]!.answer();
    await settle();
    expect(asked.length).toBe(3);
  });
  it('asks nothing any more when it has ended', async () => {
    const { asked, turns } = asker();
    void turns.again();
    await settle();
    void turns.again();
    turns.end();
    asked[0]!.answer();
    await settle();
    await turns.again();
    await turns.anew();
    expect(asked.length).toBe(1);
    expect(asked[0]!.signal.aborted).toBe(true);
  });
});
