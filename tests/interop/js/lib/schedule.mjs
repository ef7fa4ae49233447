// The sealing schedule (docs/protocol.md 3.3).
import { H, equal, hex, toBase64, u8, utf8 } from './bytes.mjs';
import { signName } from './card.mjs';
import { isSmallX25519 } from './curve.mjs';
import { isEndpoint } from './endpoint.mjs';
import { Lines, bytes, day, isParty, number, party } from './lines.mjs';
import { checkNote, kPlain, parseNote } from './note.mjs';
import { declare, must } from './refused.mjs';

declare({
  'schedule.size': 'a schedule longer than 8 KiB',
  'schedule.sign': 'the sign line is not the sign key of the pinned card',
  'schedule.reach': 'reach has another form',
  'schedule.endpoint': 'an endpoint has another form, or stands twice',
  'schedule.key': 'a key line has another form or an unknown suite',
  'schedule.kid': 'the kid is not that of the key',
  'schedule.small': 'a sealing key is of small order',
  'schedule.twice': 'a sealing key stands twice',
  'schedule.week': 'no week from Monday to Monday, or not the week after the one before',
});

const kMostBytes = 8 * 1024;

export const kidOf = (suite, key) => H(utf8('focal/kid/v1\0'), u8(suite), key).subarray(0, 16);

function readReach(value) {
  const relay = /^relay (.+)$/.exec(value);
  must(value === 'direct' || value === 'dialout' || (relay && isParty(relay[1])), 'schedule.reach');
  return value;
}

function readEndpoints(values) {
  for (const v of values) must(isEndpoint(v), 'schedule.endpoint', v);
  must(new Set(values).size === values.length, 'schedule.endpoint', 'twice');
  return values;
}

function readKey(value) {
  const parts = value.split(' ');
  must(parts.length === 5, 'schedule.key', value);
  const kid = bytes(parts[0], 16);
  must(parts[1] === '1', 'schedule.key', 'the suite');
  const key = bytes(parts[2], 32);
  must(!isSmallX25519(key), 'schedule.small');
  must(equal(kid, kidOf(1, key)), 'schedule.kid');
  return { kid, suite: 1, key, from: day(parts[3]), until: day(parts[4]) };
}

function readKeys(values) {
  const keys = values.map(readKey);
  keys.forEach((k, i) => {
    must((k.from + 3n) % 7n === 0n && k.until === k.from + 7n, 'schedule.week'); // day 0: Thursday
    must(i === 0 || k.from === keys[i - 1].until, 'schedule.week');
  });
  must(new Set(keys.map((k) => hex(k.key))).size === keys.length, 'schedule.twice');
  return keys;
}

// card: the pinned one.
export function readSchedule(note, card) {
  must(note.length <= kMostBytes, 'schedule.size');
  const parsed = parseNote(note);
  const lines = new Lines(parsed.text, 'focal-seal/v1');
  const s = { text: parsed.text };
  s.party = party(lines.value('party'));
  must(s.party === card.party, 'text.party', s.party);
  s.sign = bytes(lines.value('sign'), 32);
  must(equal(s.sign, card.sign), 'schedule.sign');
  s.serial = number(lines.value('serial'), 1n, 2n ** 63n - 1n);
  s.reach = readReach(lines.value('reach'));
  s.endpoints = readEndpoints(lines.values('endpoint', 0, 4));
  s.keys = readKeys(lines.values('key', 2, 16));
  lines.end();
  checkNote(parsed, [{ name: signName(s.party), type: kPlain, key: card.sign }]);
  s.id = H(utf8(s.text));
  return s;
}

export const keyLine = (k) =>
  `key ${toBase64(k.kid)} ${k.suite} ${toBase64(k.key)} ${k.from} ${k.until}`;

export const scheduleText = (f) =>
  ['focal-seal/v1', `party ${f.party}`, `sign ${toBase64(f.sign)}`, `serial ${f.serial}`,
    `reach ${f.reach}`, ...f.endpoints.map((e) => `endpoint ${e}`), ...f.keys.map(keyLine), '']
    .join('\n');
