// Samples of witnessing: this node as a witness of the sender's log, and the sender as one of its own.
import { concat, hex, toBase64, utf8 } from './bytes.mjs';
import { logName } from './card.mjs';
import { fold, leafHash } from './merkle.mjs';
import { formatNote, kPlain } from './note.mjs';
import { helloBytes } from './hello.mjs';
import { kBatch, pae } from './pae.mjs';
import { signer } from './party.mjs';
import { policyText } from './policy.mjs';
import { proofText } from './proof.mjs';
import { makeStatement, sorted } from './batch.mjs';
import { consistency, inclusion } from './tree.mjs';
import { ckptBytes, cosigBytes, cosignLine } from './witness.mjs';

const kDay = 86400;

const checkpoint = (party, size, root) => {
  const log = logName(party.name, party.generation);
  return formatNote(`${log}\n${size}\n${toBase64(root)}\n`, [signer(log, kPlain, party.log)]);
};

function policy(rng, party, now, others) {
  const witnesses = sorted(others);
  const n = witnesses.length;
  const fields = {
    party: party.name, log: logName(party.name, party.generation), serial: BigInt(now),
    quorum: n === 0 ? 0 : rng.between(Math.floor(n / 2) + 1, n), witnesses,
  };
  return formatNote(policyText(fields), [signer(fields.log, kPlain, party.log)]);
}

const textOf = (note) => Buffer.from(note).toString('utf8').split('\n\n')[0] + '\n';

// Tells the lines and makes the samples into `w`, a world of make.mjs. The two notes that receipts carry.
export function witnessing(w) {
  const { rng, from, me, now } = w;
  // The sender's log: what is held of it here, and what it became.
  const first = rng.between(1, 200);
  const leaves = Array.from({ length: first + rng.between(1, 200) }, () => rng.bytes(32));
  const held = checkpoint(from, first, fold(leaves.slice(0, first)));
  const line = cosignLine(textOf(held), me.name, me.witness, BigInt(now - rng.below(kDay)));
  w.tell('witness', hex(me.witness.seed));
  w.tell('cosigned', toBase64(held), toBase64(utf8(line)));
  const next = checkpoint(from, leaves.length, fold(leaves));
  w.sample('ckpt', ckptBytes({ old: first, proof: consistency(first, leaves), note: next }));
  w.sample('ckpt', ckptBytes({ old: first, proof: [], note: held })); // the line of then is lost

  // A leaf of it, and the proof.
  const at = rng.below(first);
  const leaf = rng.bytes(74);
  const whole = leaves.map((hash, i) => (i === at ? leafHash(leaf) : hash));
  const proof = proofText({ index: at, path: inclusion(at, whole), checkpoint: checkpoint(from, whole.length, fold(whole)) });
  w.sample('proof', concat(leaf, utf8(proof)));

  const others = rng.shuffled(['AA', 'B-', 'XX-1', 'ZZZZZZZZZZZZ']).slice(0, rng.below(5));
  w.sample('policy', policy(rng, from, now, others));

  // The log of this node, of which the sender is a witness.
  const size = 64 * rng.between(1, 1000);
  const mine = checkpoint(me, size, rng.bytes(32));
  const last = now - rng.below(kDay);
  w.tell('mine', hex(me.log.seed), toBase64(mine), toBase64(policy(rng, me, now, [from.name, ...others])), last * 1000);
  const theirs = cosignLine(textOf(mine), from.name, from.witness, BigInt(rng.between(last, now)));
  w.sample('cosig', cosigBytes({ checkpoint: mine, lines: utf8(theirs) }));
  w.sample('cosig', cosigBytes({ conflict: mine }));

  // What the sender holds of this node's.
  const stmt = makeStatement(me.name, rng.bytes(32), 1n, [rng.bytes(32)], BigInt(now) * 1000n);
  w.sample('hello', helloBytes({
    party: from.name, card: w.card.id, stream: rng.bytes(16), incarnation: rng.bytes(16), now: BigInt(now) * 1000n,
    serial: BigInt(now), note: mine, stmt: { stmt, sig: me.sign.sign(pae(kBatch, stmt)) },
    cosig: cosigBytes({ checkpoint: held, lines: utf8(line) }), caps: rng.pick([2n, 3n, 2n ** 64n - 1n]),
  }));
  return { checkpoint: next, cosigs: concat(mine, utf8(theirs)) };
}
