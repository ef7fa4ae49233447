// The event stream: one connection for all tabs of a browser. The tab that holds the lock reads it and tells
// the others; when it closes, another takes over. Without a stream everything is asked again every 15 s.
import { publish, type Topic } from './events.svelte';
import { hooks } from './call';
import { STREAMS } from './generated/operations';

const TOPICS: readonly Topic[] = ['cases', 'outbox', 'peers', 'releases', 'status', 'ledger'];
const ASK_MS = 15_000;
const AGAIN_MS = [1000, 2000, 5000, 15_000];
const QUIET_MS = 90_000; // a stream that says nothing for so long is taken for dead

class Live {
  state = $state<'starting' | 'live' | 'lost'>('starting');
}
export const live = new Live();

/** Pure: takes the whole events out of a text; the rest waits for more. */
export function take_events(text: string): { events: { topic: string }[]; rest: string } {
  const blocks = text.split(/\r?\n\r?\n/);
  const rest = blocks.pop() ?? '';
  const events = blocks.flatMap((block) => {
    const data = block.split(/\r?\n/).filter((line) => line.startsWith('data:')).map((line) => line.slice(5).trimStart()).join('\n');
    if (data === '') return [];
    try {
      const event: unknown = JSON.parse(data);
      return typeof event === 'object' && event !== null && 'topic' in event ? [event as { topic: string }] : [];
    } catch {
      return [];
    }
  });
  return { events, rest };
}

function tell(topic: string): void {
  if ((TOPICS as readonly string[]).includes(topic)) publish(topic as Topic);
}

let stop: AbortController | undefined;

/** Begins to listen; ends with stop_stream(). */
export function start_stream(): void {
  stop?.abort();
  const mine = (stop = new AbortController());
  const channel = new BroadcastChannel('focal-events');
  const timer = setInterval(() => {
    if (live.state === 'lost' && document.visibilityState === 'visible') TOPICS.forEach(publish);
  }, ASK_MS);
  channel.onmessage = (event: MessageEvent<{ topic?: string; state?: Live['state'] }>) => {
    if (event.data.topic) tell(event.data.topic);
    if (event.data.state) live.state = event.data.state;
  };
  mine.signal.addEventListener('abort', () => {
    clearInterval(timer);
    channel.close();
  });
  // Whoever waits for the lock learns how it stands from the one that has it.
  void navigator.locks.request('focal-events', { signal: mine.signal }, () => read_for_all(channel, mine.signal)).catch(() => undefined);
}
export function stop_stream(): void {
  stop?.abort();
  stop = undefined;
  live.state = 'starting';
}

async function read_for_all(channel: BroadcastChannel, signal: AbortSignal): Promise<void> {
  const say = (state: Live['state']) => {
    live.state = state;
    if (!signal.aborted) channel.postMessage({ state });
  };
  for (let tries = 0; !signal.aborted; tries += 1) {
    const began = Date.now();
    const ended = await read_stream((topic) => {
      channel.postMessage({ topic });
      tell(topic);
    }, () => {
      const was_lost = live.state === 'lost';
      say('live');
      if (was_lost) TOPICS.forEach((topic) => { channel.postMessage({ topic }); publish(topic); });
    }, signal);
    if (signal.aborted) return;
    if (ended === 401) return hooks.signed_out();
    if (Date.now() - began > 60_000) tries = 0;
    if (tries > 0) say('lost');
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS[Math.min(tries, AGAIN_MS.length - 1)]));
  }
}

/** Until it ends: the status it ended with, 0 when it broke. */
async function read_stream(told: (topic: string) => void, opened: () => void, signal: AbortSignal): Promise<number> {
  const quiet = new AbortController();
  let timer = setTimeout(() => quiet.abort(), QUIET_MS);
  try {
    const answer = await fetch(STREAMS.events, {
      headers: { 'X-Focal': '1', Accept: 'text/event-stream' }, credentials: 'same-origin', cache: 'no-store', redirect: 'error',
      signal: AbortSignal.any([signal, quiet.signal]),
    });
    if (!answer.ok || !answer.body) return answer.status;
    opened();
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return 0;
      clearTimeout(timer);
      timer = setTimeout(() => quiet.abort(), QUIET_MS);
      const taken = take_events(rest + value);
      rest = taken.rest.slice(-65_536);
      for (const event of taken.events) told(event.topic);
    }
  } catch {
    return 0;
  } finally {
    clearTimeout(timer);
  }
}
