// Mutations of chains, roots and revocations; and changes that keep or even mend a verdict.
// expect: [claim, verdict, reason, party].
import { H, fromUtf8, utf8 } from '../lib/bytes.mjs';
import { fingerprint, logName } from '../lib/card.mjs';
import { cosigner, logSigner } from './ledger.mjs';
import { kStart } from './world.mjs';

const m = (name, expect, hooks, more = {}) => ({ name, expect, hooks, ...more });
const steps = (...list) => ({ 'steps XA': list });
const root = (of) => ({ roots: (w) => new Map([...w.roots, ['XA', of(w)]]) });
const other = (w) => fingerprint('XA', w.witnesses[0].keys.root.pk);

const kRoots = [
  m('no fingerprint', ['CARD', 'NOT_SHOWN', 'NO_ROOT', 'XA'], {}, { roots: () => new Map() }),
  m('no fingerprint, signed', ['SIGNED', 'NOT_SHOWN', 'NO_ROOT', 'XA'], {}, { roots: () => new Map() }),
  m('no fingerprint, logged', ['LOGGED', 'NOT_SHOWN', 'NO_ROOT', 'XB'], {}, { roots: () => new Map() }),
  m('no fingerprint, seen', ['QUORUM', 'NOT_SHOWN', 'NO_ROOT', 'XA'], {}, { roots: () => new Map() }),
  m('no fingerprint of the witnesses', ['QUORUM', 'NOT_SHOWN', 'POLICY', 'XA'], {}, {
    roots: (w) => new Map([...w.roots].filter(([name]) => name < 'XC')),
  }),
  m('another fingerprint', ['SIGNED', 'NOT_SHOWN', 'OTHER_ROOT', 'XA'], {}, root(other)),
  m('another fingerprint, released', ['RELEASED', 'NOT_SHOWN', 'OTHER_ROOT', 'XA'], {}, root(other)),
  m('the right root under another name', ['CARD', 'NOT_SHOWN', 'OTHER_ROOT', 'XA'], {}, root((w) => fingerprint('XB', w.sender.keys.root.pk))),
  m('the first of three roots', ['SIGNED', 'PROVED', 'OK', 'XA'], steps('rotation keys', 'recovery'), root((w) => w.sender.fingerprint(0))),
  m('the newest of three roots', ['SIGNED', 'PROVED', 'OK', 'XA'], steps('rotation', 'recovery keys'), root((w) => w.sender.fingerprint(-1))),
  m('a newer root, behind a rotation', ['SIGNED', 'PROVED', 'OK', 'XA'], { ...steps('rotation'), ...underFirst() }, root((w) => w.sender.fingerprint(-1))),
  m('a newer root, behind a recovery', ['SIGNED', 'NOT_SHOWN', 'OTHER_ROOT', 'XA'], { ...steps('recovery'), ...underFirst() }, root((w) => w.sender.fingerprint(-1))),
  m('a log that a recovery kept', ['LOGGED', 'PROVED', 'OK', 'XA'], steps('recovery'), root((w) => w.sender.fingerprint(-1))),
  m('a log that a recovery replaced', ['LOGGED', 'NOT_SHOWN', 'OTHER_ROOT', 'XA'], { ...steps('recovery keys'), ...inFirstLog() }, root((w) => w.sender.fingerprint(-1))),
  m('a log of before, by the first root', ['LOGGED', 'PROVED', 'OK', 'XA'], { ...steps('recovery keys'), ...inFirstLog() }, root((w) => w.sender.fingerprint(0))),
  m('an older root, before a recovery', ['CARD', 'PROVED', 'OK', 'XA'], steps('recovery'), root((w) => w.sender.fingerprint(0))),
];

// The record is signed under the first card, with its keys.
function underFirst() {
  const first = (w) => w.sender.made[0];
  return {
    manifest: (f, w) => ({ ...f, from_card: first(w).card.id }),
    'stmt fields': (f, w) => ({ ...f, card: first(w).card.id }),
    'stmt key': (k, w) => first(w).keys.sign, 'certificate key': (k, w) => first(w).keys.sign,
  };
}

// The sender's ledger is shown by a checkpoint of its first log.
function inFirstLog() {
  return { checkpoint: (f, w) => (f.owner !== w.sender ? f : {
    ...f, log: logName('XA', w.sender.made[0].keys.generation),
    lines: [logSigner('XA', w.sender.made[0].keys), ...f.lines.slice(1)],
  }) };
}

