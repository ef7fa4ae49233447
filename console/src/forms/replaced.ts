// Which record another one replaces: Header.supersedes.
import { hex_of } from './hex';
import { get_at, type Json } from './values';

/** Id of the record that this one replaces, in hexadecimal digits; '' = none. */
export function replaced_rid(record: Json): string {
  const rid = get_at(record, 'header.supersedes.rid');
  return typeof rid === 'string' ? hex_of(rid) : '';
}
