// The words that a reader sees, from where the console has them: its catalogues (console/messages), and
// the node's schema and code lists. A test never says a word of a language by itself.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

export const LANGUAGES = ['en', 'ar', 'zh'];
export const LOCALES = { en: 'en-GB', ar: 'ar-EG', zh: 'zh-CN' };

export class Words {
  #texts = new Map();
  #Format;

  // messages: console/messages. packages: the package.json beside the console's node_modules.
  constructor(lang, messages, packages) {
    this.lang = lang;
    const { default: Format, IntlMessageFormat } = createRequire(packages)('intl-messageformat');
    this.#Format = IntlMessageFormat ?? Format;
    for (const area of readdirSync(messages)) {
      const texts = JSON.parse(readFileSync(join(messages, area, `${lang}.json`), 'utf8'));
      for (const [key, text] of Object.entries(texts)) this.#texts.set(`${area}.${key}`, text);
    }
  }

  t(key, args = {}) {
    const text = this.#texts.get(key);
    if (text === undefined) throw new Error(`no message ${key} in ${this.lang}`);
    return new this.#Format(text, `${LOCALES[this.lang]}-u-ca-gregory-nu-latn`, undefined, { ignoreTag: true }).format(args);
  }
  // A message of which one value is not known.
  pattern(key, unknown) {
    const parts = this.t(key, { [unknown]: '\u0001' }).split('\u0001');
    return new RegExp(parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*'));
  }

  // What a node says in this language.
  learn(schema, codes) {
    this.schema = schema;
    this.codes = codes;
  }
  rule(message, name) {
    const found = this.schema.messages.find((one) => one.name === message)?.fields.find((one) => one.name === name);
    if (!found) throw new Error(`no field ${message}.${name}`);
    return found;
  }
  field(message, name) {
    return this.sentence(this.rule(message, name).label);
  }
  code_in(message, name, code) {
    return this.code(this.rule(message, name).code_list, code);
  }
  kind(name) {
    const found = this.schema.kinds.find((one) => one.name === name);
    if (!found) throw new Error(`no kind ${name}`);
    return this.sentence(found.label);
  }
  code(list, code) {
    const found = this.codes.lists.find((one) => one.name === list)?.codes.find((one) => one.code === code);
    if (!found) throw new Error(`no code ${list} ${code}`);
    return found.label;
  }
  country(code) {
    return this.codes.countries.find((one) => one.code === code)?.label ?? code;
  }
  // "Fictional State B (XB)"
  party(code) {
    const name = this.country(code);
    return name === code ? code : `${name} (${code})`;
  }
  sentence(label) {
    const first = [...label][0] ?? '';
    return first.toLocaleUpperCase(this.lang) + label.slice(first.length);
  }
}