const cardName = (serial) => `card/XA/${String(serial).padStart(10, '0')}.note`;
const card = (i, change) => ({ [`card XA ${i}`]: change });
const kChains = [
  m('a card with another prev', ['CARD', 'BROKEN', 'CHAIN', 'XA'], { ...steps('update'), ...card(1, (f) => ({ ...f, prev: H(utf8('x')) })) }),
  m('a card with another serial', ['CARD', 'BROKEN', 'CHAIN', 'XA'], { ...steps('update'), ...card(1, (f) => ({ ...f, serial: 3n })) }),
  m('a root that was not announced', ['CARD', 'BROKEN', 'CHAIN', 'XA'], { ...steps('rotation'), ...card(0, (f) => ({ ...f, next: H(utf8('y')) })) }),
  m('a chain with a gap', ['CARD', 'BROKEN', 'CHAIN', 'XA'], { ...steps('update', 'update'), notes: (x, w) => { w.files.delete(cardName(2)); } }),
  m('a broken chain, signed', ['SIGNED', 'NOT_SHOWN', 'CHAIN', 'XA'], { ...steps('update', 'update'), notes: (x, w) => { w.files.delete(cardName(2)); } }),
  m('a broken chain, logged', ['LOGGED', 'NOT_SHOWN', 'CHAIN', 'XA'], { ...steps('update', 'update'), notes: (x, w) => { w.files.delete(cardName(2)); } }),
  m('a card of another serial than its name', ['CARD', 'BROKEN', 'CHAIN', 'XA'], { notes(x, w) {
    w.files.set(cardName(2), w.files.get(cardName(1)));
    w.files.delete(cardName(1));
  } }),
  m('a card of another party', ['CARD', 'BROKEN', 'CHAIN', 'XA'], { notes: (x, w) => { w.files.set(cardName(1), w.files.get(cardName(1).replace('XA', 'XB'))); } }),
  m('a chain that begins later', ['CARD', 'PROVED', 'OK', 'XA'], { ...steps('update', 'rotation'), notes: (x, w) => { w.files.delete(cardName(1)); } }, root((w) => w.sender.fingerprint(1))),
  m('a chain that begins after the card', ['SIGNED', 'NOT_SHOWN', 'ABSENT', 'XA'], { ...steps('update'), ...underFirst(), notes: (x, w) => { w.files.delete(cardName(1)); } }),
];

