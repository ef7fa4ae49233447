// Mutations of notes: every line, every rule of its value, every rule of the signature block.
import { concat, fromBase64, toBase64, utf8 } from '../lib/bytes.mjs';
import { nextHash } from '../lib/card.mjs';
import { publicKey } from '../lib/curve.mjs';
import { kidOf } from '../lib/schedule.mjs';
import * as bad from './bad.mjs';
import { cut, put } from './lists.mjs';
import { joined, newKey, openText, signText } from './text.mjs';

const kMax63 = 2n ** 63n - 1n;

// The lines of each format in order: [key, may stand more than once, rules of its value].
// A rule is [name of the rule that refuses, bad values].
const kLines = {
  card: {
    party: [['text.party', bad.parties]],
    serial: [['text.number', bad.numbers(1n, kMax63)]],
    prev: [['card.prev', [(r, v) => (v === 'none' ? toBase64(r.bytes(32)) : 'none')]],
      [['text.bytes', 'card.prev'], [...bad.base64s, () => 'NONE']]],
    root: [['text.bytes', bad.base64s], ['text.key', bad.edKeys]],
    next: [['text.bytes', bad.base64s], ['card.next', ['own root']]],
    issued: [['text.date', bad.dates], ['card.time', ['a second later']]],
    expires: [['text.date', bad.dates], ['card.expires', ['issued', 'a day before']]],
    sign: [['text.bytes', bad.base64s], ['text.key', bad.edKeys], ['card.distinct', ['the log key']]],
    log: [[['text.number', 'card.log', 'text.lines'], bad.numbers(1n, 2n ** 32n - 1n).map((f) => (r, v) => v.replace(/\/([0-9]+) /, (m, n) => `/${f(r, n)} `))],
      ['card.log', [(r, v) => v.replace('focal/', 'Focal/'), (r, v) => v.replace('/log/', '/lag/'), (r, v) => v.replace(/^focal\/[^/]*/, 'focal/XQ')]],
      [['text.bytes', 'text.lines'], onSecond(bad.base64s)], ['text.key', onSecond(bad.edKeys)],
      ['text.lines', [(r, v) => v + ' 1', (r, v) => v.split(' ')[0], (r, v) => v.replace(' ', '  ')]]],
    witness: [['text.bytes', bad.base64s], ['text.key', bad.edKeys], ['card.distinct', ['the root key']]],
    transport: [['text.bytes', bad.base64s], ['card.transport', bad.smallXKeys], ['card.distinct', ['the sign key']]],
    suites: [['card.suites', bad.suites]],
    authority: [['card.authority', bad.authorities]],
  },
  schedule: {
    party: [['text.party', [...bad.parties, () => 'XQ']]],
    sign: [['text.bytes', bad.base64s], ['schedule.sign', [(r) => toBase64(r.bytes(32)), ...bad.edKeys]]],
    serial: [['text.number', bad.numbers(1n, kMax63)]],
    reach: [['schedule.reach', bad.reaches]],
    endpoint: [['schedule.endpoint', bad.endpoints]],
    key: [['schedule.kid', [part(0, (r) => toBase64(r.bytes(16)))]], [['text.bytes', 'schedule.key'], bad.base64s.map((f) => part(0, f))],
      ['text.number', ['0', '256', '01', '+1', 'x'].map((s) => part(1, () => s))],
      ['schedule.key', [(r, v) => v + ' ', (r, v) => v.replace(' ', '  '), (r, v) => v.split(' ').slice(1).join(' ')]],
      [['schedule.kid', 'schedule.length', 'schedule.small'], ['1', '2', '9'].map((s) => part(1, (r, v) => (v === s ? '3' : s)))],
      [['text.bytes', 'schedule.key', 'schedule.kid', 'schedule.length'], bad.base64s.map((f) => part(2, f))],
      ['schedule.small', bad.smallX25519.map((b) => (r, v) => withKey(v, '1', b))],
      [['text.date', 'schedule.key'], [3, 4].flatMap((i) => bad.dates.map((f) => part(i, (r, v) => f(r, v + 'T00:00:00Z').replace(/T.*$/, '') + '?')))],
      ['schedule.length', [31, 33, 1216].map((n) => (r, v) => withKey(v, '1', r.bytes(n))).concat([31, 1281].map((n) => (r, v) => withKey(v, '2', r.bytes(n))))],
      ['schedule.suite', [(r, v) => withKey(v, '77', r.bytes(32))]],
      ['schedule.week', [3, 4].flatMap((i) => [1, -1, 7, -7, 70].map((n) => part(i, (r, v) => plusDays(v, n))))]],
  },
  certificate: {
    party: [['text.party', [...bad.parties, () => 'XQ']]],
    role: [['officer.role', bad.roles]],
    key: [['text.bytes', bad.base64s], ['text.key', bad.edKeys], ['officer.key', ['a key of the card']]],
    from: [['text.date', bad.dates]],
    until: [['text.date', bad.dates], ['officer.until', ['from', 'a day before']]],
  },
  revocation: {
    party: [['text.party', [...bad.parties, () => 'XQ']]],
    card: [['text.bytes', bad.base64s]],
    key: [['text.bytes', bad.base64s], ['text.key', bad.edKeys], ['revoke.key', ['a stranger']]],
    scope: [['revoke.scope', bad.scopes]],
    since: [['text.date', bad.dates]],
    reason: [['revoke.reason', bad.authorities]],
  },
  directory: {
    introducer: [['text.party', [...bad.parties, () => 'XQ']]],
    serial: [['text.number', bad.numbers(1n, kMax63)]],
    prev: [['directory.prev', [(r, v) => (v === 'none' ? toBase64(r.bytes(32)) : 'none')]],
      [['text.bytes', 'directory.prev'], [...bad.base64s, () => 'NONE']]],
    entry: [[['directory.entry', 'text.bytes', 'text.number'], bad.parties.map((f) => part(0, f))],
      [['text.bytes', 'directory.entry'], onSecond(bad.base64s)],
      [['text.number', 'directory.entry'], bad.numbers(1n, kMax63).map((f) => part(2, f))],
      ['directory.entry', [(r, v) => v + ' 1', (r, v) => v.replace(' ', '  '), (r, v) => v.split(' ').slice(0, 2).join(' ')]],
      ['directory.order', ['the party before']]],
  },
  checkpoint: {
    0: [['text.lines', [(r, v) => v + '1', (r, v) => v.replace('log', 'Log'), (r, v) => v + ' ']]],
    1: [['text.number', bad.numbers(0n, 2n ** 64n - 1n)]],
    2: [['text.bytes', bad.base64s]],
  },
};
const kRepeated = { card: ['authority'], schedule: ['endpoint', 'key'], directory: ['entry'] };

