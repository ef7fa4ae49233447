// Mutations of codes (docs/protocol.md 4.1).
import { concat, fromUtf8, lp, utf8 } from '../lib/bytes.mjs';
import { makeCode, readCode, toBase45 } from '../lib/code.mjs';
import { edKeys } from './bad.mjs';

const kPrefix = 'FOCAL:1:';
const of = (bytes) => utf8(kPrefix + toBase45(bytes));

// change(text, rng, code) of a code: another text, or other bytes.
const code = (name, rule, change, fields = ['code']) => ({
  name: `code: ${name}`, kind: 'code', fields, rule,
  make(rng, original) {
    const out = change(fromUtf8(original.bytes), rng, readCode(original.bytes));
    return typeof out === 'string' ? utf8(out) : out;
  },
});

const withParty = (c, party) => concat(lp(party), c.root, c.c ?? new Uint8Array(0));

export const codeClasses = () => [
  code('lower case', 'code.prefix', (t) => t.toLowerCase()),
  code('lower case behind the prefix', 'code.base45', (t) => kPrefix + t.slice(8).toLowerCase()),
  code('another version', 'code.prefix', (t, rng) => t.replace(':1:', rng.pick([':2:', ':9:', '::', ':1']))),
  code('another word', ['code.prefix', 'code.size'], (t, rng) => rng.pick(['focal', 'FOCAl', 'FOCA', ' FOCAL', 'XOCAL']) + t.slice(5)),
  code('a space before it', ['code.prefix', 'code.size'], (t) => ' ' + t),
  code('a character behind it', undefined, (t, rng) => t + rng.pick(['0', ' ', '\n', 'A'])),
  code('a character less', undefined, (t) => t.slice(0, -1)),
  code('a character that base45 has not', 'code.base45', (t, rng) => t.slice(0, 20) + rng.pick(['_', 'a', 'é', '=', '\n', '#']) + t.slice(21)),
  code('three digits of 65536 or more', 'code.base45', (t, rng) => t.slice(0, 11) + rng.pick([':::', 'GGX', 'GGW']) + t.slice(14)),
  code('longer than a code', 'code.size', (t) => t.padEnd(127, '000')),
  code('nothing behind the prefix', ['code.length', 'code.base45'], () => kPrefix),
  code('31 bytes', 'code.length', (t, rng, c) => of(concat(lp(c.party), c.root.subarray(1)))),
  code('a byte more than the root', 'code.length', (t, rng, c) => of(concat(lp(c.party), c.root, [7]))),
  code('c of 31 bytes', 'code.length', (t, rng, c) => of(concat(lp(c.party), c.root, rng.bytes(31)))),
  code('a length of the name beyond it', 'code.length', (t, rng, c) => of(concat([99], lp(c.party).subarray(1), c.root))),
  code('no name of a party', 'code.party', (t, rng, c) => of(withParty(c, rng.pick(['xa', 'X', '1A', 'X_A', 'X A']))), ['code party']),
  code('a name of 13 bytes', ['code.party', 'code.size'], (t, rng, c) => of(withParty(c, 'ABCDEFGHIJKLM')), ['code party']),
  code('a name that is not UTF-8', 'code.party', (t, rng, c) => of(concat([2, 0xff, 0xfe], c.root)), ['code party']),
  code('a root key that no card has', 'code.key', (t, rng, c) => makeCode(c.party, new Uint8Array(Buffer.from(rng.pick(edKeys)(), 'base64')), c.c), ['code root']),
  code('not UTF-8', undefined, (t, rng) => concat(utf8(t.slice(0, 30)), [0xff], utf8(t.slice(31)))),
];
