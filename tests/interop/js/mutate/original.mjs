// A valid object with what is needed to change it and make it right again: its world and
// the seeds of all keys that signed in it.
import { fromBase64, hex, unhex } from '../lib/bytes.mjs';
import { publicKey, sign } from '../lib/curve.mjs';
import { Judge } from '../lib/world.mjs';

export class WorldOf {
  constructor(maker) {
    this.maker = maker;
    this.lines = [];       // what a judge is told
    this.seeds = new Map(); // hex of a public key -> seed
    this.originals = [];
    this.judge = new Judge();
  }
  get state() {
    return this.judge.world;
  }
  // A key that can sign, or null if its seed is not here.
  key(pk) {
    const seed = this.seeds.get(hex(pk));
    return seed ? { pk, seed, sign: (bytes) => sign(seed, bytes) } : null;
  }
}

// The worlds in a stream of a maker.
export async function readWorlds(maker, text) {
  const worlds = [];
  for (const line of text.split('\n').filter((l) => l !== '')) {
    const words = line.split(' ');
    if (words[0] === 'world') worlds.push(new WorldOf(maker));
    const w = worlds.at(-1);
    if (words[0] === 'key') {
      const seed = unhex(words[1]);
      w.seeds.set(hex(publicKey(seed)), seed);
    } else if (words[0] === 'sample') {
      w.originals.push({ kind: words[1], bytes: fromBase64(words[2]), world: w });
    } else {
      w.lines.push(line);
      await w.judge.line(line);
    }
  }
  return worlds;
}
