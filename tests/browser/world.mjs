// Two nodes, XA and XB, verified to each other, with persons of every role. Each person has a console
// password, so that a test can enter as anybody.
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

export async function make_world(bin, base) {
  const xa = new Node(bin, base, 'XA'), xb = new Node(bin, base, 'XB');
  await Promise.all([xa, xb].map(async (node) => {
    await node.init({ console: "" });
    await node.start();
    for (const [name, { uid, roles }] of Object.entries(PERSONS)) await node.add_person(name, uid, roles);
  }));
  await introduce(xa, xb, { as: ['jo', 'jo'] });
  await Promise.all([
    linked(xa, xb, 'jo'),
    // One at a time: each costs a second of Argon2id.
    (async () => {
      for (const name of ['mia', 'sam']) await xa.make_key(name, key_of(name));
      for (const name of ['jo', 'mia', 'sam']) await xa.set_password(name, password_of(name));
    })(),
    xb.set_password('jo', password_of('jo')),
  ]);
  return { xa, xb };
}
