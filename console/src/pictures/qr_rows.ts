// A QR code from its rows of 0 and 1, as the node gives them: one path for an SVG, in modules.
export const QUIET = 4;           // white modules around it, without which it is not read
const MOST_MODULES = 177;          // version 40

export interface QrPath { side: number; d: string }  // side: with the quiet zone

// Nothing, if the rows are no square of 0 and 1.
export function qr_path(rows: readonly string[]): QrPath | undefined {
  const size = rows.length;
  if (size === 0 || size > MOST_MODULES) return undefined;
  if (!rows.every((row) => row.length === size && /^[01]+$/.test(row))) return undefined;
  let d = '';
  rows.forEach((row, y) => {
    for (const run of row.matchAll(/1+/g))
      d += `M${run.index + QUIET} ${y + QUIET}h${run[0].length}v1h-${run[0].length}z`;
  });
  return { side: size + 2 * QUIET, d };
}
