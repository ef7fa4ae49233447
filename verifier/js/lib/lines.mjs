// Reads a text of lines "key value" in one order, and the forms of their values.
import { fromBase64 } from './bytes.mjs';
import { isUsableKey } from './curve.mjs';
import { must } from './refused.mjs';

const kParty = /^[A-Z][A-Z0-9-]{1,11}$/;
export const isParty = (text) => kParty.test(text);

export class Lines {
  constructor(text, format) {
    this.lines = text.slice(0, -1).split('\n');
    this.at = 1;
    must(this.lines[0] === format, 'text.lines', 'the first line');
  }
  // The value of the next line, which has this key.
  value(key) {
    const line = this.lines[this.at];
    must(line !== undefined && line.startsWith(key + ' '), 'text.lines', key);
    this.at++;
    const value = line.slice(key.length + 1);
    must(value !== '', 'text.lines', `${key} is empty`);
    return value;
  }
  // A whole line, of a format whose lines have no keys.
  line() {
    const line = this.lines[this.at++];
    must(line !== undefined, 'text.lines', 'missing');
    return line;
  }
  // Values of the lines of this key that come next.
  values(key, least, most) {
    const out = [];
    while (this.at < this.lines.length && this.lines[this.at].startsWith(key + ' ')) {
      out.push(this.value(key));
    }
    must(out.length >= least && out.length <= most, 'text.lines', `${out.length} of ${key}`);
    return out;
  }
  end() {
    must(this.at === this.lines.length, 'text.lines', 'lines after the last');
  }
}

export function party(text) {
  must(isParty(text), 'text.party', text);
  return text;
}

export function number(text, least, most) {
  must(/^(0|[1-9][0-9]{0,19})$/.test(text), 'text.number', text);
  const n = BigInt(text);
  must(n >= least && n <= most, 'text.number', text);
  return n;
}

export function bytes(text, length) {
  const out = fromBase64(text);
  must(out && out.length === length, 'text.bytes', text);
  return out;
}

export function edKey(text) {
  const out = bytes(text, 32);
  must(isUsableKey(out), 'text.key', text);
  return out;
}

const kDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const isLeap = (y) => (y % 4 === 0 && y % 100 !== 0) || y % 400 === 0;

// YYYY-MM-DD as days since 1970-01-01.
export function day(text) {
  const found = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/.exec(text);
  must(found, 'text.date', text);
  const [y, m, d] = found.slice(1).map(Number);
  must(y >= 1970 && m >= 1 && m <= 12 && d >= 1, 'text.date', text);
  must(d <= kDays[m - 1] + (m === 2 && isLeap(y) ? 1 : 0), 'text.date', text);
  return BigInt(Date.UTC(y, m - 1, d) / 86400000);
}

// YYYY-MM-DDThh:mm:ssZ as Unix seconds.
export function date(text) {
  const found = /^(.{10})T([0-9]{2}):([0-9]{2}):([0-9]{2})Z$/.exec(text);
  must(found, 'text.date', text);
  const [h, m, s] = found.slice(2).map(Number);
  must(h < 24 && m < 60 && s < 60, 'text.date', text);
  return day(found[1]) * 86400n + BigInt(h * 3600 + m * 60 + s);
}
