// The lines of the witness coverage chart: pure. How many leaves the log had, and how many of them
// a quorum of witnesses had vouched for, over time.
export interface CoveragePoint {
  at: string;            // as in the API
  size: number;          // leaves of the log then
  witnessed: number;     // of them
}
export interface Scale { from_ms: number; to_ms: number; most: number }
export interface Plot {
  scale: Scale;
  size: string;          // path data, in a box of 0..width, 0..height
  witnessed: string;
  open: string;          // the area between both: not vouched for
  x_ticks: { x: number; ms: number }[];
  y_ticks: { y: number; value: number }[];
}

// 1, 2 or 5 times a power of ten: at most `count` steps up to `most`.
export function nice_step(most: number, count: number): number {
  const rough = Math.max(1, most / count);
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough - 1e-9) ?? 10 * power;
}

const X_TICKS = 4;
const Y_TICKS = 4;

interface Read { ms: number; size: number; witnessed: number }

function readable(points: readonly CoveragePoint[]): Read[] {
  return points
    .map((each) => ({ ms: Date.parse(each.at), size: Math.max(0, each.size), witnessed: Math.min(Math.max(0, each.witnessed), Math.max(0, each.size)) }))
    .filter((each) => Number.isFinite(each.ms) && Number.isFinite(each.size) && Number.isFinite(each.witnessed))
    .sort((a, b) => a.ms - b.ms);
}

// A line of steps: what was true stays true until the next point.
function steps(xs: number[], ys: number[]): string {
  return xs.map((x, i) => (i === 0 ? `M${x} ${ys[0]}` : `H${x}V${ys[i]}`)).join('');
}

// The way back under such a line, as far as its beginning.
function steps_back(xs: number[], ys: number[]): string {
  let out = '';
  for (let i = xs.length - 2; i >= 0; i--) out += `V${ys[i]}H${xs[i]}`;
  return out;
}

// Nothing, if there is no point to draw. One moment alone is a line over the whole width.
export function plot_of(points: readonly CoveragePoint[], width: number, height: number): Plot | undefined {
  const read = readable(points);
  const first = read[0];
  const last = read.at(-1);
  if (!first || !last) return undefined;
  const span = last.ms - first.ms;
  const drawn = span === 0 ? [last, last] : read;
  const y_step = nice_step(Math.max(1, ...read.map((each) => each.size)), Y_TICKS);
  const top = Math.max(1, Math.ceil(Math.max(...read.map((each) => each.size)) / y_step)) * y_step;
  const round = (value: number): number => Math.round(value * 10) / 10;
  const y = (value: number): number => round(height - (value / top) * height);
  const xs = drawn.map((each, i) => (span === 0 ? i * width : round(((each.ms - first.ms) / span) * width)));
  const sizes = drawn.map((each) => y(each.size));
  const vouched = drawn.map((each) => y(each.witnessed));
  const ticks = span === 0 ? 0 : X_TICKS;
  return {
    scale: { from_ms: first.ms, to_ms: last.ms, most: top },
    size: steps(xs, sizes),
    witnessed: steps(xs, vouched),
    open: `${steps(xs, sizes)}${steps_back(xs, vouched)}Z`,
    x_ticks: Array.from({ length: ticks + 1 }, (_, i) => ({
      x: ticks === 0 ? 0 : round((width * i) / ticks), ms: first.ms + (ticks === 0 ? 0 : (span * i) / ticks),
    })),
    y_ticks: Array.from({ length: Math.round(top / y_step) + 1 }, (_, i) => ({ y: y(i * y_step), value: i * y_step })),
  };
}

export function share_of(point: CoveragePoint): number {
  return point.size > 0 ? Math.min(1, Math.max(0, point.witnessed) / point.size) : 0;
}
