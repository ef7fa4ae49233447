// Random values from one seed: SHA-256 over the seed and a counter.
import { H, readBe, u64be, utf8 } from './bytes.mjs';

export class Rng {
  constructor(seed) {
    this.seed = utf8(String(seed));
    this.count = 0n;
    this.pool = new Uint8Array(0);
  }
  bytes(n) {
    const out = new Uint8Array(n);
    for (let at = 0; at < n;) {
      if (this.pool.length === 0) this.pool = H(this.seed, u64be(this.count++));
      const take = Math.min(n - at, this.pool.length);
      out.set(this.pool.subarray(0, take), at);
      this.pool = this.pool.subarray(take);
      at += take;
    }
    return out;
  }
  // Below n; for n far below 2^48 as good as even.
  below(n) {
    return Number(readBe(this.bytes(6)) % BigInt(n));
  }
  between(least, most) {
    return least + this.below(most - least + 1);
  }
  chance(percent) {
    return this.below(100) < percent;
  }
  pick(list) {
    return list[this.below(list.length)];
  }
  shuffled(list) {
    const out = [...list];
    for (let i = out.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [out[i], out[j]] = [out[j], out[i]];
    }
    return out;
  }
}
