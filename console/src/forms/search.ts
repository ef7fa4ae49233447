// Finding a choice by what somebody types: by code or by label, whatever the accents, the case or
// the form of the letters.

export interface Choice {
  code: string;
  label: string;
  note?: string | undefined; // a second line: why it is offered, or what it was called
}

// The letters of Arabic that people write in more than one way.
const ARABIC: readonly [RegExp, string][] = [
  [/\u0671/g, '\u0627'], // alef wasla; the others lose their sign below
  [/\u0649/g, '\u064a'], // alef maqsura
  [/\u0629/g, '\u0647'], // ta marbuta
  [/\u0640/g, ''], // tatweel
];

export function fold(text: string): string {
  let out = text.normalize('NFC');
  for (const [letters, letter] of ARABIC) out = out.replace(letters, letter);
  return out.normalize('NFKD').replace(/\p{Mn}/gu, '').toLowerCase();
}

// 0: no match; more is better. words: folded.
function score(choice: { code: string; label: string }, words: readonly string[]): number {
  const code = choice.code;
  const label = choice.label;
  const query = words.join(' ');
  if (code === query) return 6;
  if (label.startsWith(query)) return 5;
  if (code.startsWith(query.replaceAll(' ', '_'))) return 4;
  const starts = (word: string) => new RegExp(`(^|[\\s\\-–(,/’'.])${escape(word)}`, 'u').test(label);
  if (words.every(starts)) return 3;
  if (words.every((word) => label.includes(word))) return 2;
  return words.every((word) => label.includes(word) || code.includes(word)) ? 1 : 0;
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}

export class Finder {
  private readonly folded: { choice: Choice; code: string; label: string }[];

  constructor(readonly choices: readonly Choice[]) {
    this.folded = choices.map((choice) => ({
      choice,
      code: fold(choice.code),
      label: fold(choice.label),
    }));
  }

  // Best first, otherwise in the order of the list. Nothing typed: all.
  find(typed: string): Choice[] {
    const words = fold(typed).split(/\s+/).filter((word) => word !== '');
    if (!words.length) return [...this.choices];
    return this.folded
      .map((each) => ({ choice: each.choice, points: score(each, words) }))
      .filter((each) => each.points > 0)
      .sort((a, b) => b.points - a.points)
      .map((each) => each.choice);
  }

  // The one choice that is meant by exactly this text.
  exact(typed: string): Choice | undefined {
    const text = fold(typed).trim();
    const found = this.folded.filter((each) => each.code === text || each.label === text);
    return found.length === 1 ? found[0]!.choice : undefined;
  }
}
