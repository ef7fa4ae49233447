// Goal: addresses lead to the right page. Method: a table of patterns.
import { describe, expect, it } from 'vitest';
import { match, type Route } from './router.svelte';

const route = (path: string): Route => ({ path, title: path, page: () => Promise.reject(new Error()) });
const routes = ['/', '/cases/:case_number', '/cases/new', '/peers/:party/:part'].map(route);

describe('router', () => {
  it.each([
    ['/', '/', {}], ['/cases/T-3', '/cases/:case_number', { case_number: 'T-3' }], ['/cases/new', '/cases/new', {}],
    ['/peers/XA-ITI/proof', '/peers/:party/:part', { party: 'XA-ITI', part: 'proof' }], ['/cases/T%2F3/', '/cases/:case_number', { case_number: 'T/3' }],
    ['/cases/%E0%A4%A', '/cases/:case_number', { case_number: '%E0%A4%A' }],
  ])('%s', (path, pattern, params) => {
    const found = match(path, routes);
    expect(found.route?.path).toBe(pattern);
    expect(found.params).toEqual(params);
  });
  it('knows what it does not know', () => {
    expect(match('/nothing', routes).route).toBeUndefined();
    expect(match('/cases/T-3/more', routes).route).toBeUndefined();
  });
});
