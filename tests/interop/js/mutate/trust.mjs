// What a node was told of a party decides: revocations, suspension, approvals that are asked for,
// held cards, records that are here (docs/protocol.md 3.2, 4, 6.5 and 9). The judges are told it for
// one object, and forget it.
import { hex, toBase64, utf8 } from '../lib/bytes.mjs';
import { readCard, rootName } from '../lib/card.mjs';
import { leafHash } from '../lib/merkle.mjs';
import { kPlain } from '../lib/note.mjs';
import { dateText } from '../lib/party.mjs';
import { kKinds } from '../lib/record.mjs';
import { revocationText } from '../lib/revocation.mjs';
import { byRoot, nextRoot, successor, theirs } from './chains.mjs';
import { withAttachment } from './lints.mjs';
import { both, flip, fromIntroduced, moved, oldCard, saidUnder, spokenBy, step, unapproved, withBody, withKind, withLeaf } from './steps.mjs';
import { newKey, signText } from './text.mjs';
import { decode, encode, get, withField, without } from './tlv.mjs';
import { WithdrawnParty } from './withdrawn.mjs';

const kScopes = ['all', 'sign', 'transport', 'seal'];
const always = { always: true };
const accepted = { want: 'accept', always: true };
const agreed = { want: 'agree', always: true };

// The line that tells a revocation of the subject.
function revoked({ world, rng }, scope, { card = world.state.subject.id, by } = {}) {
  const { subject, now } = world.state;
  const key = { root: subject.root, next: nextRoot(world, subject) }[by ?? rng.pick(['root', 'next'])];
  const since = dateText(Number(now / 1000n) - rng.below(1e7));
  const text = revocationText({ party: subject.party, card, key, scope, since, reason: 'stolen' });
  return `revoked ${toBase64(signText(text, [{ name: rootName(subject.party), type: kPlain, pk: key, t: 0n }], world))}`;
}

// A batch as it is, with what is told of its sender. more: what is changed in it besides.
const withTold = (told, more = () => ({})) => (rng, batch) => {
  const c = { world: batch.original.world, rng, batch };
  const edits = more(c);
  return edits === null ? null : { ...edits, told: told(c) };
};

// As said under the card before the pinned one, unless that is of no use any more.
function underOld({ world, batch }) {
  const old = oldCard(batch);
  return old === null || old.tooOld ? null : saidUnder(batch, old.card, world.key(old.card.sign));
}
const beforeId = ({ world }) => world.state.peers.get(world.state.subject.party).old[0].id;

// The records of a batch as lines that say they are here.
const areHere = ({ batch }, status, later = 0n) => batch.items.filter((i) => get(i, 1)).map((i) => {
  const m = get(i, 1);
  return `here ${hex(leafHash(m))} ${get(decode(m), 9) + later} ${status}`;
});

