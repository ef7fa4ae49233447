// The messages of the console as they stand in messages/<area>/<lang>.json.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

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
