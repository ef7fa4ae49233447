// Goal: forms stand below the pages that use them. Method: no source of this folder imports from pages.
import { expect, it } from 'vitest';

const sources = import.meta.glob<string>('./*', { query: '?raw', import: 'default', eager: true });

it('forms import nothing from pages', () => {
  expect(Object.keys(sources).length).toBeGreaterThan(50);
  const wrong = Object.entries(sources).filter(([name, text]) => !name.endsWith('.test.ts') && /from '[^']*pages\//.test(text));
  expect(wrong.map(([name]) => name)).toEqual([]);
});
