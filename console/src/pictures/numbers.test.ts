// Goal: a number is shown in the groups that are read aloud, a difference in the right group; a code
// is drawn as given or not at all. Method: small inputs whose outcome is known.
import { describe, expect, it } from 'vitest';
import { groups_of, is_whole } from './number_groups';
import { qr_path } from './qr_rows';

const NUMBER = '12345 67890 11111 22222 33333 44444 55555 66666 77777 88888 99999 00000';

describe('groups of a number', () => {
  it('are twelve of five', () => {
    const groups = groups_of(NUMBER);
    expect(groups).toHaveLength(12);
    expect(groups.every((group) => group.digits.length === 5 && !group.differs)).toBe(true);
    expect(is_whole(NUMBER)).toBe(true);
    expect(is_whole(NUMBER.slice(1))).toBe(false);
  });

  it('say which one differs, and nothing of a group that is not written yet', () => {
    const differing = (other: string): number[] =>
      groups_of(NUMBER, other).flatMap((group, i) => (group.differs ? [i] : []));
    expect(differing(NUMBER)).toEqual([]);
    expect(differing('12345-67890-11112')).toEqual([2]);
    expect(differing('12345 6789')).toEqual([]);
    expect(differing('')).toEqual([]);
  });
});

describe('QR code', () => {
  it('draws runs of dark modules inside the quiet zone', () => {
    expect(qr_path(['110', '001', '111'])).toEqual({ side: 11, d: 'M4 4h2v1h-2zM6 5h1v1h-1zM4 6h3v1h-3z' });
  });

  it('draws nothing of what is no square of 0 and 1', () => {
    expect(qr_path([])).toBeUndefined();
    expect(qr_path(['10', '1'])).toBeUndefined();
    expect(qr_path(['1x', '11'])).toBeUndefined();
    expect(qr_path(Array.from({ length: 178 }, () => '1'.repeat(178)))).toBeUndefined();
  });
});
