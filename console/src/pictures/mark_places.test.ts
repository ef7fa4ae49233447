// Goal: a marking is drawn where it is said to be, or stands beside the drawing with the reason;
// pins never touch. Method: markings of one pistol, one revolver and one plain piece; and as many
// as a record may have.
import { describe, expect, it } from 'vitest';
import { PIN_RADIUS, place_marks, reading_of, type Pin, type View } from './mark_places';
import { SHAPES, SHAPE_WIDTH, shape_of } from './weapon_shapes';

const PISTOL = shape_of('SA_PISTOL');
const one = (part: string, side: string, no = 1) => place_marks(PISTOL, [{ no, part, side }]);

function box_of(part: string): readonly [number, number, number, number] {
  return PISTOL.parts.find((each) => each.part === part)!.box;
}

function apart(view: View): boolean {
  return view.pins.every((a: Pin, i) => view.pins.every((b, j) =>
    i >= j || Math.hypot(a.x - b.x, a.y - b.y) >= 2 * PIN_RADIUS));
}

describe('placing of markings', () => {
  it('puts a marking on its part, in the view of its side', () => {
    const { left, right, beside } = one('SLIDE', 'RIGHT');
    const [x, y, width, height] = box_of('SLIDE');
    const pin = right.pins[0]!;
    expect(left.pins).toEqual([]);
    expect(beside).toEqual([]);
    expect(pin.at_x).toBe(x + width / 2);
    expect(pin.at_y - right.top).toBe(y + height / 2);
    expect(pin.face).toBe('SIDE');
  });

  it('mirrors the left side', () => {
    const [x, , width] = box_of('BARREL');
    expect(one('BARREL', 'LEFT').left.pins[0]!.at_x).toBe(SHAPE_WIDTH - (x + width / 2));
  });

  it('shows what is on neither side at the edge of the part, from the left', () => {
    const [x, y, width, height] = box_of('BARREL');
    const at = (side: string) => one('BARREL', side).left.pins[0]!;
    const top = one('BARREL', 'TOP').left.top;
    expect(at('TOP').at_y - top).toBe(y);
    expect(one('BARREL', 'BOTTOM').left.pins[0]!.at_y).toBe(y + height);
    expect(at('FRONT').at_x).toBe(SHAPE_WIDTH - (x + width));
    expect(at('REAR').at_x).toBe(SHAPE_WIDTH - x);
    expect(at('FRONT').face).toBe('EDGE');
    expect(at('INSIDE').face).toBe('INSIDE');
  });

  it('guesses nothing', () => {
    expect(one('', 'LEFT').beside[0]!.why).toBe('NO_PART');
    expect(one('SLIDE', '').beside[0]!.why).toBe('NO_SIDE');
    expect(one('', '').beside[0]!.why).toBe('NO_PLACE');
    expect(one('CYLINDER', 'LEFT').beside[0]!.why).toBe('NOT_DRAWN');
    expect(one('OTHER', 'LEFT').beside[0]!.why).toBe('NOT_DRAWN');
    expect(one('<script>', 'LEFT').beside[0]!.why).toBe('NOT_DRAWN');
  });

  it('puts anything with a side on a plain piece', () => {
    const piece = shape_of('PC_BARREL');
    const { left, beside } = place_marks(piece, [
      { no: 1, part: 'BARREL', side: 'LEFT' }, { no: 2, part: '', side: 'LEFT' }, { no: 3, part: '', side: '' },
    ]);
    expect(left.pins.map((pin) => pin.no)).toEqual([1, 2]);
    expect(left.pins[0]!.at_x).not.toBe(left.pins[1]!.at_x);
    expect(beside).toEqual([{ no: 3, why: 'NO_PLACE' }]);
  });

  it('loses none of forty and lets no pins touch', () => {
    for (const shape of SHAPES) {
      const parts = shape.parts.filter((each) => each.part).map((each) => each.part);
      const marks = Array.from({ length: 40 }, (_, i) => ({
        no: i + 1, part: parts[i % parts.length]!, side: ['LEFT', 'TOP', 'LEFT', 'RIGHT'][i % 4]!,
      }));
      const places = place_marks(shape, marks);
      const shown = [...places.left.pins, ...places.right.pins].map((pin) => pin.no).sort((a, b) => a - b);
      expect(shown, shape.name).toEqual(marks.map((mark) => mark.no));
      expect(apart(places.left) && apart(places.right), shape.name).toBe(true);
      for (const view of [places.left, places.right]) for (const pin of view.pins) {
        expect(pin.x).toBeGreaterThanOrEqual(PIN_RADIUS);
        expect(pin.x).toBeLessThanOrEqual(SHAPE_WIDTH - PIN_RADIUS);
        expect(pin.y).toBeGreaterThanOrEqual(PIN_RADIUS);
        expect(pin.y).toBeLessThanOrEqual(view.height - PIN_RADIUS);
      }
    }
  });
});

describe('what can be read of a marking', () => {
  it('tells erased, unreadable, recovered and altered apart', () => {
    expect(reading_of({ text_raw: 'DA017342', condition: 'INTACT' })).toBe('READ');
    expect(reading_of({ text_raw: '5??8841', condition: 'PARTIAL', recovery_method: 'POLISHING_ETCHING' })).toBe('UNREADABLE');
    expect(reading_of({ text_raw: '5268841', condition: 'OBLITERATED', recovery_method: 'MAGNETIC' })).toBe('RECOVERED');
    expect(reading_of({ text_raw: '', condition: 'OBLITERATED' })).toBe('ERASED');
    expect(reading_of({ text_raw: '*', condition: 'OBLITERATED', recovery_method: 'MAGNETIC' })).toBe('ERASED');
    expect(reading_of({ text_raw: 'X', condition: 'RECOVERED' })).toBe('RECOVERED');
    expect(reading_of({ text_raw: 'X', condition: 'OVERSTAMPED' })).toBe('ALTERED');
    expect(reading_of({ text_raw: 'A?', condition: 'WORN' })).toBe('UNREADABLE');
    expect(reading_of({ symbol: 'CROWN' })).toBe('READ');
    expect(reading_of({})).toBe('UNREADABLE');
  });
});
