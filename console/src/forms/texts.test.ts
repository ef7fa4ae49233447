// Goal: sizes and forms of texts are those of the node. Method: examples at the edges.
import { expect, test } from 'vitest';
import {
  byte_length,
  is_blank,
  is_date,
  is_desk,
  is_language,
  is_partial_date,
  is_party,
  is_plain_text,
  text_length,
  tidy_date,
} from './texts';

test('bytes are those of UTF-8', () => {
  expect(byte_length('abc')).toBe(3);
  expect(byte_length('é')).toBe(2);
  expect(byte_length('سلاح')).toBe(8);
  expect(byte_length('枪')).toBe(3);
  expect(byte_length('𝔸')).toBe(4);
});

test('letters: blanks at the ends do not count, runs of them count once', () => {
  expect(text_length('  a  b \n c ')).toBe(5);
  expect(text_length('𝔸é')).toBe(2);
  expect(text_length(' \t\n')).toBe(0);
});

test('plain text', () => {
  expect(is_plain_text('a\tb\nc')).toBe(true);
  expect(is_plain_text('a\rb')).toBe(false);
  expect(is_plain_text('a\u0085')).toBe(false);
  expect(is_plain_text('\ud800')).toBe(false);
  expect(is_blank(' \t\n')).toBe(true);
  expect(is_blank('\u00a0')).toBe(false);
});

test('days', () => {
  expect(is_date('2024-02-29')).toBe(true);
  for (const bad of ['2023-02-29', '2024-2-9', '1969-12-31', '2024-13-01', '2024-00-10', '20240229'])
    expect(is_date(bad), bad).toBe(false);
});

test('partial dates', () => {
  for (const good of ['1500', '1987', '1987-06', '1987-06-30']) expect(is_partial_date(good)).toBe(true);
  for (const bad of ['1499', '87', '1987-6', '1987-13', '1987-06-31', '1987-', 'c. 1987'])
    expect(is_partial_date(bad), bad).toBe(false);
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
])('the date %s is read as %s', (typed, read) => expect(tidy_date(typed)).toBe(read));

test('names', () => {
  expect(is_party('XA-ITI') && is_party('UNODA')).toBe(true);
  expect(is_party('x') || is_party('1A') || is_party('ABCDEFGHIJKLM')).toBe(false);
  expect(is_desk('TRACE-2')).toBe(true);
  expect(is_desk('') || is_desk('trace')).toBe(false);
  expect(is_language('en') && is_language('zh-CN')).toBe(true);
  expect(is_language('EN') || is_language('zh-cn')).toBe(false);
});
