// Goal: paths are read and written as the node has them, and follow the entries of a list.
// Method: examples by hand, among them what is no path.
import { expect, test } from 'vitest';
import { formatPath, idOf, isWithin, lastName, parentOf, parsePath, remapPath } from './path';

test('a path is read into its steps and written again', () => {
  const path = 'trace_request.items[0].serial_raw';
  expect(parsePath(path)).toEqual([
    { name: 'trace_request' },
    { name: 'items', index: 0 },
    { name: 'serial_raw' },
  ]);
  expect(formatPath(parsePath(path)!)).toBe(path);
  expect(parsePath('')).toEqual([]);
});

test.each(['a..b', '.a', 'a.', 'a[', 'a[-1]', 'a[01]', 'a[99999]', 'A', 'a b', 'a[0][1]', 'a[0]b'])(
  '%s is no path',
  (path) => expect(parsePath(path)).toBeUndefined(),
);

test('what lies within a path', () => {
  expect(isWithin('a.b[2].c', 'a.b')).toBe(true);
  expect(isWithin('a.b[2].c', 'a.b[2]')).toBe(true);
  expect(isWithin('a.b', 'a.b')).toBe(true);
  expect(isWithin('a.bc', 'a.b')).toBe(false);
  expect(isWithin('a.b[21]', 'a.b[2]')).toBe(false);
  expect(isWithin('a', '')).toBe(true);
});

test('parents and names', () => {
  expect(parentOf('a.b[2].c')).toBe('a.b[2]');
  expect(parentOf('a')).toBe('');
  expect(lastName('a.b[2]')).toBe('b');
  expect(idOf('a.b[2].c')).toBe('f-a-b-2-c');
});

test('a path follows its entry when entries move, and goes with it', () => {
  const places = [1, 0, undefined];
  expect(remapPath('a.l[0].x', 'a.l', places)).toBe('a.l[1].x');
  expect(remapPath('a.l[1]', 'a.l', places)).toBe('a.l[0]');
  expect(remapPath('a.l[2].x', 'a.l', places)).toBeUndefined();
  expect(remapPath('a.l[7].x', 'a.l', places)).toBe('a.l[7].x');
  expect(remapPath('a.lx[0]', 'a.l', places)).toBe('a.lx[0]');
});
