// Verdicts in words, and as JSON (docs/protocol.md 20.7).
export const kLanguages = ['en', 'fr', 'es', 'ru', 'zh', 'ar'];
const kRightToLeft = ['ar'];
export const isRightToLeft = (language) => kRightToLeft.includes(language);

const kDirections = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const kShownOfRid = 16;
const kNothing = '\u2026';

// tsv: node/evidence/data/verdict_words.tsv. language -> word -> text
export function parseWords(tsv) {
  const [head, ...rows] = tsv.trimEnd().split('\n').map((line) => line.split('\t'));
  return Object.fromEntries(kLanguages.map((language) => {
    const column = head.indexOf(language);
    return [language, Object.fromEntries(rows.map((row) => [row[0], row[column]]))];
  }));
}

export class Words {
  constructor(tables, language) {
    this.table = tables[language];
    this.language = language;
  }
  word(name) {
    if (this.table[name] === undefined) throw new Error(`no word ${name}`);
    return this.table[name];
  }
  // No value can turn the words around it; in Arabic it stands for itself, whatever direction it has.
  fill(name, values) {
    const value = (key) => {
      const plain = values[key].replace(kDirections, '');
      return isRightToLeft(this.language) ? `\u2068${plain}\u2069` : plain;
    };
    return this.word(name).replace(/\{([a-z]+)\}/g, (all, key) => (values[key] === undefined ? all : value(key)));
  }
  claim(c) {
    return this.fill(`claim.${c.claim}`, {
      party: c.party || kNothing, by: c.by || kNothing, at: c.at || kNothing,
      rid: c.rid.slice(0, kShownOfRid) || kNothing,
    });
  }
  reason(c) { return this.word(`reason.${c.reason}`); }
  told(c) {
    const put = (name, key, text) => this.word(name).replace(`{${key}}`, () => text);
    const head = put(`told.${c.verdict}`, 'claim', this.claim(c));
    return c.reason === 'OK' ? head : head + put('told.because', 'reason', this.reason(c));
  }
}

// One line without its end. file: only of many.
export function jsonOf(verdict, words, file) {
  return JSON.stringify({
    format: 'focal-verdict/v1', ...(file === undefined ? {} : { file }), verdict: verdict.verdict,
    claims: verdict.claims.map((c) => ({
      claim: c.claim, rid: c.rid, party: c.party, by: c.by, verdict: c.verdict, reason: c.reason, at: c.at,
      words: words.told(c),
    })),
  });
}
