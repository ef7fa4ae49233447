// Values that a field must not have. Each list is of functions (rng, good value) -> bad value.
import { fromBase64, hex, toBase64, unhex } from '../lib/bytes.mjs';

const always = (text) => () => text;

export const numbers = (least, most) => [
  (rng, v) => '0' + v, (rng, v) => '+' + v, (rng, v) => '-' + v, (rng, v) => v + '.0', (rng, v) => v + ' ',
  (rng, v) => ' ' + v, always('0x10'), always('1e3'), always('１'), always('one'), always(String(most + 1n)),
  always('18446744073709551616'), always('99999999999999999999999'),
  ...(least > 0n ? [always('0')] : []),
];

export const parties = ['xa', 'X', 'ABCDEFGHIJKLM', '1A', 'X_A', 'XA.', '-X', 'XÄ', 'XA ', ' XA'].map(always);

const recode = (change) => (rng, v) => toBase64(change(fromBase64(v), rng));

export const base64s = [
  (rng, v) => v.replace(/=+$/, ''), (rng, v) => v + '=', (rng, v) => v + v,
  (rng, v) => { // other bits behind the last byte: another spelling of the same bytes
    const at = v.indexOf('=') - 1;
    const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
    return v.slice(0, at) + digits[digits.indexOf(v[at]) ^ 1] + v.slice(at + 1);
  },
  (rng, v) => v.slice(0, 8) + ' ' + v.slice(8), (rng, v) => '-_-_' + v.slice(4), (rng, v) => '*' + v.slice(1),
  recode((b) => b.subarray(1)), recode((b) => new Uint8Array([...b, 0])),
];

const p = 2n ** 255n - 19n;
const encode = (n) => Uint8Array.from({ length: 32 }, (_, i) => Number((n >> BigInt(8 * i)) & 255n));

// Ed25519 encodings that no honest key has: small order, not canonical, no point, mixed order.
export const edKeys = [
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0000000000000000000000000000000000000000000000000000000000000080',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
  hex(encode(p)), hex(encode(p + 1n)), hex(encode(2n ** 256n - 1n)),
  '0100000000000000000000000000000000000000000000000000000000000080', // x = 0 with the sign bit
  '0200000000000000000000000000000000000000000000000000000000000000', // not on the curve
  '10eb7c3acfb2bed3e0d6ab89bf5a3d6afddd1176ce4812e38d9fd485058fdb1f', // mixed order
].map((h) => () => toBase64(unhex(h)));

// X25519 values that give an all-zero secret, in every encoding that a reader may meet.
const kOrder8 = [
  325606250916557431795983626356110631294008115727848805560023387167927233504n,
  39382357235489614581723060781553021112529911719440698176882885853963445705823n,
];
export const smallX25519 = [0n, 1n, p - 1n, p, p + 1n, ...kOrder8]
  .flatMap((u) => [u, u + 2n ** 255n]).map(encode);
export const smallXKeys = smallX25519.map((b) => () => toBase64(b));

export const dates = [
  (r, v) => v.replace(/-..T/, '-32T'), (r, v) => v.replace(/^(....)-../, '$1-13'), (r, v) => v.replace(/^(....)-..-../, '$1-02-30'),
  (r, v) => v.replace(/^(....)-..-../, '2027-02-29'), (r, v) => v.replace(/T../, 'T24'), (r, v) => v.replace(/:..Z/, ':60Z'),
  (r, v) => v.replace(/T(..):../, 'T$1:60'), (r, v) => v.toLowerCase(), (r, v) => v.replace('Z', ''), (r, v) => v.replace('Z', '+00:00'),
  (r, v) => v.replace('Z', '.0Z'), (r, v) => v.replace('T', ' '), (r, v) => '0' + v, (r, v) => v.slice(1), (r, v) => v + ' ',
  (r, v) => '1969-12-31T23:59:59Z', (r, v) => v.replace(/-(0?)(.*?)-/, '-$2-').replace(/^(.*)$/, (x) => (x === v ? v + 'Z' : x)),
];

export const endpoints = [
  'tcp://', 'tcp://:1', 'tcp://a', 'tcp://a:', 'tcp://a:0', 'tcp://a:65536', 'tcp://a:01', 'tcp://a:1 ', 'tcp://a:+1', 'udp://a:1', 'TCP://a:1',
  'a:1', 'tcp://A.example:1', 'tcp://-a:1', 'tcp://a-:1', 'tcp://a..b:1', 'tcp://.a:1', 'tcp://a_b:1', 'tcp://1.2.3:1', 'tcp://1.2.3.4.5:1',
  'tcp://256.1.1.1:1', 'tcp://01.2.3.4:1', 'tcp://0.0.0.0:1', 'tcp://[::]:1', 'tcp://[0:0:0:0:0:0:0:0]:1', 'tcp://[0::0]:1', 'tcp://[0000::]:1', 'tcp://[1:2:3:4:5:6:7:8::]:1', 'tcp://[1:2:3:4::5:6:7:8]:1', 'tcp://[:1:2:3:4:5:6:7]:1', 'tcp://[1:::2]:1', 'tcp://[1:]:1', 'tcp://[1::2::3]:1', 'tcp://[::1:1', 'tcp://::1:1',
  'tcp://[2001:DB8::1]:1', 'tcp://[::ffff:1.2.3.4]:1', 'tcp://[1:2:3:4:5:6:7]:1', 'tcp://[12345::]:1', 'tcp://[::1%eth0]:1', 'tcp://a:1/', 'tcp://*:1',
  'tcp://ü.example:1', 'tcp://u@a:1', `tcp://${'a'.repeat(64)}.b:1`, `tcp://${'a.'.repeat(126)}b:7117`,
].map(always);

export const reaches = ['Direct', 'relay', 'relay ', 'relay x', 'relay XR XS', 'dial', 'direct relay', 'relay  XR', 'none'].map(always);
export const suites = ['0', '256', '2 1', '1 1', '01', '1  2', '1,2', '1 2 3 4 5 6 7 8 9', ' 1', '1 ', '-1', '1.0', 'one', '1000'].map(always);
export const authorities = [' x', 'x ', 'x'.repeat(256), 'é'.repeat(128), ' '].map(always);
export const scopes = ['ALL', 'All', 'all sign', 'none', 'sign ', ' seal', 'log', 'witness', 'root', 'al'].map(always);
export const roles = ['x'.repeat(65), 'é'.repeat(33)].map(always);
