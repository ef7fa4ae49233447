// What the timeline needs: entries as the API gives them, of which any field may be absent.
import type { TimelineEntry } from '../api';

type Some<T> = T extends (infer E)[] ? readonly Some<E>[] : T extends object ? { [K in keyof T]?: Some<T[K]> } : T;
export type TimelineFacts = Some<Omit<TimelineEntry, 'record'>>;

export interface Piece {
  text: string;
  theirs: boolean;         // words of whoever wrote the record: to be isolated
}

// A record in the timeline: what the API says, and how the page calls it.
export interface TimelineRow {
  facts: TimelineFacts;
  title: string;
  from_name: string;
  line: readonly Piece[];  // what it says, in one line
  line_lang: string;       // '': the reader's
  remark: string;          // of the node, in English: what is to be said of it besides
  effect_text: string;     // empty: it takes effect
}
