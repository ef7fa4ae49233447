// The messages of the console as they stand in messages/<area>/<lang>.json.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from '@formatjs/icu-messageformat-parser';

export const LANGUAGES = ['en', 'fr', 'es', 'ru', 'zh', 'ar'];

/** @param {string} folder @returns {string[]} */
export function areasOf(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory()).map((entry) => entry.name).sort();
}

/** Of one area; an area without that language is empty (check_messages.mjs says so).
 * @param {string} folder @param {string} area @param {string} lang
 * @returns {Record<string, string>} */
export function readArea(folder, area, lang) {
  const file = join(folder, area, `${lang}.json`);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}

/** Every area in one: keys carry their area's name and a dot in front.
 * @param {string} folder @param {string} lang @returns {Record<string, string>} */
export function readCatalogue(folder, lang) {
  /** @type {Record<string, string>} */
  const out = {};
  for (const area of areasOf(folder))
    for (const [key, text] of Object.entries(readArea(folder, area, lang))) out[`${area}.${key}`] = text;
  return out;
}

/** The same as the console takes it: what has arguments is parsed already, so that the script needs no
 * parser; the rest is text.
 * @param {string} folder @param {string} lang @returns {Record<string, unknown>} */
export function compiledCatalogue(folder, lang) {
  return Object.fromEntries(Object.entries(readCatalogue(folder, lang)).map(([key, text]) =>
    [key, /[{']/.test(text) ? parse(text, { ignoreTag: true, captureLocation: false }) : text]));
}
