// What the doctor says, from the catalogue of the node: node/desk/data/doctor_words.tsv.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../api_source.mjs';

const rows = readFileSync(join(ROOT, 'node/desk/data/doctor_words.tsv'), 'utf8').trimEnd().split('\n').map((line) => line.split('\t'));
const columns = rows[0];
const texts = new Map(rows.slice(1).map((row) => [row[0], row]));

/** The text of that key with its places filled; '' for no key. */
export function doctor_words(lang, key, places = {}) {
  if (key === undefined) return '';
  const text = texts.get(key)?.[columns.indexOf(lang)];
  if (!text) throw new Error(`no words for ${key} in ${lang}`);
  return text.replace(/\{(\w+)\}/g, (_all, name) => places[name]);
}
