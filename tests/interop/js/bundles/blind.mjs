// Blind mutations: a change of a file that knows nothing of what it changes, with an index that
// fits. Something gets worse, and nothing better.
import { concat, equal, fromUtf8, utf8 } from '../lib/bytes.mjs';
import { pack } from './world.mjs';

// rec/…/receipt-XB.item -> receipt-P.item: what is counted.
export const kindOf = (name) => name.replace(/^rec\/[0-9a-f]{64}\//, 'rec/')
  .replace(/\/[^/]+\/[0-9a-f]+\.note$/, '/P/N.note').replace(/-X[A-Z](?=\.)/, '-P').replace(/approval-[0-9]/, 'approval-N');

const kBlind = {
  bit: (b, rng) => b.map((x, i, all) => x ^ (i === rng.at ? 1 << rng.bit : 0)),
  cut: (b, rng) => b.subarray(0, rng.at),
  longer: (b, rng) => concat(b, rng.bytes(1 + rng.below(3))),
  empty: () => new Uint8Array(0),
  byte_less: (b, rng) => concat(b.subarray(0, rng.at), b.subarray(rng.at + 1)),
  byte_twice: (b, rng) => concat(b.subarray(0, rng.at + 1), b.subarray(rng.at)),
  lines: (b, rng) => {
    const lines = (fromUtf8(b) ?? '').split('\n');
    const i = rng.below(lines.length);
    [lines[i], lines[0]] = [lines[0], lines[i]];
    return utf8(lines.join('\n'));
  },
};

// What a note or proof says without its signature lines; other files have none.
const textOf = (b) => fromUtf8(b)?.replace(/^\u2014 .*\n/gmu, '');
const isSameText = (name, a, b) => /\.(note|tlog-proof)$/.test(name) && textOf(a) !== undefined && textOf(a) === textOf(b);

// Of a file of this kind. {bytes, name, how, isFree}; isFree: only signature lines are others, so
// the meaning may stay. null: nothing is another.
export function blindMutant(rng, kind, world, stranger, readme) {
  const names = [...world.files.keys()];
  const files = new Map(world.files);
  const name = rng.pick(names.filter((n) => kindOf(n) === kind));
  const data = files.get(name);
  const how = rng.pick([...Object.keys(kBlind), 'swapped', 'removed', 'moved']);
  let now = null;
  if (how === 'swapped') {
    const same = [...stranger.files].filter(([n]) => kindOf(n) === kind);
    now = same.length > 0 ? rng.pick(same)[1] : utf8('x');
  } else if (how === 'moved') {
    now = files.get(rng.pick(names));
  } else if (how !== 'removed') {
    rng.at = rng.below(Math.max(1, data.length));
    rng.bit = rng.below(8);
    now = kBlind[how](data, rng);
  }
  if (now !== null && equal(now, data)) return null;
  if (now === null) files.delete(name);
  else files.set(name, now);
  const isFree = now !== null && isSameText(name, now, data);
  return { bytes: pack(files, readme), name, how, isFree };
}
