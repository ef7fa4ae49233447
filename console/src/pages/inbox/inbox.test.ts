// Goal: filters, their addresses, saved ones, the file. Method: pure functions with made entries.
import { describe, expect, it } from 'vitest';
import type { InboxEntry } from '../../api';
import { as_csv, parse_columns, USUAL } from './columns';
import { is_narrowed, NO_FILTER, parse_filter, question, write_filter } from './filter';
import { parse_saved, with_saved, without_saved } from './saved';

const entry = (part: Partial<InboxEntry>): InboxEntry => ({
  needs_action: true, overdue: false, due_at: '', due_act: '', party: 'XB', case_number: 'T-1', subject: 'Pistol', state: 'RECEIVED', state_text: 'received', role: 'RESPONDER', priority: 'ROUTINE',
  last_kind: 'trace.request', last_at: '2026-03-01T00:00:00Z', flags: [], paused_since_at: '', reminder: '', reminders: 0, own_target: false, turn: 'OURS', ...part,
});

describe('filter', () => {
  it('goes through the address and back', () => {
    const filter = { ...NO_FILTER, view: 'all' as const, text: 'rifle & pistol', party: 'XA-ITI', overdue: true };
    const words = Object.entries(write_filter(filter)).filter((pair): pair is [string, string] => pair[1] !== undefined);
    expect(parse_filter(new URLSearchParams(words))).toEqual(filter);
    expect(parse_filter(new URLSearchParams('view=evil'))).toEqual(NO_FILTER);
    expect(is_narrowed({ ...NO_FILTER, view: 'all' })).toBe(false);
  });
  it('is a question to the node: view, every field, words without blanks around', () => {
    expect(question(NO_FILTER, 'x')).toEqual({ needs_action: true, waiting: false, overdue: false, party: '', state: '', role: '', priority: '', text: '', unread: '' });
    const asked = question({ view: 'waiting', text: ' rifle ', party: 'XA', role: 'REQUESTER', state: 'SENT', priority: 'FLASH', overdue: true, unread: true }, '5_3.4');
    expect(asked).toEqual({ needs_action: false, waiting: true, overdue: true, party: 'XA', state: 'SENT', role: 'REQUESTER', priority: 'FLASH', text: 'rifle', unread: '5_3.4' });
  });
  it('asks for no more words than the node takes, and cuts no character', () => {
    const { text } = question({ ...NO_FILTER, text: '手'.repeat(100) }, '');
    expect(text).toBe('手'.repeat(66));
  });
});

describe('saved filters', () => {
  it('are kept under their names, the last of a name wins', () => {
    let kept = with_saved([], 'Overdue', { ...NO_FILTER, overdue: true });
    kept = with_saved(parse_saved(kept), 'Overdue', { ...NO_FILTER, view: 'all', overdue: true });
    expect(parse_saved(kept)).toEqual([{ name: 'Overdue', filter: { ...NO_FILTER, view: 'all', overdue: true } }]);
    expect(without_saved(parse_saved(kept), 'Overdue')).toEqual([]);
  });
  it('take nothing on trust', () => {
    for (const bad of [undefined, 3, 'x', [null], [{ name: 3, query: '' }], [{ name: 'x' }]]) expect(parse_saved(bad)).toEqual([]);
  });
});

describe('columns and file', () => {
  it('never lose the link', () => {
    expect(parse_columns(['due'])).toEqual(['due', 'subject']);
    expect(parse_columns('x')).toEqual(USUAL);
  });
  it('has no formula for a spreadsheet, and every cell in its place', () => {
    const csv = as_csv([entry({ subject: '=HYPERLINK("x"),\n"y"' })]);
    expect(csv.startsWith('\ufeff')).toBe(true);
    expect(csv).toContain(`"'=HYPERLINK(""x""),\n""y"""`);
    expect(csv.split('\r\n')[0]!.split(',').length).toBe(14);
  });
});
