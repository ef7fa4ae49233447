export { t, t_or, lang, set_lang, LANGUAGES, LANGUAGE_NAMES, type Lang, type Args } from './lang.svelte';
export * as format from './format';
export { now } from './now.svelte';
export { code_label, country_label, codes_of, countries, load_codes } from './codes.svelte';
export { mark_text, type MarkedText } from './marks';