const revocations = () => [
  ...both('of a party that is REVOKED', ['revoked'], 'batch.revoked', withTold((c) => [revoked(c, 'all')]), always),
  ...both('of a REVOKED party, under an earlier card', ['revoked'], 'batch.revoked', withTold((c) => [revoked(c, 'all')], underOld), always),
  ...both('of a REVOKED party, under a card that is not here', ['revoked'], 'batch.card', (rng, batch) => ({
    ...spokenBy(batch, batch.card.party, rng.bytes(32)), told: [revoked({ world: batch.original.world, rng }, 'all')],
  }), always),
  step('records: under a revoked sign key', ['revoked'], 'item.revoked-key', withTold((c) => [revoked(c, 'sign')]), always),
  step('receipts: under a revoked sign key', ['revoked'], 'batch.revoked-key', withTold((c) => [revoked(c, 'sign')]), { ...always, receipts: true }),
  step('records: under a key that was revoked with the card before', ['revoked'], 'item.revoked-key',
    withTold((c) => [revoked(c, c.rng.pick(['all', 'sign']), { card: beforeId(c) })]), always),
  step('receipts: under a key that was revoked with the card before', ['revoked'], 'batch.revoked-key',
    withTold((c) => [revoked(c, c.rng.pick(['all', 'sign']), { card: beforeId(c) })]), { ...always, receipts: true }),
  step('records: under an earlier card with a key that was revoked later', ['revoked'], 'item.revoked-key', withTold((c) => [revoked(c, 'sign')], underOld), always),
  ...both('transport or sealing keys revoked', ['revoked'], undefined, withTold((c) => [revoked(c, c.rng.pick(['transport', 'seal']))]), accepted),
  ...both('a revocation of a card that is not here', ['revoked'], undefined, withTold((c) => [revoked(c, c.rng.pick(kScopes), { card: c.rng.bytes(32) })]), accepted),
  ...both('a revocation as the makers make it', ['revoked'], undefined, withTold(({ world }) =>
    [`revoked ${toBase64(world.originals.find((o) => o.kind === 'revocation').bytes)}`]), agreed),
  step('records: a revoked key and other bodies', ['revoked', 'Item.salt'], 'item.commit', withTold((c) => [revoked(c, 'sign')],
    ({ rng }) => ({ items: (items) => items.map((i) => (get(i, 1) ? withField(i, 3, 2, flip(get(i, 3), rng)) : i)) })), always),
  ...both('a revoked key and another signature', ['revoked', 'Inner.sig', 'ReceiptBatch.sig'], 'batch.sig', withTold((c) => [revoked(c, 'sign')],
    ({ rng }) => ({ sig: (b) => flip(b, rng) })), always),
  step('records: under a revoked key, here already', ['revoked', 'here'], undefined, withTold((c) => [revoked(c, 'sign'), ...areHere(c, 1)]), accepted),
  step('records: of a REVOKED party, here already', ['revoked', 'here'], 'batch.revoked', withTold((c) => [revoked(c, 'all'), ...areHere(c, 1)]), always),
  step('records: under a revoked key, here with another time', ['revoked', 'here'], 'item.revoked-key', withTold((c) => [revoked(c, 'sign'), ...areHere(c, 1, 1n)]), always),
];

// Every record of that kind, without its approvals.
const asKind = (batch, kind, more = (i) => i) => ({
  items: (items) => items.map((i) => (get(i, 1) ? more(without(withField(i, 1, 2, encode(unapproved(withKind(kind)(decode(get(i, 1)))))), 8)) : i)),
});
const someKind = (rng) => rng.pick([...kKinds, 'future.kind', 'alert.theft', 'x']);
const approves = (kind) => [`approves ${kind}`];
const askedFor = (name, rule, edits, want) => step(name, ['approves'], rule, (rng, batch) => {
  const kind = someKind(rng);
  const made = edits(kind, { rng, batch, world: batch.original.world });
  return made === null ? null : { told: approves(kind), ...made };
}, { ...always, want });

const suspensions = () => [
  step('records: of a party that is SUSPENDED', ['suspended'], 'item.suspended', withTold(() => ['suspended']), always),
  step('receipts: of a party that is SUSPENDED', ['suspended'], undefined, withTold(() => ['suspended']), { ...accepted, receipts: true }),
  step('records: of a SUSPENDED party, a ping', ['suspended'], 'item.suspended', withTold(() => ['suspended'], ({ batch }) => asKind(batch, 'peer.ping')), always),
  step('records: of a SUSPENDED party, far in the future', ['suspended'], 'item.suspended', withTold(() => ['suspended'],
    ({ batch, world }) => moved(batch, () => world.state.now + 9n * 86400000n)), always),
  step('records: of a SUSPENDED party under a revoked key', ['suspended', 'revoked'], 'item.revoked-key', withTold((c) => ['suspended', revoked(c, 'sign')]), always),
  step('records: of a SUSPENDED party, here already', ['suspended', 'here'], undefined, withTold((c) => ['suspended', ...areHere(c, c.rng.pick([1, 2, 19, 27]))]), accepted),
  step('records: here already, and rejected then', ['here'], undefined, withTold((c) => areHere(c, c.rng.pick([16, 19, 25, 26])),
    ({ batch }) => (batch.items.length < 3 ? null : {})), accepted),
];

