// What a text field can hold, as node/record/formats.cc and base/names.cc have it.

const ENCODER = new TextEncoder();
const FIRST_YEAR = 1500; // of a partial date
const FIRST_DAY_YEAR = 1970; // of a whole one

export function byte_length(text: string): number {
  return ENCODER.encode(text).length;
}

// No control character but newline and tab, and no half of a surrogate pair.
export function is_plain_text(text: string): boolean {
  // eslint-disable-next-line no-control-regex
  return !/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/.test(text) && !has_lone_surrogate(text);
}

function has_lone_surrogate(text: string): boolean {
  for (const letter of text) {
    const code = letter.codePointAt(0)!;
    if (code >= 0xd800 && code <= 0xdfff) return true;
  }
  return false;
}

export function is_blank(text: string): boolean {
  return /^[ \t\n]*$/.test(text);
}

// Code points; none for blanks at the ends, one for each run of blanks.
export function text_length(text: string): number {
  return [...text.replace(/^[ \t\n]+|[ \t\n]+$/g, '').replace(/[ \t\n]+/g, ' ')].length;
}

function is_day_of_calendar(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

export function is_date(text: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!match) return false;
  const [year, month, day] = match.slice(1).map(Number) as [number, number, number];
  return year >= FIRST_DAY_YEAR && is_day_of_calendar(year, month, day);
}

export function is_partial_date(text: string): boolean {
  const match = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/.exec(text);
  if (!match) return false;
  const [year, month, day] = match.slice(1).map((part) => (part ? Number(part) : 1)) as [
    number,
    number,
    number,
  ];
  return year >= FIRST_YEAR && is_day_of_calendar(year, month, day);
}

// What people write, as YYYY, YYYY-MM or YYYY-MM-DD: 2014/6, 2014.06.11, 11.06.2014, ٢٠١٤.
// Anything that can be read in two ways (06/07/2014) is left as it is.
export function tidy_date(text: string): string {
  const plain = latin_digits(text.trim());
  const parts = plain.split(/[-/.\s年月日]+/).filter((part) => part !== '');
  if (!parts.length || parts.some((part) => !/^\d+$/.test(part))) return plain;
  if (parts[0]!.length === 4 && parts.length <= 3 && parts.slice(1).every((p) => p.length <= 2))
    return parts.map((part, i) => (i ? part.padStart(2, '0') : part)).join('-');
  const [day, month, year] = parts;
  if (parts.length !== 3 || year!.length !== 4 || day!.length > 2 || month!.length > 2) return plain;
  if (!plain.includes('.') && Number(day) <= 12 && Number(month) <= 12 && day !== month)
    return plain;
  if (Number(month) > 12) return plain;
  return [year, month!.padStart(2, '0'), day!.padStart(2, '0')].join('-');
}

// Digits of Arabic, Persian and full-width writing become 0 to 9.
export function latin_digits(text: string): string {
  return text.replace(/[\u0660-\u0669\u06f0-\u06f9\uff10-\uff19]/g, (digit) => {
    const code = digit.codePointAt(0)!;
    const zero = code >= 0xff10 ? 0xff10 : code >= 0x06f0 ? 0x06f0 : 0x0660;
    return String(code - zero);
  });
}

export function is_party(text: string): boolean {
  return /^[A-Z][A-Z0-9-]{1,11}$/.test(text);
}

export function is_desk(text: string): boolean {
  return /^[A-Z0-9-]{1,16}$/.test(text);
}

export function is_language(text: string): boolean {
  return /^[a-z]{2,3}(-[A-Z]{2})?$/.test(text);
}

export function is_sha256(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}

// A country code by its form: of ISO, of a former State (four letters), or ZZ. Whether there is
// such a country is for the list of countries to say.
export function looks_like_country(text: string): boolean {
  return /^[A-Z]{2}([A-Z]{2})?$/.test(text);
}

// XA to XZ have no row in any list; ISO leaves them to users, and ZZ means unknown.
export function is_user_country(text: string): boolean {
  return /^X[A-Z]$/.test(text) || text === 'ZZ';
}
