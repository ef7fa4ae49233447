// The outline of a pin says how well its marking can be read, beside the word: a circle can be read,
// a broken circle in part, a square is erased, a diamond recovered, a hexagon altered.
import type { Reading } from './mark_places';

// Path data around 0, 0, within a radius of r.
export function pin_path(reading: Reading, r: number): string {
  const s = r * 0.84;
  const h = r * 0.5;
  const v = r * 0.87;
  switch (reading) {
    case 'ERASED': return `M${-s} ${-s}H${s}V${s}H${-s}Z`;
    case 'RECOVERED': return `M0 ${-r}L${r} 0L0 ${r}L${-r} 0Z`;
    case 'ALTERED': return `M${-r} 0L${-h} ${-v}H${h}L${r} 0L${h} ${v}H${-h}Z`;
    default: return `M${-r} 0a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`;
  }
}

// A line through it, where there is nothing left to read.
export const pin_stroke = (reading: Reading, r: number): string =>
  reading === 'ERASED' ? `M${-r * 0.84} ${r * 0.84}L${r * 0.84} ${-r * 0.84}` : '';
