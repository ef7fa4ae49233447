// Goal: a steady stream of news starves no answer and heaps up no questions. Method: questions whose
// answers the test gives.
import { describe, expect, it } from 'vitest';
import { Turns } from './turns';

/** Every question that was put, and how to answer it. */
function asker() {
  const asked: { answer: () => void; signal: AbortSignal }[] = [];
  const turns = new Turns((signal) => new Promise<void>((resolve) => asked.push({ answer: resolve, signal })));
  return { asked, turns };
}
const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

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
    let answers = 0;
    const turns = new Turns(async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      answers += 1;
    });
    const until = Date.now() + 300;
    while (Date.now() < until) {
      void turns.again();
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    expect(answers).toBeGreaterThan(5);
    expect(answers).toBeLessThan(20);
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
