// A QR code (ISO/IEC 18004) of a text: bytes, error correction L, versions 1 to 20, as rows of 0 and 1
// without the quiet zone. Pure. Nothing: the text is too long.
const MOST_VERSION = 20;
// By version, for level L: check bytes of a block, blocks.
const CHECK_BYTES = [7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28];
const BLOCKS = [1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8];
const LEVEL_L = 1;

// The field of 256 elements, by 0x11d.
const EXP = new Uint8Array(512);
const LOG = new Uint8Array(256);
for (let i = 0, x = 1; i < 255; i += 1) {
  EXP[i] = EXP[i + 255] = x;
  LOG[x] = i;
  x = (x << 1) ^ (x & 0x80 ? 0x11d : 0);
}
const times = (a: number, b: number) => (a === 0 || b === 0 ? 0 : EXP[LOG[a]! + LOG[b]!]!);

/** The check bytes of a block. */
export function check_bytes(data: Uint8Array, count: number): Uint8Array {
  let generator = new Uint8Array([1]);
  for (let i = 0; i < count; i += 1) {
    const next = new Uint8Array(generator.length + 1);
    generator.forEach((one, at) => {
      next[at]! ^= one;
      next[at + 1]! ^= times(one, EXP[i]!);
    });
    generator = next;
  }
  const rest = new Uint8Array(data.length + count);
  rest.set(data);
  for (let i = 0; i < data.length; i += 1) {
    const factor = rest[i]!;
    if (factor !== 0) generator.forEach((one, at) => (rest[i + at]! ^= times(one, factor)));
  }
  return rest.slice(data.length);
}

const side_of = (version: number) => 17 + 4 * version;

// Modules that carry data, in bytes: all of them less the patterns.
function capacity(version: number): number {
  let modules = (16 * version + 128) * version + 64;
  if (version >= 2) {
    const marks = Math.floor(version / 7) + 2;
    modules -= (25 * marks - 10) * marks - 55;
    if (version >= 7) modules -= 36;
  }
  return Math.floor(modules / 8);
}
const data_bytes = (version: number) => capacity(version) - CHECK_BYTES[version - 1]! * BLOCKS[version - 1]!;

function encoded(bytes: Uint8Array, version: number): Uint8Array {
  const bits: number[] = [];
  const put = (value: number, count: number) => {
    for (let i = count - 1; i >= 0; i -= 1) bits.push((value >> i) & 1);
  };
  put(4, 4);
  put(bytes.length, version < 10 ? 8 : 16);
  for (const one of bytes) put(one, 8);
  const room = data_bytes(version) * 8;
  put(0, Math.min(4, room - bits.length));
  put(0, (8 - (bits.length % 8)) % 8);
  for (let pad = 0xec; bits.length < room; pad ^= 0xec ^ 0x11) put(pad, 8);
  return Uint8Array.from({ length: room / 8 }, (_, i) => bits.slice(8 * i, 8 * i + 8).reduce((sum, bit) => 2 * sum + bit, 0));
}

// Blocks one byte each in turn, then their check bytes; the longer blocks stand last.
function interleaved(data: Uint8Array, version: number): number[] {
  const blocks = BLOCKS[version - 1]!, check = CHECK_BYTES[version - 1]!;
  const short = Math.floor(data.length / blocks), longer = data.length % blocks;
  const parts: Uint8Array[] = [];
  for (let i = 0, at = 0; i < blocks; i += 1) {
    const size = short + (i >= blocks - longer ? 1 : 0);
    parts.push(data.slice(at, at + size));
    at += size;
  }
  const checks = parts.map((part) => check_bytes(part, check));
  const out: number[] = [];
  for (let i = 0; i <= short; i += 1) for (const part of parts) if (i < part.length) out.push(part[i]!);
  for (let i = 0; i < check; i += 1) for (const part of checks) out.push(part[i]!);
  return out;
}