function onSecond(values) {
  return values.map((f) => part(1, f));
}
function part(i, f) {
  return (r, v) => { const parts = v.split(' '); parts[i] = f(r, parts[i]); return parts.join(' '); };
}
// A key line with this key of this suite, and its kid.
function withKey(line, suite, key) {
  const parts = line.split(' ');
  return [toBase64(kidOf(suite, key)), suite, toBase64(key), parts[3], parts[4]].join(' ');
}
function plusDays(day, n) {
  return new Date(Date.parse(day + 'T00:00:00Z') + n * 86400000).toISOString().slice(0, 10);
}

const keyOfLine = (kind, lines, i) => (kind === 'checkpoint' ? String(i) : i === 0 ? 'format' : lines[i].split(' ')[0]);
const valueOf = (kind, line) => (kind === 'checkpoint' ? line : line.slice(line.indexOf(' ') + 1));
const withValue = (kind, line, v) => (kind === 'checkpoint' ? v : line.slice(0, line.indexOf(' ') + 1) + v);

// Values that depend on other lines of the same text.
const kRelated = {
  'own root': (get) => toBase64(nextHash(fromBase64(get('root')))),
  'a second later': (get) => get('issued').replace(/..Z$/, (s) => (s === '59Z' ? '00Z' : `${String(Number(s.slice(0, 2)) + 1).padStart(2, '0')}Z`)),
  issued: (get) => get('issued'),
  from: (get) => get('from'),
  'a day before': (get) => plusDays((get('issued') ?? get('from')).slice(0, 10), -1) + 'T00:00:00Z',
  'the log key': (get) => get('log').split(' ')[1],
  'the root key': (get) => get('root'),
  'the sign key': (get) => get('sign'),
  'a stranger': (get, world, rng) => toBase64(newKey(world, rng)),
  'the party before': (get, world, rng, lines, i) => {
    const before = lines[i - 1].split(' ');
    return before[0] === 'entry' ? [before[1], ...lines[i].split(' ').slice(2)].join(' ') : null;
  },
  'a key of the card': (get, world, rng) => toBase64(rng.pick(['root', 'sign', 'witness']
    .map((k) => world.state.subject[k]).concat([world.state.subject.log.key]))),
};

