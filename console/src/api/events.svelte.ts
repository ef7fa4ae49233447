// What changed at the node, as it changes: GET /v1/events. (The stream itself: stream.ts.)
import { by_itself } from './call';

export type Topic = 'cases' | 'outbox' | 'peers' | 'releases' | 'status' | 'ledger';

type Listener = (topic: Topic) => void;
const listeners = new Set<{ topics: readonly Topic[]; told: Listener }>();

/** Calls back when one of the topics changed, at most once per 250 ms. Returns how to stop it. */
export function on_topics(topics: readonly Topic[], told: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const one = {
    topics,
    told: () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        by_itself(told);
      }, 250);
    },
  };
  listeners.add(one);
  return () => {
    listeners.delete(one);
    clearTimeout(timer);
  };
}

export function publish(topic: Topic): void {
  for (const one of listeners) if (one.topics.includes(topic)) one.told(topic);
}
