// What the timeline needs: entries as the API gives them, of which any field may be absent.
import type { TimelineEntry } from '../api';

type Some<T> = T extends (infer E)[] ? readonly Some<E>[] : T extends object ? { [K in keyof T]?: Some<T[K]> } : T;
export type TimelineFacts = Some<Omit<TimelineEntry, 'record'>>;

// A record in the timeline: what the API says, and how the page calls it.
export interface TimelineRow {
  facts: TimelineFacts;
  title: string;
  from_name: string;
  summary: string;       // one line of the node, with words of whoever wrote the record
  summary_lang: string;
  effect_text: string;   // empty: it takes effect
}