// For a card or a revocation, whoever has the keys that the changed text names signs it.
function signersOf(original, lines, signers) {
  if (original.kind === 'revocation') {
    const key = fromBase64(lines.find((l) => l.startsWith('key '))?.slice(4) ?? '');
    return key && original.world.key(key) ? [{ ...signers[0], pk: key }] : signers;
  }
  if (original.kind !== 'card') return signers;
  const get = (key) => lines.find((l) => l.startsWith(key + ' '))?.slice(key.length + 1) ?? '';
  const keys = [get('root'), get('sign'), get('log').split(' ').at(-1), get('witness')].map((k) => fromBase64(k));
  return signers.map((s, i) => (i < 4 && keys[i] && original.world.key(keys[i]) ? { ...s, pk: keys[i] } : s));
}

const resign = (original, lines, signers) =>
  signText(joined(lines), signersOf(original, lines, signers), original.world);

const places = (kind, lines, key) => lines.flatMap((l, i) => (keyOfLine(kind, lines, i) === key ? [i] : []));

function valueClass(kind, key, rule, value, n) {
  return {
    name: `${kind}.${key}: bad value ${n}`, kind, fields: [`${kind}.${key}`], rule,
    make(rng, original) {
      const { lines, signers } = openText(original);
      const found = places(kind, lines, key);
      if (found.length === 0) return null;
      const i = rng.pick(found);
      const get = (k) => lines.find((l) => l.startsWith(k + ' '))?.slice(k.length + 1);
      const before = valueOf(kind, lines[i]);
      const after = typeof value === 'string' ? kRelated[value](get, original.world, rng, lines, i) : value(rng, before);
      if (after === null || after === before) return null;
      return resign(original, put(lines, i, withValue(kind, lines[i], after)), signers);
    },
  };
}

// A change of one line as a whole. edit(lines, i, rng) gives new lines.
function lineClass(kind, key, what, edit, rule, signed = true) {
  return {
    name: `${kind}.${key}: ${what}`, kind, fields: [`${kind}.${key}`], rule,
    make(rng, original) {
      const { lines, signers } = openText(original);
      const found = places(kind, lines, key);
      if (found.length === 0) return null;
      const changed = edit(lines, rng.pick(found), rng);
      if (!changed || joined(changed) === joined(lines)) return null;
      if (signed) return resign(original, changed, signers);
      const text = utf8(joined(lines));
      return concat(utf8(joined(changed)), original.bytes.subarray(text.length));
    },
  };
}

