// The rules an object can break, by the section of docs/protocol.md that states them. Every
// refusal names one; the mutation test checks that each of them was broken often enough.
export const kRules = {
  // 2.2, in the order of its list
  'note.size': 'longer than 64 KiB',
  'note.count': 'no or more than 32 signature lines',
  'note.utf8': 'not UTF-8',
  'note.control': 'a control character',
  'note.split': 'the empty line is missing, or one too many stands at the end of the text',
  'note.form': 'a signature line has another form',
  'note.base64': 'base64 of a signature line is not canonical',
  'note.missing': 'a required signature is missing',
  'note.wrong': 'a line of a known key does not verify',
  'note.twice': 'a known key signed twice',
  // forms that several texts share
  'text.lines': 'a line is missing, repeated, unknown, empty, misspelt or out of order',
  'text.party': 'no name of a party, or another one',
  'text.number': 'a number is not decimal without leading zeros, or out of its range',
  'text.date': 'a date has another form or does not exist',
  'text.bytes': 'base64 is not canonical or of another length',
  'text.key': 'a key is no point of prime order in its canonical encoding',
};

export function declare(rules) {
  for (const [rule, words] of Object.entries(rules)) {
    if (kRules[rule] !== undefined && kRules[rule] !== words) throw new Error(`${rule} twice`);
    kRules[rule] = words;
  }
}

export class Refused extends Error {
  // rule: a name of kRules. code: what the sender would learn, for an envelope.
  constructor(rule, detail = '') {
    super(detail);
    if (kRules[rule] === undefined) throw new Error(`no rule ${rule}`);
    this.rule = rule;
  }
}

export function must(condition, rule, detail) {
  if (!condition) throw new Refused(rule, detail);
}

// What read() gives, or null if it refuses.
export function orNull(read) {
  try {
    return read();
  } catch (e) {
    if (e instanceof Refused) return null;
    throw e;
  }
}
