// Witness policies (docs/protocol.md 20.4).
import { compare, utf8 } from './bytes.mjs';
import { logName } from './card.mjs';
import { Lines, isParty, number, party } from './lines.mjs';
import { checkNote, kPlain, parseNote } from './note.mjs';
import { declare, must } from './refused.mjs';

declare({
  'policy.size': 'a policy longer than 4 KiB',
  'policy.log': 'no log of the party',
  'policy.witness': 'a witness is no other party, stands twice, or they are not sorted',
  'policy.quorum': 'a quorum that two sets of witnesses could reach, or none could',
});

const kMostBytes = 4 * 1024;
const kMostWitnesses = 16;

export function isLogName(name, p) {
  const head = logName(p, '');
  const rest = name.startsWith(head) ? name.slice(head.length) : '';
  return /^[1-9][0-9]{0,9}$/.test(rest) && Number(rest) < 2 ** 32;
}

// {note, party, log, serial, quorum, witnesses}; the signature is not looked at.
export function parsePolicy(bytes) {
  must(bytes.length <= kMostBytes, 'policy.size');
  const note = parseNote(bytes);
  const lines = new Lines(note.text, 'focal-witness/v1');
  const p = { note };
  p.party = party(lines.value('party'));
  p.log = lines.value('log');
  must(isLogName(p.log, p.party), 'policy.log', p.log);
  p.serial = number(lines.value('serial'), 1n, 2n ** 63n - 1n);
  p.quorum = Number(number(lines.value('quorum'), 0n, BigInt(kMostWitnesses)));
  p.witnesses = lines.values('witness', 0, kMostWitnesses);
  lines.end();
  const isGood = (w, i) => isParty(w) && w !== p.party && (i === 0 || compare(utf8(p.witnesses[i - 1]), utf8(w)) < 0);
  must(p.witnesses.every(isGood), 'policy.witness');
  const n = p.witnesses.length;
  must(n === 0 ? p.quorum === 0 : p.quorum <= n && 2 * p.quorum > n, 'policy.quorum');
  return p;
}

// key: of that log.
export const checkPolicy = (p, key) => checkNote(p.note, [{ name: p.log, type: kPlain, key }]);

export const policyText = (f) =>
  ['focal-witness/v1', `party ${f.party}`, `log ${f.log}`, `serial ${f.serial}`, `quorum ${f.quorum}`,
    ...f.witnesses.map((w) => `witness ${w}`), ''].join('\n');
