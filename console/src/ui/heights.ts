// Where rows of unlike height stand when only those in sight are drawn: heights are guessed until a row was
// drawn and measured. Pure; sums are kept in blocks, so that ten thousand rows cost little.
const BLOCK = 128;

export class Heights {
  #known: Float64Array;
  #blocks: Float64Array;
  readonly count: number;
  readonly guess: number;

  constructor(count: number, guess: number) {
    this.count = count;
    this.guess = guess;
    this.#known = new Float64Array(count).fill(guess);
    this.#blocks = new Float64Array(Math.ceil(count / BLOCK));
    for (let i = 0; i < count; i += 1) this.#blocks[Math.floor(i / BLOCK)]! += guess;
  }

  /** For another number of rows: what was measured stays where it is. */
  resized(count: number): Heights {
    const out = new Heights(count, this.guess);
    for (let i = 0; i < Math.min(count, this.count); i += 1) {
      const known = this.#known[i]!;
      if (known !== this.guess) out.measured(i, known);
    }
    return out;
  }
  /** True if it changed anything. */
  measured(row: number, height: number): boolean {
    const old = this.#known[row];
    if (old === undefined || Math.abs(old - height) < 0.5) return false;
    this.#known[row] = height;
    this.#blocks[Math.floor(row / BLOCK)]! += height - old;
    return true;
  }
  /** Distance from the top to the row; of `count`: the height of all. */
  top(row: number): number {
    const block = Math.floor(Math.min(row, this.count) / BLOCK);
    let sum = 0;
    for (let i = 0; i < block; i += 1) sum += this.#blocks[i]!;
    for (let i = block * BLOCK; i < Math.min(row, this.count); i += 1) sum += this.#known[i]!;
    return sum;
  }
  get total(): number {
    return this.top(this.count);
  }
  /** The row that covers that distance from the top. */
  at(distance: number): number {
    let left = Math.max(0, distance), block = 0;
    while (block < this.#blocks.length - 1 && left >= this.#blocks[block]!) left -= this.#blocks[block++]!;
    let row = block * BLOCK;
    while (row < this.count - 1 && left >= this.#known[row]!) left -= this.#known[row++]!;
    return Math.min(row, Math.max(0, this.count - 1));
  }
  /** First and last (exclusive) row to draw for a window of that height, with some more at both ends. */
  window(from: number, height: number, more: number): [number, number] {
    if (this.count === 0) return [0, 0];
    return [Math.max(0, this.at(from) - more), Math.min(this.count, this.at(from + height) + 1 + more)];
  }
}
