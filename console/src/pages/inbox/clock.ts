// The clock of a case in words and a shape.
import { format, now, t } from '../../i18n';
import type { IconName } from '../../ui/icons';

export interface ClockWords {
  text: string;
  icon: IconName;
  tone: 'plain' | 'soon' | 'late' | 'paused' | 'none';
  /** The point of time, for hover and readers of screens. */
  at: string;
}
interface Clocked {
  due_at: string;
  due_act: string;
  overdue: boolean;
  paused_since_at: string;
  turn: string;
}

const SOON_MS = 48 * 3600_000;

/** "answer in 4 days", "answer overdue: 2 days", "clock stopped 3 days ago". */
export function clock_words(one: Clocked): ClockWords {
  if (one.paused_since_at) return { text: t('inbox.clock.paused', { since: format.relative(one.paused_since_at, now.ms) }), icon: 'pause', tone: 'paused', at: one.paused_since_at };
  const due = Date.parse(one.due_at);
  if (Number.isNaN(due)) return { text: t('inbox.clock.none'), icon: 'ring', tone: 'none', at: '' };
  const act = one.due_act === 'ACKNOWLEDGE' ? 'ACKNOWLEDGE' : 'ANSWER';
  // The clock here may be a moment ahead of the answer.
  if (one.overdue || due < now.ms) return { text: t(`inbox.clock.late.${act}`, { for: format.duration((now.ms - due) / 1000) }), icon: 'stop', tone: 'late', at: one.due_at };
  const soon = due - now.ms < SOON_MS;
  return { text: t(`inbox.clock.due.${act}`, { when: format.relative(one.due_at, now.ms) }), icon: soon ? 'warning' : 'clock', tone: soon ? 'soon' : 'plain', at: one.due_at };
}
