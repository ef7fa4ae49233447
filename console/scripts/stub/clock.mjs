// Times of the fixtures count from now: "@-3d4h" is three days and four hours ago, "@+2w" in two weeks,
// "@-3d|date" the same as a day.
const UNITS = { m: 60, h: 3600, d: 86400, w: 604800, y: 31557600 };

/** "2026-03-02T09:14:00Z" */
export const iso = (ms) => new Date(ms).toISOString().slice(0, 19) + 'Z';
export const iso_day = (ms) => new Date(ms).toISOString().slice(0, 10);

/** A copy of the value with every "@…" in it told. */
export function told(value, now_ms) {
  if (typeof value === 'string') return value.startsWith('@') ? time(value, now_ms) : value;
  if (Array.isArray(value)) return value.map((one) => told(one, now_ms));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, told(one, now_ms)]));
}

function time(text, now_ms) {
  const m = /^@([+-])((?:\d+[mhdwy])+)(\|date)?$/.exec(text);
  if (!m) return text;
  let seconds = 0;
  for (const [, n, unit] of m[2].matchAll(/(\d+)([mhdwy])/g)) seconds += Number(n) * UNITS[unit];
  const ms = now_ms + (m[1] === '-' ? -1000 : 1000) * seconds;
  return m[3] ? iso_day(ms) : iso(ms);
}
