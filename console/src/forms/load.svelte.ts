// The schema in the reader's language: GET /v1/schema, asked for once a language.
import { call } from '../api';
import { codes_of, countries, lang, load_codes, type Lang } from '../i18n';
import type { Known } from './check';
import { Schema } from './schema';

const loaded = new Map<Lang, Schema>();
const running = new Map<Lang, Promise<Schema>>();

/** Resolves when schema and codes of the reader's language are here. Rejects with an ApiError. */
export async function load_schema(): Promise<Schema> {
  const language = lang.current;
  const [schema] = await Promise.all([schema_in(language), load_codes()]);
  return schema;
}

function schema_in(language: Lang): Promise<Schema> {
  const known = loaded.get(language);
  if (known) return Promise.resolve(known);
  let one = running.get(language);
  if (!one) {
    one = call('schema_show', { lang: language })
      .then((answer) => {
        const schema = new Schema(answer);
        loaded.set(language, schema);
        return schema;
      })
      .finally(() => running.delete(language));
    running.set(language, one);
  }
  return one;
}

/** The codes and countries that the node named, for the check of a form. */
export const known_codes: Known = {
  has_code(list, code) {
    const codes = codes_of(list);
    return codes.length ? codes.some((each) => each.code === code) : undefined;
  },
  has_country(code) {
    const all = countries();
    return all.length ? all.some((each) => each.code === code) : undefined;
  },
};
