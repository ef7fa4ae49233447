// Goal: sizes and forms of texts are those of the node. Method: examples at the edges.
import { expect, test } from 'vitest';
import {
  byteLength,
  isBlank,
  isDate,
  isDesk,
  isLanguage,
  isPartialDate,
  isParty,
  isPlainText,
  textLength,
  tidyDate,
} from './texts';

test('bytes are those of UTF-8', () => {
  expect(byteLength('abc')).toBe(3);
  expect(byteLength('é')).toBe(2);
  expect(byteLength('سلاح')).toBe(8);
  expect(byteLength('枪')).toBe(3);
  expect(byteLength('𝔸')).toBe(4);
});

test('letters: blanks at the ends do not count, runs of them count once', () => {
  expect(textLength('  a  b \n c ')).toBe(5);
  expect(textLength('𝔸é')).toBe(2);
  expect(textLength(' \t\n')).toBe(0);
});

test('plain text', () => {
  expect(isPlainText('a\tb\nc')).toBe(true);
  expect(isPlainText('a\rb')).toBe(false);
  expect(isPlainText('a\u0085')).toBe(false);
  expect(isPlainText('\ud800')).toBe(false);
  expect(isBlank(' \t\n')).toBe(true);
  expect(isBlank('\u00a0')).toBe(false);
});

test('days', () => {
  expect(isDate('2024-02-29')).toBe(true);
  for (const bad of ['2023-02-29', '2024-2-9', '1969-12-31', '2024-13-01', '2024-00-10', '20240229'])
    expect(isDate(bad), bad).toBe(false);
});

test('partial dates', () => {
  for (const good of ['1500', '1987', '1987-06', '1987-06-30']) expect(isPartialDate(good)).toBe(true);
  for (const bad of ['1499', '87', '1987-6', '1987-13', '1987-06-31', '1987-', 'c. 1987'])
    expect(isPartialDate(bad), bad).toBe(false);
});

test.each([
  ['2014/6', '2014-06'],
  ['2014.6.3', '2014-06-03'],
  ['11.06.2014', '2014-06-11'],
  ['25/06/2014', '2014-06-25'],
  ['٢٠١٤-٠٦', '2014-06'],
  ['2014年6月3日', '2014-06-03'],
  ['06/07/2014', '06/07/2014'],
  ['06/25/2014', '06/25/2014'],
  ['about 1987', 'about 1987'],
  ['', ''],
])('the date %s is read as %s', (typed, read) => expect(tidyDate(typed)).toBe(read));

test('names', () => {
  expect(isParty('XA-ITI') && isParty('UNODA')).toBe(true);
  expect(isParty('x') || isParty('1A') || isParty('ABCDEFGHIJKLM')).toBe(false);
  expect(isDesk('TRACE-2')).toBe(true);
  expect(isDesk('') || isDesk('trace')).toBe(false);
  expect(isLanguage('en') && isLanguage('zh-CN')).toBe(true);
  expect(isLanguage('EN') || isLanguage('zh-cn')).toBe(false);
});
