// Goal: values are said in words, and what is no value as it stands. Method: languages, in English.
import { expect, it } from 'vitest';
import { language_words } from './words.svelte';

it('names a language, and leaves what is none', () => {
  expect(language_words('ar')).toBe('Arabic');
  expect(language_words('<b>')).toBe('<b>');
});