class Matrix {
  readonly side: number;
  readonly dark: Uint8Array;
  readonly fixed: Uint8Array;
  constructor(readonly version: number) {
    this.side = side_of(version);
    this.dark = new Uint8Array(this.side * this.side);
    this.fixed = new Uint8Array(this.side * this.side);
    this.patterns();
  }
  set(x: number, y: number, dark: boolean | number): void {
    if (x < 0 || y < 0 || x >= this.side || y >= this.side) return;
    this.dark[y * this.side + x] = dark ? 1 : 0;
    this.fixed[y * this.side + x] = 1;
  }
  private patterns(): void {
    for (let i = 0; i < this.side; i += 1) {
      this.set(6, i, i % 2 === 0);
      this.set(i, 6, i % 2 === 0);
    }
    for (const [x, y] of [[3, 3], [this.side - 4, 3], [3, this.side - 4]] as const)
      for (let dy = -4; dy <= 4; dy += 1)
        for (let dx = -4; dx <= 4; dx += 1) {
          const ring = Math.max(Math.abs(dx), Math.abs(dy));
          this.set(x + dx, y + dy, ring !== 2 && ring !== 4);
        }
    const marks = this.mark_places();
    marks.forEach((y, i) => marks.forEach((x, j) => {
      const corner = (i === 0 && j === 0) || (i === 0 && j === marks.length - 1) || (i === marks.length - 1 && j === 0);
      if (!corner) for (let dy = -2; dy <= 2; dy += 1) for (let dx = -2; dx <= 2; dx += 1) this.set(x + dx, y + dy, Math.max(Math.abs(dx), Math.abs(dy)) !== 1);
    }));
    this.format(0);
    if (this.version >= 7) this.version_words();
  }
  private mark_places(): number[] {
    if (this.version === 1) return [];
    const count = Math.floor(this.version / 7) + 2;
    const step = Math.ceil((this.side - 13) / (2 * count - 2)) * 2;
    const out = [6];
    for (let i = count - 2, at = this.side - 7; i >= 0; i -= 1, at -= step) out.splice(1, 0, at);
    return out;
  }
  format(mask: number): void {
    const data = (LEVEL_L << 3) | mask;
    let rest = data;
    for (let i = 0; i < 10; i += 1) rest = (rest << 1) ^ ((rest >> 9) * 0x537);
    const bits = ((data << 10) | rest) ^ 0x5412;
    const bit = (i: number) => (bits >> i) & 1;
    for (let i = 0; i <= 5; i += 1) this.set(8, i, bit(i));
    this.set(8, 7, bit(6));
    this.set(8, 8, bit(7));
    this.set(7, 8, bit(8));
    for (let i = 9; i < 15; i += 1) this.set(14 - i, 8, bit(i));
    for (let i = 0; i < 8; i += 1) this.set(this.side - 1 - i, 8, bit(i));
    for (let i = 8; i < 15; i += 1) this.set(8, this.side - 15 + i, bit(i));
    this.set(8, this.side - 8, 1);
  }
  private version_words(): void {
    let rest = this.version;
    for (let i = 0; i < 12; i += 1) rest = (rest << 1) ^ ((rest >> 11) * 0x1f25);
    const bits = (this.version << 12) | rest;
    for (let i = 0; i < 18; i += 1) {
      const x = this.side - 11 + (i % 3), y = Math.floor(i / 3);
      this.set(x, y, (bits >> i) & 1);
      this.set(y, x, (bits >> i) & 1);
    }
  }
  /** In pairs of columns from the right, up and down in turn. */
  fill(bytes: number[]): void {
    let at = 0;
    for (let right = this.side - 1; right >= 1; right -= 2) {
      if (right === 6) right = 5;
      for (let i = 0; i < this.side; i += 1)
        for (const x of [right, right - 1]) {
          const y = ((right + 1) & 2) === 0 ? this.side - 1 - i : i;
          if (this.fixed[y * this.side + x]) continue;
          if (at < bytes.length * 8) this.dark[y * this.side + x] = (bytes[at >> 3]! >> (7 - (at & 7))) & 1;
          at += 1;
        }
    }
  }
  /** Mask 0: every second module of a chessboard. */
  mask(): void {
    for (let y = 0; y < this.side; y += 1)
      for (let x = 0; x < this.side; x += 1) if (!this.fixed[y * this.side + x] && (x + y) % 2 === 0) this.dark[y * this.side + x]! ^= 1;
  }
}

export function qr_rows(text: string): string[] {
  const bytes = new TextEncoder().encode(text);
  for (let version = 1; version <= MOST_VERSION; version += 1) {
    if (bytes.length + (version < 10 ? 2 : 3) > data_bytes(version)) continue;
    const matrix = new Matrix(version);
    matrix.fill(interleaved(encoded(bytes, version), version));
    matrix.mask();
    return Array.from({ length: matrix.side }, (_, y) => Array.from(matrix.dark.slice(y * matrix.side, (y + 1) * matrix.side)).join(''));
  }
  return [];
}
