// Goal: a link is taken as people paste it. Method: the whole address, and the word alone.
import { expect, it } from 'vitest';
import { word_of_link } from './start';

it('takes the word out of a link', () => {
  expect(word_of_link(' http://127.0.0.1:8787/#enter=Ab-9_x\n')).toBe('Ab-9_x');
  expect(word_of_link('Ab-9_x')).toBe('Ab-9_x');
  expect(word_of_link('')).toBe('');
});