const approvalsAskedFor = () => [
  askedFor('no approver, and one is asked for', 'item.approver', (kind, { batch }) => asKind(batch, kind)),
  askedFor('no approver and no Record', 'item.approver', (kind, { batch, rng }) => {
    const { manifest, item } = withBody(Uint8Array.from(rng.pick([[0x07], [0x80], []])), kind);
    return { manifest: (m) => unapproved(manifest(m)), item: (i) => without(item(i), 8) };
  }),
  askedFor('no approver, and an attachment', 'item.attachment', (kind, { rng }) => ({
    told: approves('no.other'), // item of the batch is of that kind
    manifest: (m) => unapproved(withKind('no.other')(withAttachment(m))),
    item: (i) => without(withField(withField(i, 5, 2, rng.bytes(32)), 6, 2, utf8('photo.png')), 8),
  })),
  askedFor('no approver, of one that is not trusted so far', 'item.level', (kind, { batch }) =>
    (kind.startsWith('peer.') ? null : fromIntroduced(batch, kind))),
  askedFor('no approver, and it is here', undefined, (kind, { batch }) => {
    const place = batch.items.filter((i) => get(i, 1)).findIndex((i) => !get(i, 8));
    const item = batch.items.filter((i) => get(i, 1))[place];
    const own = new TextDecoder().decode(get(decode(get(item, 1)), 6));
    return { told: [...approves(own), ...areHere({ batch }, 1)] };
  }, 'accept'),
  askedFor('another kind is asked about', undefined, (kind, { batch }) => ({ ...asKind(batch, kind), told: approves(`${kind}x`.slice(-64)) }), 'agree'),
  askedFor('an approver is named', undefined, (kind, { batch }) => {
    const place = batch.items.filter((i) => get(i, 1)).findIndex((i) => get(i, 8));
    return place < 0 ? null : { place, manifest: withKind(kind) };
  }, 'agree'),
];

// A party with cards of its own: other roots, other sign keys, a thief's card in the chain.
const chained = (name, rule, edits, more) => [
  step(`records: ${name}`, ['revoked'], rule && `item.${rule}`, (rng, batch) => edits(new WithdrawnParty(batch, rng)), { ...always, ...more }),
  step(`receipts: ${name}`, ['revoked'], rule && `batch.${rule}`, (rng, batch) => edits(new WithdrawnParty(batch, rng)), { ...always, ...more, receipts: true }),
];
const oneOf = (w, ...scopes) => w.rng.pick(scopes);

const chains = () => [
  ...chained('the sign key of an earlier card revoked, under that card', 'revoked-key', (w) => w.updated().revoke(0, oneOf(w, 'all', 'sign'), 'root0').under(0)),
  ...chained('the sign key of an earlier card revoked, under the pinned card', undefined, (w) => w.updated().revoke(0, oneOf(w, 'all', 'sign'), 'root0').under(1), accepted),
  ...chained('the sign key of the pinned card revoked, under an earlier card', undefined, (w) => w.updated().revoke(1, 'sign', 'root0').under(0), accepted),
  ...chained('the new card revoked by the root that was replaced', undefined, (w) => w.rotated().revoke(1, oneOf(w, ...kScopes), 'root0').under(oneOf(w, 0, 1)), accepted),
  ...chained('the earlier card revoked by the root that was replaced', 'revoked-key', (w) => w.rotated().revoke(0, oneOf(w, 'all', 'sign'), 'root0').under(0)),
  ...chained('the earlier card revoked by the root that replaced its own', 'revoked-key', (w) => w.rotated().revoke(0, oneOf(w, 'all', 'sign'), 'root1').under(0)),
  ...chained('the earlier card revoked by the next root of the pinned card', 'revoked-key', (w) => w.rotated().revoke(0, oneOf(w, 'all', 'sign'), 'root2').under(0)),
  ...chained('under the card that a recovery left behind', 'revoked-key', (w) => w.recovered().under(1)),
  ...chained('under the card before the one that a recovery left behind', undefined, (w) => w.recovered().under(0), accepted),
  ...chained('under a recovery with the sign key of the card it left behind', undefined, (w) => w.recovered({ sign: 1 }).under(2), accepted),
  ...chained('any chain and revocation', undefined, (w) => w.any(), agreed),
];