function lineClasses(kind, key) {
  const many = kRepeated[kind]?.includes(key) ?? false;
  const flip = (lines, i, rng) => {
    const at = rng.below(lines[i].length);
    const c = String.fromCharCode(33 + rng.below(94));
    return put(lines, i, lines[i].slice(0, at) + c + lines[i].slice(at + 1));
  };
  const out = [
    lineClass(kind, key, 'one character changed, not signed again', flip, undefined, false),
    lineClass(kind, key, 'another character, not signed again', flip, undefined, false),
    lineClass(kind, key, 'removed, not signed again', (l, i) => cut(l, i, 1), undefined, false),
  ];
  if (!many) {
    out.push(lineClass(kind, key, 'removed', (l, i) => cut(l, i, 1), ['text.lines', 'text.number', 'text.bytes', 'note.split']));
    out.push(lineClass(kind, key, 'twice', (l, i) => cut(l, i, 0, l[i]), ['text.lines', 'text.number', 'text.bytes']));
  }
  if (kind === 'checkpoint') return out;
  const other = (l, i) => (l[i + 1] === undefined || keyOfLine(kind, l, i + 1) === key ? null : put(put(l, i, l[i + 1]), i + 1, l[i]));
  out.push(lineClass(kind, key, 'after the next', other, 'text.lines'));
  if (key === 'format') {
    out.push(lineClass(kind, key, 'another version', (l, i) => put(l, i, l[i].replace('/v1', '/v2')), 'text.lines'));
    out.push(lineClass(kind, key, 'another format', (l, i) => put(l, i, kind === 'card' ? 'focal-seal/v1' : 'focal-card/v1'), 'text.lines'));
    return out;
  }
  const spell = (f) => (l, i) => put(l, i, f(l[i]));
  out.push(lineClass(kind, key, 'empty', spell((s) => key + ' '), 'text.lines'));
  out.push(lineClass(kind, key, 'no value', spell((s) => key), 'text.lines'));
  out.push(lineClass(kind, key, 'another spelling', spell((s) => s[0].toUpperCase() + s.slice(1)), 'text.lines'));
  out.push(lineClass(kind, key, 'a tab', spell((s) => s.replace(' ', '\t')), 'note.control'));
  out.push(lineClass(kind, key, 'an unknown line before it', (l, i) => cut(l, i, 0, 'x 1'), 'text.lines'));
  out.push(lineClass(kind, key, 'an empty line before it', (l, i) => cut(l, i, 0, ''), 'text.lines'));
  if (!['authority', 'role', 'reason'].includes(key)) {
    out.push(lineClass(kind, key, 'two spaces', spell((s) => s.replace(' ', '  ')), undefined));
    out.push(lineClass(kind, key, 'a space behind it', spell((s) => s + ' '), undefined));
  }
  return out;
}

const kSomeKey = publicKey(new Uint8Array(32).fill(77));

const countOf = (kind, key, n, value) => ({
  name: `${kind}.${key}: ${n} lines`, kind, fields: [`${kind}.${key}`],
  rule: ['text.lines', 'schedule.week', 'schedule.suite', 'note.size'],
  make(rng, original) {
    const { lines, signers } = openText(original);
    const rest = lines.filter((l) => !l.startsWith(key + ' '));
    const found = places(kind, lines, key);
    const behind = rest.findIndex((l) => l.startsWith('key '));
    const at = found[0] ?? (behind < 0 ? rest.length : behind);
    const added = Array.from({ length: n }, (_, i) => value(i, lines[found[0]]));
    return resign(original, cut(rest, at, 0, ...added), signers);
  },
});

