// Goal: the codes are right. Method: the shape of small ones, the check bytes of the standard's own example;
//
// That zbarimg reads every version was tried by hand.
import { describe, expect, it } from 'vitest';
import { check_bytes, qr_rows } from './qr';

describe('qr', () => {
  it('has the check bytes of the example of the standard (01234567, version 1-M)', () => {
    const data = Uint8Array.from([0x10, 0x20, 0x0c, 0x56, 0x61, 0x80, 0xec, 0x11, 0xec, 0x11, 0xec, 0x11, 0xec, 0x11, 0xec, 0x11]);
    expect([...check_bytes(data, 10)]).toEqual([0xa5, 0x24, 0xd4, 0xc1, 0xed, 0x36, 0xc7, 0x87, 0x2c, 0x55]);
  });
  it('grows with the text, and says nothing when it is too long', () => {
    expect(qr_rows('A').length).toBe(21);
    expect(qr_rows('x'.repeat(18)).length).toBe(25);
    for (const size of [1, 17, 100, 300, 500, 800]) {
      const rows = qr_rows('f'.repeat(size));
      expect(rows.every((row) => row.length === rows.length && /^[01]+$/.test(row))).toBe(true);
      expect(rows[0]!.startsWith('1111111')).toBe(true);
    }
    expect(qr_rows('x'.repeat(900))).toEqual([]);
  });
});