const update = () => null;
const recovery = (c) => { const pk = nextRoot(c.world, c.pinned); byRoot(c, pk); return [pk]; };
const earlier = (c) => {
  const before = c.world.state.peers.get(c.pinned.party).old[0];
  recovery(c);
  c.set('serial', before.serial + 1n);
  c.set('prev', toBase64(before.id));
  return [nextRoot(c.world, c.pinned)];
};
const rotation = (c) => { recovery(c); return [nextRoot(c.world, c.pinned), c.pinned.root]; };

// A card made by that change of the pinned one, which is held.
function hold(c, change) {
  c.held = successor('', '', change).make(c.rng, { world: c.world });
  return readCard(c.held);
}
const tellHeld = (c) => [`held ${toBase64(c.held)}`];

// By the root of that card, as its next one.
function following(c, card) {
  c.set('root', toBase64(card.root));
  c.set('next', toBase64(card.next));
  c.set('serial', card.serial + 1n);
  c.set('prev', toBase64(card.id));
  return [card.root];
}

const revokedRoots = () => [
  ['an update under a revoked root', 'revoked-root', update],
  ['another next root under a revoked root', 'revoked-root', ({ set, rng }) => { set('next', toBase64(rng.bytes(32))); }],
  ['a rotation from a revoked root', 'rotation', rotation],
  ['a recovery from a revoked root', 'recovery', recovery],
].map(([name, word, change]) => successor(name, word, change, (c) => [revoked(c, 'all', { by: 'next' })], ['revoked'])).concat([
  successor('an update, the card revoked by its own root', 'update', update, (c) => [revoked(c, 'all', { by: 'root' })], ['revoked']),
  successor('an update, keys revoked by the next root', 'update', update, (c) => [revoked(c, c.rng.pick(['sign', 'transport', 'seal']), { by: 'next' })], ['revoked']),
  successor('an update, the card before revoked', 'update', update, (c) => [revoked(c, 'all', { by: 'next', card: beforeId(c) })], ['revoked']),
  successor('a copied key under a revoked root', 'copied-key', (c) => {
    c.set('sign', toBase64(theirs(c.world, c.pinned).sign));
    c.signers.find((s) => s.name.endsWith('/sign')).pk = theirs(c.world, c.pinned).sign;
  }, (c) => [revoked(c, 'all', { by: 'next' })], ['revoked']),
  successor('an update under a revoked root while a recovery is held', 'revoked-root', 
    (c) => { hold(c, recovery); }, (c) => [...tellHeld(c), revoked(c, 'all', { by: 'next' })], ['revoked', 'held']),
]);

const undecided = () => [
  ['what follows a held update', 'undecided', (c) => following(c, hold(c, update))],
  ['what follows a held recovery', 'undecided', (c) => following(c, hold(c, recovery))],
  ['what follows a held card by a root nobody announced', 'unknown-root', (c) => { hold(c, update); const pk = newKey(c.world, c.rng); byRoot(c, pk); return [pk]; }],
  ['a gap behind a held card', 'gap', (c) => { const h = hold(c, update); c.set('serial', h.serial + 2n); c.set('prev', toBase64(h.id)); }],
  ['an update while another is held', 'update', (c) => { hold(c, update); c.set('suites', '1 77'); }],
  ['an update while a recovery is held', 'undecided', (c) => { hold(c, recovery); }],
  ['an update while a recovery from an earlier card is held', 'undecided', (c) => { hold(c, earlier); }],
  ['another next root while a recovery is held', 'undecided', (c) => { hold(c, recovery); c.set('next', toBase64(c.rng.bytes(32))); }],
  ['a rotation while a recovery is held', 'undecided', (c) => { hold(c, recovery); return rotation(c); }],
  ['a recovery while another is held', 'recovery', (c) => { hold(c, recovery); return recovery(c); }],
  ['a copied transport key while a recovery is held', 'undecided', (c) => { hold(c, recovery); c.set('transport', toBase64(theirs(c.world, c.pinned).transport)); }],
  ['a fork while a recovery is held', 'fork', (c) => { hold(c, recovery); c.set('serial', c.pinned.serial); c.set('prev', toBase64(c.pinned.prev)); }],
].map(([name, word, change]) => successor(name, word, change, tellHeld, ['held']));

export const trustClasses = () => [...revocations(), ...suspensions(), ...approvalsAskedFor(), ...chains(), ...revokedRoots(), ...undecided()];
