// Fails the build when a text is missing. For every area of messages/: the same keys in the six languages,
// the same arguments, everything parses, no key is unused, every key the sources name is there, and so is one for
// every code that the node says (node_codes.mjs).
// A key is named as 'area.key' in one piece, or begins with a fixed part: `area.part.${code}`.
import { parse, TYPE } from '@formatjs/icu-messageformat-parser';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { areasOf, LANGUAGES, readArea } from './catalogue.mjs';
import { node_codes } from './node_codes.mjs';

/** "n plural, name argument": of a parsed text, each once. */
export function arguments_of(text) {
  const found = new Set();
  const walk = (parts) => {
    for (const part of parts) {
      if (part.type === TYPE.argument) found.add(`${part.value} text`);
      if (part.type === TYPE.number) found.add(`${part.value} number`);
      if (part.type === TYPE.date || part.type === TYPE.time) found.add(`${part.value} time`);
      if (part.type === TYPE.select || part.type === TYPE.plural) {
        // A number may stand in one language where another counts.
        found.add(part.type === TYPE.plural ? `${part.value} number` : `${part.value} choice ${Object.keys(part.options).sort()}`);
        for (const option of Object.values(part.options)) walk(option.value);
      }
    }
  };
  walk(parse(text, { ignoreTag: true }));
  return [...found].sort();
}

// Forms that "other" stands in for: the millions of French and Spanish, the zero of Arabic.
const may_lack = (lang, form) => form === 'zero' || (form === 'many' && (lang === 'fr' || lang === 'es'));

// Plural forms that a language must tell apart, by Unicode's rules.
function missing_plurals(text, lang) {
  const wanted = new Intl.PluralRules(lang).resolvedOptions().pluralCategories;
  const missing = new Set();
  const walk = (parts) => {
    for (const part of parts) {
      if (part.type === TYPE.plural && part.pluralType === 'cardinal')
        for (const form of wanted)
          if (!part.options[form] && !may_lack(lang, form)) missing.add(form);
      if (part.options) for (const option of Object.values(part.options)) walk(option.value);
    }
  };
  walk(parse(text, { ignoreTag: true }));
  return [...missing];
}

function* files_in(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* files_in(path);
    else if (/\.(svelte|ts|mjs)$/.test(entry.name) && !entry.name.includes('.test.')) yield path;
  }
}

/** Keys and beginnings of keys that a source names. */
export function named_keys(source, areas) {
  const area = `(?:${areas.join('|')})`;
  const keys = [...source.matchAll(new RegExp(`['"\`](${area}\\.[\\w.-]+)['"\`]`, 'g'))].map((m) => m[1]);
  const starts = [...source.matchAll(new RegExp(`\`(${area}\\.[\\w.-]*)\\$\\{`, 'g'))].map((m) => m[1]);
  return { keys, starts };
}

/** @param {Map<string, string[]>} codes by the beginning of their keys @returns {string[]} what is wrong */
export function check(messages, sources, codes = new Map()) {
  const areas = areasOf(messages);
  const problems = [];
  const named = { keys: new Map(), starts: new Set() };
  for (const path of files_in(sources)) {
    const { keys, starts } = named_keys(readFileSync(path, 'utf8'), areas);
    for (const key of keys) if (!named.keys.has(key)) named.keys.set(key, relative(sources, path));
    for (const start of starts) named.starts.add(start);
  }
  const known = new Set();
  for (const area of areas) check_area(messages, area, known, problems);
  for (const [key, path] of named.keys)
    if (!known.has(key) && !named.starts.has(key)) problems.push(`${key}: named in ${path}, but there is no such text`);
  for (const [start, all] of codes) {
    if (all.length < 2) problems.push(`${start}: the node's codes were not found`);
    for (const code of all) if (!known.has(start + code)) problems.push(`${start}${code}: the node says it, and there is no such text`);
  }
  const used = (key) => named.keys.has(key) || [...named.starts].some((start) => key.startsWith(start));
  for (const key of known) if (!used(key)) problems.push(`${key}: no source names it`);
  return problems;
}

function check_area(messages, area, known, problems) {
  const english = readArea(messages, area, 'en');
  for (const key of Object.keys(english)) known.add(`${area}.${key}`);
  for (const lang of LANGUAGES) {
    const texts = readArea(messages, area, lang);
    for (const key of Object.keys(english)) if (!(key in texts)) problems.push(`${area}/${lang}.json: ${key} is missing`);
    for (const [key, text] of Object.entries(texts)) {
      const at = `${area}/${lang}.json: ${key}`;
      if (!(key in english)) problems.push(`${at}: is not in en.json`);
      else problems.push(...wrong_text(at, text, english[key], lang));
    }
  }
}

function wrong_text(at, text, english, lang) {
  if (typeof text !== 'string' || text.trim() === '') return [`${at}: is empty`];
  try {
    const [ours, theirs] = [arguments_of(text).join('; '), arguments_of(english).join('; ')];
    const missing = missing_plurals(text, lang);
    return [
      ...(ours === theirs ? [] : [`${at}: has the arguments ${ours || 'none'}; en has ${theirs || 'none'}`]),
      ...(missing.length === 0 ? [] : [`${at}: the plural lacks ${missing.join(', ')}`]),
    ];
  } catch (error) {
    return [`${at}: does not parse: ${error.message}`];
  }
}

if (fileURLToPath(import.meta.url) === process.argv[1]) {
  const root = join(dirname(fileURLToPath(import.meta.url)), '..');
  const problems = check(join(root, 'messages'), join(root, 'src'), node_codes());
  for (const one of problems.slice(0, 200)) console.error(one);
  if (problems.length > 0) {
    console.error(`messages: ${problems.length} problems`);
    process.exit(1);
  }
}
