// The introduction file: a card, and the newest schedule if there is one (docs/protocol.md 3.4).
import { concat, fromUtf8, utf8 } from './bytes.mjs';
import { readCard } from './card.mjs';
import { declare, must } from './refused.mjs';
import { readSchedule } from './schedule.mjs';

declare({ 'intro.size': 'an introduction longer than 16 KiB' });

const kMostBytes = 16 * 1024;

// Where the first note ends: after the signature lines that follow its empty line.
function endOfFirst(text) {
  let at = text.indexOf('\n\n');
  must(at >= 0, 'note.split');
  at += 2;
  while (text.startsWith('\u2014 ', at)) {
    const end = text.indexOf('\n', at);
    if (end < 0) return text.length;
    at = end + 1;
  }
  return at;
}

export function readIntro(bytes) {
  must(bytes.length <= kMostBytes, 'intro.size');
  const text = fromUtf8(bytes);
  must(text !== null, 'note.utf8');
  const end = endOfFirst(text);
  const card = readCard(utf8(text.slice(0, end)));
  const rest = text.slice(end);
  const schedule = rest === '' ? null : readSchedule(utf8(rest), card);
  return { card, schedule, id: schedule ? concat(card.id, schedule.id) : card.id };
}