const revoked = (of, scope, since, by) => ({ notes: (x, w) => w.putRevocation(w.sender, of, scope, kStart + since, by) });
const kBefore = -5000;
const kLater = 50000;
const kRevoked = [
  m('the sign key was revoked before', ['SIGNED', 'NOT_SHOWN', 'REVOKED', 'XA'], revoked(-1, 'sign', kBefore)),
  m('revoked before, released', ['RELEASED', 'NOT_SHOWN', 'REVOKED', 'XA'], revoked(-1, 'all', kBefore)),
  m('revoked before, logged', ['LOGGED', 'NOT_SHOWN', 'REVOKED', 'XA'], revoked(-1, 'all', kBefore)),
  m('revoked before, seen', ['QUORUM', 'NOT_SHOWN', 'REVOKED', 'XA'], revoked(-1, 'all', kBefore)),
  m('revoked before, erased', ['ERASED', 'NOT_SHOWN', 'REVOKED', 'XA'], revoked(-1, 'all', kLater)),
  m('only the sign key, logged', ['LOGGED', 'PROVED', 'OK', 'XA'], revoked(-1, 'sign', kBefore)),
  m('revoked later, and seen before', ['SIGNED', 'PROVED', 'OK', 'XA'], revoked(-1, 'all', kLater)),
  m('revoked later, logged and seen before', ['LOGGED', 'PROVED', 'OK', 'XA'], revoked(-1, 'all', kLater)),
  m('revoked at the second it was seen', ['SIGNED', 'NOT_SHOWN', 'REVOKED', 'XA'], {
    ...revoked(-1, 'all', 9000), checkpoint: (f) => ({ ...f, lines: f.lines.map((l) => ({ ...l, t: l.t === 0n ? 0n : BigInt(kStart + 9000) })) }),
  }),
  m('revoked later, and only it saw it itself', ['SIGNED', 'NOT_SHOWN', 'REVOKED', 'XA'], {
    ...revoked(-1, 'sign', kLater), checkpoint: (f, w) => ({ ...f, lines: [f.lines[0], cosigner('XA', w.sender.keys, kStart + 9000)] }),
  }),
  m('it saw the ledger of another', ['WITNESSED', 'PROVED', 'OK', 'XB'], {
    checkpoint: (f, w) => ({ ...f, lines: [f.lines[0], cosigner('XA', w.sender.keys, kStart + 9000)] }),
  }),
  m('revoked by the next root', ['SIGNED', 'NOT_SHOWN', 'REVOKED', 'XA'], revoked(-1, 'all', kBefore, 'next')),
  m('revoked for transport', ['SIGNED', 'PROVED', 'OK', 'XA'], revoked(-1, 'transport', kBefore)),
  m('an earlier card of other keys', ['SIGNED', 'PROVED', 'OK', 'XA'], { ...steps('rotation keys'), ...revoked(0, 'all', kBefore) }),
  m('an earlier card of the same keys', ['SIGNED', 'NOT_SHOWN', 'REVOKED', 'XA'], { ...steps('update'), ...revoked(0, 'all', kBefore) }),
  m('an earlier card, by a later root', ['SIGNED', 'NOT_SHOWN', 'REVOKED', 'XA'], { ...steps('rotation'), notes(x, w) {
    const text = w.sender.party;
    const bytes = text.revocation({ party: 'XA', card: w.sender.made[0].card.id, scope: 'all', since: '2026-11-20T08:30:00Z', reason: 'r' }, w.sender.keys.root);
    w.putNote('revoke', 'XA', bytes);
  } }),
  m('a replaced root about a later card', ['SIGNED', 'PROVED', 'OK', 'XA'], { ...steps('recovery'), notes(x, w) {
    const fields = { party: 'XA', card: w.sender.card.id, scope: 'all', since: '2026-11-20T08:30:00Z', reason: 'r' };
    w.putNote('revoke', 'XA', w.sender.party.revocation(fields, w.sender.made[0].keys.root));
  } }),
  m('a card that is not here', ['SIGNED', 'PROVED', 'OK', 'XA'], { notes(x, w) {
    const fields = { party: 'XA', card: H(utf8('z')), scope: 'all', since: '2026-11-20T08:30:00Z', reason: 'r' };
    w.putNote('revoke', 'XA', w.sender.party.revocation(fields, w.sender.keys.root));
  } }),
  m('a revocation with a wrong signature', ['CARD', 'BROKEN', 'SIGNATURE', 'XA'], { notes(x, w) {
    w.putRevocation(w.sender, -1, 'all', kStart);
    const [name] = w.named(/^revoke/);
    w.files.set(name, utf8(fromUtf8(w.files.get(name)).replace(/(focal\/XA\/root .{20})./, (all, head) => `${head}${all.endsWith('A') ? 'B' : 'A'}`)));
  } }),
  m('a revocation under another name', ['CARD', 'BROKEN', 'SIGNATURE', 'XA'], { notes(x, w) {
    w.putRevocation(w.sender, -1, 'all', kStart);
    const [name] = w.named(/^revoke/);
    w.files.set('revoke/XA/0123456789abcdef.note', w.files.get(name));
    w.files.delete(name);
  } }),
  m('a revoked witness', ['WITNESSED', 'NOT_SHOWN', 'REVOKED', 'XA'], { notes: (x, w) => w.putRevocation(w.witnesses[0], -1, 'all', kStart + kLater) }),
  m('revoked witnesses show no time', ['TIME', 'NOT_SHOWN', 'ABSENT', 'XA'], { notes(x, w) {
    for (const o of w.witnesses) w.putRevocation(o, -1, 'all', kStart + kLater);
  } }),
  m('revoked, and only revoked witnesses saw it', ['SIGNED', 'NOT_SHOWN', 'REVOKED', 'XA'], { notes(x, w) {
    for (const o of [w.sender, ...w.witnesses]) w.putRevocation(o, -1, 'all', kStart + kLater);
  } }),
  m('a receipt under a key that was revoked before', ['ACCEPTED', 'NOT_SHOWN', 'REVOKED', 'XB'], { notes: (x, w) => w.putRevocation(w.recipients[0], -1, 'sign', kStart + kBefore) }),
  m('a receipt under a key that was revoked later', ['ACCEPTED', 'PROVED', 'OK', 'XB'], { notes: (x, w) => w.putRevocation(w.recipients[0], -1, 'sign', kStart + kLater) }),
  m('the same, and its own ledger is not shown', ['ACCEPTED', 'NOT_SHOWN', 'REVOKED', 'XB'], { notes(x, w) {
    w.putRevocation(w.recipients[0], -1, 'sign', kStart + kLater);
    for (const name of w.named(/(leaf|proof)-XB/)) w.files.delete(name);
  } }),
];

const kChanged = [
  m('a change of policy: the list before', ['QUORUM', 'PROVED', 'OK', 'XA'], { notes: (x, w) => w.putPolicy(w.sender, { serial: kStart, witnesses: ['XE', 'XF', 'XG'] }) }),
  m('two changes: the list before them', ['QUORUM', 'NOT_SHOWN', 'POLICY', 'XA'], { notes(x, w) {
    for (const i of [0, 1]) w.putPolicy(w.sender, { serial: kStart + i, witnesses: ['XE', 'XF', 'XG'] });
  } }),
  m('a policy a day ahead', ['QUORUM', 'PROVED', 'OK', 'XA'], { notes(x, w) {
    for (const name of w.named(/^policy\/XA/)) w.files.delete(name);
    w.putPolicy(w.sender, { serial: kStart + 86400 });
  } }),
];

export const kChainMutations = [...kRoots, ...kChains, ...kRevoked, ...kChanged];
