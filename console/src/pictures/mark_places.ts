// Where the markings of a weapon stand in its drawing: pure, no pixels of a screen. Nothing is
// guessed: a marking without a part or a side, or on a part that the drawing does not have, stands
// beside it.
import { SHAPE_HEIGHT, SHAPE_WIDTH, type Box, type Shape } from './weapon_shapes';

// What can be read of it. Each has a word and a shape of its own.
export type Reading = 'READ' | 'UNREADABLE' | 'ERASED' | 'RECOVERED' | 'ALTERED';

// The fields of proto/trace.proto Marking that this needs; absent is empty.
export interface MarkFacts {
  text_raw?: string;
  symbol?: string;
  symbol_text?: string;
  condition?: string;
  recovery_method?: string;
}

export interface PlacedMark {
  no: number;            // as in the list beside the drawing
  part: string;          // code of location_part, or empty
  side: string;          // code of side, or empty
}

// In units of the drawing; y counts from the upper edge of the view, which may have rows of pins
// above the weapon.
export interface Pin {
  no: number;
  x: number;             // the pin
  y: number;
  at_x: number;           // where the marking is
  at_y: number;
  face: 'SIDE' | 'EDGE' | 'INSIDE';
}
export interface View {
  pins: Pin[];
  height: number;
  top: number;           // of the weapon in it
}
export interface Beside {
  no: number;
  why: 'NO_PART' | 'NO_SIDE' | 'NO_PLACE' | 'NOT_DRAWN';
}
export interface Places {
  left: View;
  right: View;
  beside: Beside[];
}

export const PIN_RADIUS = 14;
const PIN_STEP = 30;     // from pin to pin
const ROW_HEIGHT = 36;
const MARGIN = 16;      // of the first and the last pin from the edge
const PER_ROW = Math.floor((SHAPE_WIDTH - 2 * MARGIN) / PIN_STEP) + 1;
const NOT_READABLE = /[?*]/;

export function reading_of(mark: MarkFacts): Reading {
  const text = mark.text_raw ?? '';
  const recovered = !['', 'NONE'].includes(mark.recovery_method ?? '');
  const whole = text !== '' && !NOT_READABLE.test(text);
  switch (mark.condition) {
    case 'OBLITERATED': return recovered && whole ? 'RECOVERED' : 'ERASED';
    case 'RECOVERED': return 'RECOVERED';
    case 'PARTIAL': return recovered && whole ? 'RECOVERED' : 'UNREADABLE';
    case 'ALTERED':
    case 'OVERSTAMPED':
    case 'REPLACED_PART': return 'ALTERED';
    default: break;
  }
  if (NOT_READABLE.test(text)) return 'UNREADABLE';
  return whole || mark.symbol || mark.symbol_text ? 'READ' : 'UNREADABLE';
}

interface Anchor { no: number; x: number; y: number; up: boolean; face: Pin['face'] }

function box_of(shape: Shape, part: string): Box | undefined {
  if (shape.whole) return shape.parts[0]?.box;
  return shape.parts.find((each) => each.part !== '' && each.part === part)?.box;
}

// The i-th of n markings on one face of a part, in the view from the right.
function anchor_at(box: Box, side: string, i: number, n: number): { x: number; y: number } {
  const [x, y, width, height] = box;
  const share = (i + 1) / (n + 1);
  switch (side) {
    case 'TOP': return { x: x + width * share, y };
    case 'BOTTOM': return { x: x + width * share, y: y + height };
    case 'FRONT': return { x: x + width, y: y + height * share };
    case 'REAR': return { x, y: y + height * share };
    default: return width >= height
      ? { x: x + width * share, y: y + height / 2 }
      : { x: x + width / 2, y: y + height * share };
  }
}

// Pins of one row: as near to their anchors as they can stand without touching each other.
function spread(row: Anchor[]): number[] {
  const out: number[] = [];
  for (const each of row) {
    const wanted = Math.min(Math.max(each.x, MARGIN), SHAPE_WIDTH - MARGIN);
    const last = out.at(-1);
    out.push(last === undefined ? wanted : Math.max(wanted, last + PIN_STEP));
  }
  for (let i = out.length - 1, most = SHAPE_WIDTH - MARGIN; i >= 0; i--, most -= PIN_STEP)
    out[i] = Math.min(out[i]!, most);
  return out;
}

// Rows of pins above or below the weapon, the first row next to it.
function rows_of(anchors: Anchor[]): Anchor[][] {
  const count = Math.ceil(anchors.length / PER_ROW);
  const rows: Anchor[][] = Array.from({ length: count }, () => []);
  anchors.forEach((each, i) => rows[i % count]!.push(each));
  return rows;
}

function view_of(anchors: Anchor[]): View {
  const sorted = [...anchors].sort((a, b) => a.x - b.x || a.no - b.no);
  const above = rows_of(sorted.filter((each) => each.up));
  const below = rows_of(sorted.filter((each) => !each.up));
  const top = above.length * ROW_HEIGHT;
  const pins: Pin[] = [];
  const add = (rows: Anchor[][], y_of: (row: number) => number): void => {
    rows.forEach((row, r) => spread(row).forEach((x, i) => {
      const { no, face, x: at_x, y } = row[i]!;
      pins.push({ no, face, x, y: y_of(r), at_x, at_y: top + y });
    }));
  };
  add(above, (row) => top - row * ROW_HEIGHT - ROW_HEIGHT / 2);
  add(below, (row) => top + SHAPE_HEIGHT + row * ROW_HEIGHT + ROW_HEIGHT / 2);
  pins.sort((a, b) => a.no - b.no);
  return { pins, top, height: top + SHAPE_HEIGHT + below.length * ROW_HEIGHT };
}

function why_beside(mark: PlacedMark, shape: Shape): Beside['why'] | undefined {
  if (mark.part === '' && mark.side === '') return 'NO_PLACE';
  if (mark.side === '') return 'NO_SIDE';
  if (mark.part === '' && !shape.whole) return 'NO_PART';
  return box_of(shape, mark.part) ? undefined : 'NOT_DRAWN';
}

// Markings on top, below, in front, behind and inside are on neither side; they are shown at that
// edge of the part in the view from the left.
export function place_marks(shape: Shape, marks: readonly PlacedMark[]): Places {
  const beside: Beside[] = [];
  const groups = new Map<string, PlacedMark[]>();
  for (const mark of marks) {
    const why = why_beside(mark, shape);
    if (why) {
      beside.push({ no: mark.no, why });
      continue;
    }
    const key = shape.whole ? mark.side : `${mark.part} ${mark.side}`;
    groups.set(key, [...(groups.get(key) ?? []), mark]);
  }
  const left: Anchor[] = [];
  const right: Anchor[] = [];
  for (const group of groups.values()) group.forEach((mark, i) => {
    const { part, side, no } = mark;
    const { x, y } = anchor_at(box_of(shape, part)!, side, i, group.length);
    const up = side === 'TOP' || (side !== 'BOTTOM' && y < SHAPE_HEIGHT * 0.44);
    const face = side === 'INSIDE' ? 'INSIDE' : side === 'LEFT' || side === 'RIGHT' ? 'SIDE' : 'EDGE';
    if (side === 'RIGHT') right.push({ no, x, y, up, face });
    else left.push({ no, x: SHAPE_WIDTH - x, y, up, face });
  });
  return { left: view_of(left), right: view_of(right), beside };
}
