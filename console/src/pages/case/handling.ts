// How a case is to be handled: the strictest of all its records, in the reader's words, and the node's own
// line of the request until they are here.
import type { SheetValue } from '../../api';

export interface Handling {
  values: SheetValue[];
  fallback: string;
}
