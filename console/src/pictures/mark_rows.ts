// A marking as drawing and list show it.
import type { Reading } from './mark_places';

export interface MarkRow {
  no: number;            // as pins and rows are numbered
  part: string;          // codes, or empty
  side: string;
  reading: Reading;
  kind: string;          // in words
  text: string;          // as read, by whoever read it
  symbol: string;        // in words; empty: none
  symbol_text: string;
  where: string;         // part and side in words; empty: not said
  details: string[];     // condition, method, … in words
}
