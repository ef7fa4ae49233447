// Goal: paths are read and written as the node has them, and follow the entries of a list.
// Method: examples by hand, among them what is no path.
import { expect, test } from 'vitest';
import { format_path, id_of, is_within, last_name, parent_of, parse_path, remap_path } from './path';

test('a path is read into its steps and written again', () => {
  const path = 'trace_request.items[0].serial_raw';
  expect(parse_path(path)).toEqual([
    { name: 'trace_request' },
    { name: 'items', index: 0 },
    { name: 'serial_raw' },
  ]);
  expect(format_path(parse_path(path)!)).toBe(path);
  expect(parse_path('')).toEqual([]);
});

test.each(['a..b', '.a', 'a.', 'a[', 'a[-1]', 'a[01]', 'a[99999]', 'A', 'a b', 'a[0][1]', 'a[0]b'])(
  '%s is no path',
  (path) => expect(parse_path(path)).toBeUndefined(),
);

test('what lies within a path', () => {
  expect(is_within('a.b[2].c', 'a.b')).toBe(true);
  expect(is_within('a.b[2].c', 'a.b[2]')).toBe(true);
  expect(is_within('a.b', 'a.b')).toBe(true);
  expect(is_within('a.bc', 'a.b')).toBe(false);
  expect(is_within('a.b[21]', 'a.b[2]')).toBe(false);
  expect(is_within('a', '')).toBe(true);
});

test('parents and names', () => {
  expect(parent_of('a.b[2].c')).toBe('a.b[2]');
  expect(parent_of('a')).toBe('');
  expect(last_name('a.b[2]')).toBe('b');
  expect(id_of('a.b[2].c')).toBe('f-a-b-2-c');
});

test('a path follows its entry when entries move, and goes with it', () => {
  const places = [1, 0, undefined];
  expect(remap_path('a.l[0].x', 'a.l', places)).toBe('a.l[1].x');
  expect(remap_path('a.l[1]', 'a.l', places)).toBe('a.l[0]');
  expect(remap_path('a.l[2].x', 'a.l', places)).toBeUndefined();
  expect(remap_path('a.l[7].x', 'a.l', places)).toBe('a.l[7].x');
  expect(remap_path('a.lx[0]', 'a.l', places)).toBe('a.lx[0]');
});
