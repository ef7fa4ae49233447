// One claim, and how it is decided: by the first rule that fits (docs/protocol.md 20.6).
import { Refused } from './refused.mjs';

export const kReasons = ['OK', 'NO_ROOT', 'OTHER_ROOT', 'CHAIN', 'SIGNATURE', 'PATH', 'COMMITMENT', 'WITHHELD',
  'ABSENT', 'REVOKED', 'CERTIFICATE', 'LEAF', 'PROOF', 'CHECKPOINT', 'POLICY', 'DIGEST', 'FORM'];
export const kClaims = ['CARD', 'SIGNED', 'RELEASED', 'CONTENT', 'ACCEPTED', 'REJECTED', 'LOGGED', 'WITNESSED', 'QUORUM', 'TIME', 'ERASED'];
export const kVerdicts = ['PROVED', 'NOT_SHOWN', 'BROKEN'];

class Decided extends Error {
  constructor(verdict, reason) {
    super(reason);
    if (!kReasons.includes(reason)) throw new Error(`no reason ${reason}`);
    this.verdict = verdict;
    this.reason = reason;
  }
}

export function broken(reason) { throw new Decided('BROKEN', reason); }
export function notShown(reason) { throw new Decided('NOT_SHOWN', reason); }
export function brokenIf(condition, reason) { if (condition) broken(reason); }

// What read() gives; BROKEN for this reason if it refuses.
export function readOr(reason, read) {
  try {
    return read();
  } catch (e) {
    if (!(e instanceof Refused)) throw e;
    return broken(reason);
  }
}

// judge(c) may set by and at of the claim, and ends by the standing, OK or not shown.
export function decide(claim, rid, party, judge) {
  const c = { claim, rid, party, by: '', verdict: 'PROVED', reason: 'OK', at: '' };
  try {
    const standing = judge(c);
    if (standing !== 'OK') notShown(standing);
  } catch (e) {
    if (!(e instanceof Decided)) throw e;
    c.verdict = e.verdict;
    c.reason = e.reason;
  }
  return c;
}

const kLast = 253402300799999n; // 9999-12-31T23:59:59.999Z

export const timeText = (ms) => new Date(Number(ms < kLast ? ms : kLast)).toISOString();
