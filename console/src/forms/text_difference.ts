// Two texts side by side: which words are gone and which are new.

export interface Piece {
  text: string;
  mark: 'same' | 'removed' | 'added';
}

const MOST_CELLS = 250_000; // of the table below; longer texts are shown as replaced whole

// Words and what stands between them; joined, they are the text again.
function words_of(text: string, lang: string): string[] {
  return [...new Intl.Segmenter(lang, { granularity: 'word' }).segment(text)].map((s) => s.segment);
}

export function compare_texts(before: string, after: string, lang: string): Piece[] {
  if (before === after) return before === '' ? [] : [{ text: before, mark: 'same' }];
  const a = words_of(before, lang);
  const b = words_of(after, lang);
  if (a.length * b.length > MOST_CELLS) return whole(before, after);
  return joined(walk(a, b, common(a, b)));
}

function whole(before: string, after: string): Piece[] {
  const pieces: Piece[] = [
    { text: before, mark: 'removed' },
    { text: after, mark: 'added' },
  ];
  return pieces.filter((piece) => piece.text !== '');
}

// table[i][j]: words that a from i and b from j have in common, in this order.
function common(a: readonly string[], b: readonly string[]): Uint32Array[] {
  const table = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      table[i]![j] =
        a[i] === b[j]
          ? table[i + 1]![j + 1]! + 1
          : Math.max(table[i + 1]![j]!, table[i]![j + 1]!);
  return table;
}

function walk(a: readonly string[], b: readonly string[], table: Uint32Array[]): Piece[] {
  const out: Piece[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      out.push({ text: a[i++]!, mark: 'same' });
      j++;
    } else if (j >= b.length || (i < a.length && table[i + 1]![j]! >= table[i]![j + 1]!)) {
      out.push({ text: a[i++]!, mark: 'removed' });
    } else {
      out.push({ text: b[j++]!, mark: 'added' });
    }
  }
  return out;
}

// Neighbours of one mark become one piece.
function joined(pieces: readonly Piece[]): Piece[] {
  const out: Piece[] = [];
  for (const piece of pieces) {
    const last = out.at(-1);
    if (last?.mark === piece.mark) last.text += piece.text;
    else out.push({ ...piece });
  }
  return out;
}
