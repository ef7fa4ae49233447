// HPKE suite 1, of which only Export is used (docs/protocol.md 7).
import { Chacha20Poly1305 } from '@hpke/chacha20poly1305';
import { CipherSuite, HkdfSha256 } from '@hpke/core';
import { DhkemX25519HkdfSha256 } from '@hpke/dhkem-x25519';
import { isSmallX25519, x25519Public } from './curve.mjs';

const suite = new CipherSuite({
  kem: new DhkemX25519HkdfSha256(),
  kdf: new HkdfSha256(),
  aead: new Chacha20Poly1305(),
});

const exact = (bytes) => Uint8Array.from(bytes).buffer;
const key = (bytes, isPublic) => suite.kem.importKey('raw', exact(bytes), isPublic);

// A context of either side: exports(context bytes) gives 32 bytes.
const exporter = (context) => async (label) => new Uint8Array(await context.export(exact(label), 32));

// ekm: 32 bytes that the ephemeral key comes from. psk: {key, id} or nothing.
export async function sender(recipient, info, ekm, psk) {
  const context = await suite.createSenderContext({
    recipientPublicKey: await key(recipient, true), info: exact(info), ekm: exact(ekm), ...withPsk(psk),
  });
  return { enc: new Uint8Array(context.enc), exports: exporter(context) };
}

// null if the shared secret is all zero.
export async function recipient(secret, enc, info, psk) {
  if (isSmallX25519(enc)) return null;
  const pair = { privateKey: await key(secret, false), publicKey: await key(x25519Public(secret), true) };
  const context = await suite.createRecipientContext({
    recipientKey: pair, enc: exact(enc), info: exact(info), ...withPsk(psk),
  });
  return { exports: exporter(context) };
}

const withPsk = (psk) => (psk ? { psk: { key: exact(psk.key), id: exact(psk.id) } } : {});
