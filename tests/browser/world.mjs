// Two nodes, XA and XB, verified to each other, with persons of every role. Each person has a console
// password, so that a test can enter as anybody.
import { hostile } from './hostile.mjs';
import { introduce, linked, Node } from './node.mjs';

export const PERSONS = {
  jo: { uid: 40_001, roles: ['officer'] },
  mia: { uid: 40_002, roles: ['officer', 'supervisor'] },
  sam: { uid: 40_003, roles: ['supervisor'] },
  ann: { uid: 40_004, roles: ['auditor'] },
  kim: { uid: 40_005, roles: ['key-custodian'] },
  ada: { uid: 40_006, roles: ['administrator'] },
};
export const password_of = (name) => `a long word of ${name}`;
export const key_of = (name) => `seven herons of ${name}`;

// A node tries one passphrase at a time, and says so to the other; stories run side by side.
let before = Promise.resolve();
export function alone(run) {
  const mine = before.then(run);
  before = mine.catch(() => undefined);
  return mine;
}

// XB also wants corrections released.
const RELEASE = '[release]\nrequire = ["personal_data", "national_security", "peer.key_change", "record.erase", "trace.correction"]\n';

export async function make_world(bin, base, langs) {
  const xa = new Node(bin, base, 'XA'), xb = new Node(bin, base, 'XB');
  await Promise.all([xa, xb].map(async (node) => {
    await node.init({ console: 'confirm_minutes = 1', config: node === xb ? RELEASE : '' });
    await node.start();
    for (const [name, { uid, roles }] of Object.entries(PERSONS)) await node.add_person(name, uid, roles);
  }));
  // Of those who verify: a session of their own, that is not the first to end when there are many.
  for (const [i, lang] of langs.entries()) await xa.add_person(`ve.${lang}`, 42_000 + i, ['officer']);
  await introduce(xa, xb, { as: ['jo', 'jo'] });
  await Promise.all([linked(xa, xb, 'jo'), give_secrets(xa, langs.map((lang) => `ve.${lang}`)), give_secrets(xb)]);
  const apart = once(() => make_apart(bin, base, langs));
  return { xa, xb, apart, stranger: (party) => make_stranger(bin, base, party, xa), attacker: once(() => make_attacker(bin, base, xa)) };
}

// One after the other: each costs a second of Argon2id.
async function give_secrets(node, more = []) {
  for (const name of ['mia', 'sam']) await node.make_key(name, key_of(name));
  for (const name of ['jo', 'sam', ...more]) await node.set_password(name, password_of(name));
}

function once(make) {
  let made;
  return () => (made ??= make());
}

// A node whose sessions end after a minute without use; two officers of their own for each language.
async function make_apart(bin, base, langs) {
  const node = new Node(bin, base, 'XF');
  await node.init({ console: 'idle_minutes = 1' });
  await node.start();
  const names = langs.flatMap((lang) => [`lo.${lang}`, `id.${lang}`]);
  for (const [i, name] of ['nobody', ...names].entries()) await node.add_person(name, 41_000 + i, ['officer']);
  for (const name of names) await node.set_password(name, password_of(name));
  return node;
}

// A node of one person, whose card XA has, and the other way round; not verified.
async function make_stranger(bin, base, party, xa) {
  const node = new Node(bin, base, party);
  await node.init({ console: 'confirm_minutes = 1' });
  await node.start();
  await introduce(xa, node, { verified: false, as: ['jo', ''] });
  return node;
}

// A verified partner that sends what no honest one would; its card too.
async function make_attacker(bin, base, xa) {
  const node = new Node(bin, base, 'XH');
  await node.init({ authority: hostile({ max_bytes: 100, min_chars: 0 }, 0) });
  await node.start();
  await introduce(xa, node, { as: ['jo', ''] });
  await linked(xa, node, 'jo');
  return node;
}
