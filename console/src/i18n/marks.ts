// What others wrote, made visible before people read it: the rules of node/desk/text_marks.h, in the
// browser. Pure. fixtures/marks.json has cases that both sides can be held to.

export interface MarkedText {
  text: string; // nothing in it is invisible; line breaks stay, tabs are blanks
  control_characters: boolean; // something was written out as ⟨U+202E⟩
  look_alikes: boolean; // a word mixes scripts or sets of digits
}

const MOST_ACCENTS = 4;
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/u;
// Number signs of Arabic and Syriac that show: format characters all the same.
const SHOWN_FORMATS = /[\u0600-\u0605\u06DD\u070F\u0890\u0891\u08E2\u{110BD}\u{110CD}]/u;
const ACCENT = /\p{M}/u;
const INHERITED = /\p{Script=Inherited}/u;
const SEPARATOR = /[\p{P}\p{Z}\p{Cc}]/u;
const SHAPES: [number, RegExp][] = [
  [1, /[\p{Script=Latin}]/u], [2, /\p{Script=Cyrillic}/u], [3, /\p{Script=Greek}/u],
  [4, /\p{Script=Coptic}/u], [5, /\p{Script=Armenian}/u], [6, /\p{Script=Cherokee}/u],
  [7, /\p{Script=Lisu}/u],
];
const LETTER = /\p{L}/u;
const DIGIT = /\p{Nd}/u;
const WIDE = /[\uFF10-\uFF19\uFF21-\uFF3A\uFF41-\uFF5A]/u;
const MATH = /[\u{1D400}-\u{1D7FF}]/u;
const SURROGATE = /[\uD800-\uDFFF]/u;
const PLAIN = /^[\x20-\x7E\n]*$/;

function unseen(c: string): boolean {
  return UNSEEN.test(c) && !SHOWN_FORMATS.test(c);
}

// Joiners shape letters from Arabic to the scripts of India, and selectors choose the look of a
// symbol; elsewhere they only hide.
function has_its_place(c: string, before: string): boolean {
  const code = c.codePointAt(0)!;
  const previous = before.codePointAt(0) ?? 0;
  if (code === 0x200c || code === 0x200d) return previous >= 0x0600 && previous <= 0x0dff;
  return code >= 0xfe00 && code <= 0xfe0f && /\p{S}/u.test(before);
}

function written_out(c: string): string {
  return `⟨U+${c.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}⟩`;
}

function shape(c: string): number {
  if (!LETTER.test(c)) return 0;
  return SHAPES.find(([, script]) => script.test(c))?.[0] ?? 0;
}

// Sets of decimal digits begin at a code point whose last digit they share: every set is ten in a row,
// and its zero is found by walking down.
function zero(c: string): number {
  if (!DIGIT.test(c)) return 0;
  const code = c.codePointAt(0)!;
  if (code >= 0x1d7ce && code <= 0x1d7ff) return 0x1d7ce + 10 * Math.floor((code - 0x1d7ce) / 10);
  let first = code;
  while (code - first < 9 && DIGIT.test(String.fromCodePoint(first - 1))) first -= 1;
  return first;
}

export function mark_text(source: string): MarkedText {
  if (PLAIN.test(source)) return { text: source, control_characters: false, look_alikes: false };
  const out: MarkedText = { text: '', control_characters: false, look_alikes: false };
  let script = 0, digits = 0, accents = 0, before = '';
  const characters = [...source];
  characters.forEach((c, i) => {
    accents = ACCENT.test(c) && INHERITED.test(c) ? accents + 1 : 0;
    if (c === '\n' || c === '\t') out.text += c === '\n' ? '\n' : ' ';
    else if (c === '\r' && characters[i + 1] === '\n') return;
    else if (SURROGATE.test(c) || accents > MOST_ACCENTS || (unseen(c) && !has_its_place(c, before))) {
      out.text += written_out(c);
      out.control_characters = true;
    } else out.text += c;
    before = c;
    if (SEPARATOR.test(c)) script = digits = 0;
    const s = shape(c), z = zero(c);
    out.look_alikes ||= (s !== 0 && script !== 0 && s !== script) ||
      (z !== 0 && digits !== 0 && z !== digits) || WIDE.test(c) || MATH.test(c);
    if (s !== 0) script = s;
    if (z !== 0) digits = z;
  });
  return out;
}
