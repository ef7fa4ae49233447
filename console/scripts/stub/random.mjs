// Chance that can be repeated: the same seed gives the same world.

/** @param {number} seed */
export function random(seed) {
  let state = seed >>> 0;
  const next = () => { // mulberry32's steps
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 4294967296;
  };
  return {
    next,
    below: (n) => Math.floor(next() * n),
    pick: (among) => among[Math.floor(next() * among.length)],
    chance: (p) => next() < p,
    hex: (digits) => Array.from({ length: digits }, () => Math.floor(next() * 16).toString(16)).join(''),
  };
}
