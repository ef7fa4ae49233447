// The verdict about a bundle (docs/protocol.md 20.6). No clock, no network, no files.
import { compare, utf8 } from './bytes.mjs';
import { readBundle } from './bundle.mjs';
import { broken, decide, notShown, timeText } from './claim.mjs';
import { erasedOf, loggedOf, quorumOf, witnessedOf } from './claims_log.mjs';
import { contentOf, receiptItems, receiptOf, releasedOf, signedOf } from './claims_record.mjs';
import { Holder } from './holder.mjs';
import { Refused } from './refused.mjs';

const kNothing = { card: [], revoke: [], policy: [] };

// All parties of a bundle that say something in it, bytewise.
class World {
  constructor(bundle, roots) {
    const names = new Set(bundle.parties.keys());
    for (const r of bundle.records)
      for (const p of [r.manifest.from, ...r.receipts, ...r.leaves, ...r.erased]) names.add(p);
    this.holders = [...names].sort((a, b) => compare(utf8(a), utf8(b)))
      .map((name) => new Holder(name, bundle.parties.get(name) ?? kNothing, roots.get(name)));
  }
  holder(name) {
    return this.holders.find((h) => h.name === name);
  }
}

const cardOf = (h) => decide('CARD', '', h.name, (c) => {
  if (!h.hasCards) notShown('ABSENT');
  if (h.isBroken) broken('CHAIN');
  c.by = String(h.cards.at(-1).serial);
  if (h.hasBadRevocation) broken('SIGNATURE');
  if (h.hasBadPolicy) broken('POLICY');
  return h.given === undefined ? 'NO_ROOT' : h.leads.at(-1) ? 'OK' : 'OTHER_ROOT';
});

function timeOf(record, seen) {
  const { rid, manifest: m } = record;
  return decide('TIME', rid, m.from, (c) => {
    c.by = timeText(m.created_ms);
    if (seen.length === 0) notShown('ABSENT');
    c.at = timeText(seen.reduce((t, s) => (s.t < t ? s.t : t), seen[0].t) * 1000n);
    return 'OK';
  });
}

// What stands in the ledgers comes first: it shows of other claims that they are older than a
// revocation.
function claimsOf(world, record) {
  const { manifest: m } = record;
  const items = receiptItems(record);
  const logged = loggedOf(world, record, items);
  const entries = logged.filter((l) => l.entry !== null);
  const witnessed = entries.flatMap(({ entry }) => witnessedOf(record, entry));
  const seen = entries.flatMap(({ entry }) => entry.seen.map((s) => ({ ...s, log: entry.owner.name })));
  const older = (party, isInAnyLog) => (since) =>
    seen.some((s) => s.witness !== party && s.t < since && (isInAnyLog || s.log === party));
  for (const l of entries) {
    const standing = l.entry.owner.standing(l.entry.at, 'log', older(l.entry.owner.name, false));
    if (standing !== 'OK') Object.assign(l.claim, { verdict: 'NOT_SHOWN', reason: standing });
  }
  const ofSender = older(m.from, true);
  return [
    signedOf(world, record, ofSender), ...releasedOf(world, record, ofSender), contentOf(record),
    ...m.to.map((p) => receiptOf(world, record, p, items, older(p, false))),
    ...logged.map((l) => l.claim), ...witnessed,
    ...entries.map((l) => quorumOf(record, l.entry, l.claim)),
    timeOf(record, seen), ...record.erased.map((p) => erasedOf(world, record, p)),
  ];
}

function wholeOf(claims) {
  if (claims.some((c) => c.verdict === 'BROKEN')) return 'BROKEN';
  return claims.every((c) => c.verdict === 'PROVED') ? 'PROVED' : 'INCOMPLETE';
}

const brokenForm = (reason) => ({
  verdict: 'BROKEN',
  claims: [{ claim: 'FORM', rid: '', party: '', by: '', verdict: 'BROKEN', reason, at: '' }],
});

// Of what cannot be read at all.
export const kUnreadable = brokenForm('FORM');

// roots: party -> fingerprint (32 bytes). {verdict, claims: [{claim, rid, party, by, verdict,
// reason, at}]}
export function checkBundle(bytes, roots) {
  let bundle;
  try {
    bundle = readBundle(bytes);
  } catch (e) {
    if (!(e instanceof Refused)) throw e;
    return brokenForm(e.rule === 'bundle.digest' ? 'DIGEST' : 'FORM');
  }
  const world = new World(bundle, roots);
  const claims = [...world.holders.map(cardOf), ...bundle.records.flatMap((r) => claimsOf(world, r))];
  return { verdict: wholeOf(claims), claims };
}
