// Sixty digits as people compare them: twelve groups of five. Blanks and hyphens do not count.
export const GROUPS = 12;
export const GROUP_DIGITS = 5;

export interface Group {
  digits: string;
  differs: boolean;      // from the same group of the other number
}

export const digits_of = (text: string): string => text.replace(/[^0-9]/g, '');

// other: the number it is compared with; of a group that it does not have whole, nothing is said.
export function groups_of(number: string, other = ''): Group[] {
  const digits = digits_of(number);
  const against = digits_of(other);
  const out: Group[] = [];
  for (let i = 0; i < digits.length; i += GROUP_DIGITS) {
    const group = digits.slice(i, i + GROUP_DIGITS);
    const theirs = against.slice(i, i + GROUP_DIGITS);
    out.push({ digits: group, differs: theirs.length === group.length && theirs !== group });
  }
  return out;
}

export const is_whole = (number: string): boolean => digits_of(number).length === GROUPS * GROUP_DIGITS;