function special() {
  const twice = (key, rule) => lineClass('schedule', key, 'twice', (l, i) => {
    const again = key === 'key' ? sameKeyNextWeek(l, i) : cut(l, i, 0, l[i]);
    return again && again.filter((x) => x.startsWith(key)).length <= (key === 'key' ? 16 : 4) ? again : null;
  }, rule);
  // The same key again in the place of the next one.
  const sameKeyNextWeek = (l, i) => {
    const [, kid, suite, pk] = l[i].split(' ');
    if (!l[i + 1]?.startsWith('key ') || l[i + 1].split(' ')[2] !== suite) return null;
    return put(l, i + 1, ['key', kid, suite, pk, ...l[i + 1].split(' ').slice(4)].join(' '));
  };
  return [
    countOf('card', 'authority', 0, () => ''), countOf('card', 'authority', 9, (i) => `authority line ${i}`),
    countOf('schedule', 'endpoint', 5, (i) => `endpoint tcp://a${i}.example:1`),
    countOf('schedule', 'key', 1, (i, line) => line), countOf('schedule', 'key', 17, (i, line) => {
      const parts = line.split(' ');
      const key = new Uint8Array(32).fill(i + 9);
      return ['key', toBase64(kidOf(1, key)), '1', toBase64(key), plusDays(parts[4], 7 * i), plusDays(parts[5], 7 * i)].join(' ');
    }),
    twice('endpoint', 'schedule.endpoint'), twice('key', 'schedule.twice'),
    suites('a lower one behind', (first, second) => [...second, ...first]),
    suites('mixed', (first, second) => [first[0], ...second, ...first.slice(1)]),
    suites('three', (first, second) => [...first, ...second, ...second.map((l) => withSuite(l, '200'))]),
    suites('one week of the second', (first, second) => [...first, second[0]], 'text.lines'),
    suites('17 weeks of the second', (first, second) => {
      const [kid, suite, pk, from] = second[0].split(' ').slice(1);
      return [...first, ...Array.from({ length: 17 }, (_, i) => 'key ' +
        withKey(`${kid} ${suite} ${pk} ${plusDays(from, 7 * i)} ${plusDays(from, 7 * i + 7)}`, suite, new Uint8Array(32).fill(i + 1)))];
    }, 'text.lines'),
    lineClass('directory', 'entry', 'twice', (l, i) => cut(l, i, 0, l[i]), 'directory.order'),
    lineClass('directory', 'entry', 'out of order', (l, i) => (l[i + 1]?.startsWith('entry ') ? put(put(l, i, l[i + 1]), i + 1, l[i]) : null), 'directory.order'),
    countOf('directory', 'entry', 769, (i) => `entry P${String(i).padStart(4, '0')} ${toBase64(kSomeKey)} 1`),
  ];
}

const withSuite = (line, suite) => 'key ' + withKey(line.slice(4), suite, fromBase64(line.split(' ')[3]));

// A schedule with keys of two suites, which stand otherwise.
const suites = (name, change, rule = 'schedule.suite') => ({
  name: `schedule.key: suites, ${name}`, kind: 'schedule', fields: ['schedule.key'], rule,
  make(rng, original) {
    const { lines, signers } = openText(original);
    const keys = lines.filter((l) => l.startsWith('key '));
    const first = keys.filter((l) => l.split(' ')[2] === '1');
    const second = keys.filter((l) => l.split(' ')[2] !== '1');
    if (second.length === 0) return null;
    return resign(original, [...lines.slice(0, lines.length - keys.length), ...change(first, second)], signers);
  },
});

// Every text once, with any change at all and right signatures: all have to agree.
function free(kind) {
  return {
    name: `${kind}: any change, signed again`, kind, fields: [], want: 'agree',
    make(rng, original) {
      const { lines, signers } = openText(original);
      let text = joined(lines);
      for (let n = rng.between(1, 2); n > 0; n--) {
        const at = rng.below(text.length);
        const c = rng.pick([...' \n-+=/09azAZ:.[]é\u00a0\u2028\u200f\u0085\u007f\u00ad\ufeff\ufffd']);
        text = [text.slice(0, at) + c + text.slice(at), text.slice(0, at) + c + text.slice(at + 1), text.slice(0, at) + text.slice(at + 1)][rng.below(3)];
      }
      return signText(utf8(text), signers, original.world);
    },
  };
}

export function textClasses() {
  const out = special();
  for (const [kind, keys] of Object.entries(kLines)) {
    const named = kind === 'checkpoint' ? Object.keys(keys) : ['format', ...Object.keys(keys)];
    for (const key of named) out.push(...lineClasses(kind, key));
    for (const [key, rules] of Object.entries(keys)) {
      let n = 0;
      for (const [rule, values] of rules) for (const v of values) out.push(valueClass(kind, key, rule, v, ++n));
    }
    out.push(free(kind));
  }
  return out;
}

