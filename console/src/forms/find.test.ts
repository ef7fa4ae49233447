// Goal: what people type finds what they mean; texts are compared word by word; numbers keep their
// units. Method: examples in several writings.
import { expect, test } from 'vitest';
import { Finder, fold } from './search';
import { field } from './made_up';
import { local_time, number_text, number_value, time_value } from './units';
import { compare_texts } from './text_difference';

const CHOICES = [
  { code: 'SA_REVOLVER', label: 'revólver' },
  { code: 'SA_RIFLE', label: 'fusil' },
  { code: 'LW_GRENADE', label: 'lance-grenades (portatif)' },
  { code: 'AM', label: 'أسلحة' },
  { code: 'RU', label: 'пулемёт' },
  { code: 'TA', label: 'بندقية' },
];
const codes = (typed: string) => new Finder(CHOICES).find(typed).map((each) => each.code);

test('by label, whatever the accents, and by code', () => {
  expect(codes('REVOL')).toEqual(['SA_REVOLVER']);
  expect(codes('grenades')).toEqual(['LW_GRENADE']);
  expect(codes('portatif lance')).toEqual(['LW_GRENADE']);
  expect(codes('sa_ri')).toEqual(['SA_RIFLE']);
  expect(codes('sa ri')).toEqual(['SA_RIFLE']);
  expect(codes('اسلح')).toEqual(['AM']);
  expect(codes('пулемет')).toEqual(['RU']);
  expect(codes('بندقيه')).toEqual(['TA']);
  expect(codes('بنــدقية')).toEqual(['TA']);
  expect(codes('')).toHaveLength(6);
  expect(codes('zzz')).toEqual([]);
  expect(codes('(')).toEqual(['LW_GRENADE']);
});

test('an exact text names one choice', () => {
  expect(new Finder(CHOICES).exact(' Fusil ')?.code).toBe('SA_RIFLE');
  expect(new Finder(CHOICES).exact('fus')).toBeUndefined();
  expect(fold('Ǻ')).toBe('a');
});

test('words that are gone and new', () => {
  expect(compare_texts('sold in 2009 to XC', 'sold in 2010 to XC', 'en')).toEqual([
    { text: 'sold in ', mark: 'same' },
    { text: '2009', mark: 'removed' },
    { text: '2010', mark: 'added' },
    { text: ' to XC', mark: 'same' },
  ]);
  expect(compare_texts('', 'x', 'en')).toEqual([{ text: 'x', mark: 'added' }]);
  expect(compare_texts('x', 'x', 'en')).toEqual([{ text: 'x', mark: 'same' }]);
});

test('very long texts are replaced whole', () => {
  const pieces = compare_texts('a '.repeat(1000), 'b '.repeat(1000), 'en');
  expect(pieces.map((each) => each.mark)).toEqual(['removed', 'added']);
});

test('joined, the pieces are both texts again', () => {
  const [a, b] = ['一支步枪 在边境 缴获', '两支步枪 缴获'];
  const pieces = compare_texts(a!, b!, 'zh');
  const without = (mark: string) =>
    pieces.filter((each) => each.mark !== mark).map((each) => each.text).join('');
  expect(without('added')).toBe(a);
  expect(without('removed')).toBe(b);
});

const NUMBER = field('watts', { type: 'NUMBER', optional: true });
const TENTHS = field('lat_tenths', { type: 'NUMBER', optional: true });

test('numbers as people write them', () => {
  expect(number_value(NUMBER, '1 200')).toBe(1200);
  expect(number_value(NUMBER, '٤٢')).toBe(42);
  expect(number_value(NUMBER, '9999999999999')).toBe('9999999999999');
  expect(number_value(NUMBER, '')).toBeUndefined();
  expect(number_value(NUMBER, 'two')).toBe('two');
  expect(number_text(NUMBER, 'two')).toBe('two');
});

test('tenths of a degree are shown and typed as degrees', () => {
  expect(number_text(TENTHS, -5)).toBe('-0.5');
  expect(number_value(TENTHS, '-0,5')).toBe(-5);
  expect(number_value(TENTHS, '48.8')).toBe(488);
  expect(number_text(TENTHS, 900)).toBe('90.0');
  expect(number_value(TENTHS, '48.85')).toBe('48.85');
});

test('a time goes to its control and back', () => {
  const at = time_value('2026-03-02T09:14')!;
  expect(local_time(at)).toBe('2026-03-02T09:14');
  expect(time_value('')).toBeUndefined();
  expect(local_time('0')).toBe('');
});
