// What the jump search finds: pages, parties, cases. Pure, but for the words of the reader's language.
import type { InboxEntry, Peer } from '../api';
import { country_label, t } from '../i18n';
import type { IconName } from '../ui/icons';
import { shown_entries } from './nav';

export interface Hit {
  id: string;
  href: string;
  icon: IconName;
  /** Own words. */
  title: string;
  /** Words of others. */
  foreign?: string;
  note?: string;
}

const MOST = 6; // of one sort

/** For comparing: small letters without accents, one form for every width. */
export function folded(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}

/** Every word of what was typed stands somewhere in the text. */
export function fits(text: string, typed: string): boolean {
  const where = folded(text);
  return folded(typed).split(/\s+/).filter(Boolean).every((word) => where.includes(word));
}

/** "t-12", "T12", "12" → "T-12". */
export function as_case_number(typed: string): string | undefined {
  const m = /^\s*(?:t\s*-?\s*)?(\d{1,9})\s*$/i.exec(typed);
  return m ? `T-${Number(m[1])}` : undefined;
}

/** Could be written on a weapon: letters or digits, at least one digit, three characters or more. */
export function as_serial(typed: string): string | undefined {
  const text = typed.trim();
  return [...text].length >= 3 && text.length <= 64 && /\p{Nd}/u.test(text) && !/[<>{}@]/.test(text) ? text : undefined;
}

export function pages(typed: string): Hit[] {
  return shown_entries().filter((one) => fits(t(one.text), typed))
    .map((one) => ({ id: `page-${one.id}`, href: one.href, icon: one.icon, title: t(one.text) }));
}

export function parties(typed: string, peers: Peer[]): Hit[] {
  return peers.filter((one) => fits(`${one.party} ${country_label(one.party)} ${one.card?.authority.join(' ') ?? ''}`, typed)).slice(0, MOST)
    .map((one) => ({ id: `party-${one.party}`, href: `/peers/${encodeURIComponent(one.party)}`, icon: 'globe', title: `${country_label(one.party)} (${one.party})`, foreign: one.card?.authority[0] ?? '' }));
}

/** entries: what the node found for these words, or for those typed a moment ago. */
export function cases(typed: string, entries: InboxEntry[]): Hit[] {
  // Long digits are rather a serial number, unless there is such a case.
  const asked = as_case_number(typed);
  const number = asked && (asked.length <= 8 || entries.some((one) => one.case_number === asked)) ? asked : undefined;
  const found = entries.filter((one) => one.case_number !== number && fits(`${one.case_number} ${one.subject} ${one.party} ${country_label(one.party)}`, typed)).slice(0, MOST)
    .map((one): Hit => ({ id: `case-${one.case_number}`, href: `/cases/${one.case_number}`, icon: 'inbox', title: one.case_number, foreign: one.subject, note: one.party }));
  if (!number) return found;
  const known = entries.find((one) => one.case_number === number);
  return [{ id: `case-${number}`, href: `/cases/${number}`, icon: 'inbox', title: number, foreign: known?.subject ?? '', note: known?.party ?? '' }, ...found];
}
