// Goal: what both ends have done with a record stands on the right side, and nothing is said that
// is not known. Method: own and foreign records in every state of a delivery.
import { describe, expect, it } from 'vitest';
import type { TimelineFacts } from './timeline_facts';
import { standing, states_of } from './timeline_states';

const LEAF = { index: '7', log: 'focal/XA/log/1', published_at: '2026-03-02T10:00:00Z', witnesses: [{ party: 'XC', at: '2026-03-02T10:01:00Z' }] };
const OWN: TimelineFacts = {
  at: '2026-03-02T09:14:00Z', from: 'XA', released_by: 'Ada and Bo', released_at: '2026-03-02T09:15:00Z', leaf: LEAF,
  delivery: [{ party: 'XB', state: 'STORED', stored_at: '2026-03-02T09:16:00Z', opened_at: '2026-03-02T11:00:00Z', outbox_id: '1-XB', leaf: { index: '3' } }],
};
const short = (entry: TimelineFacts): string[] =>
  states_of(entry, 'XA').map((each) => `${each.end} ${each.state} ${each.party} ${each.at.slice(11, 16)} ${each.by.join()}`.trim());

describe('states of a record', () => {
  it('of ours: released, sent, witnessed here; stored, opened, proved there', () => {
    expect(short(OWN)).toEqual([
      'OURS RELEASED XA  Ada and Bo', 'OURS SENT XA 09:15', 'OURS LOGGED XA 10:00', 'OURS WITNESSED XA 10:01 XC',
      'THEIRS STORED XB 09:16', 'THEIRS OPENED XB 11:00', 'THEIRS PROVED XB',
    ]);
    expect(standing(OWN, 'XA')?.state).toBe('OPENED');
  });

  it('of theirs: made and released there; stored, opened, witnessed here', () => {
    const entry: TimelineFacts = {
      at: '2026-03-03T08:00:00Z', from: 'XB', released_by: 'SUPERVISOR at XB', received_at: '2026-03-03T08:01:00Z',
      opened_at: '2026-03-03T09:00:00Z', leaf: { ...LEAF, witnesses: [] },
    };
    expect(short(entry)).toEqual([
      'THEIRS MADE XB 08:00', 'THEIRS RELEASED XB  SUPERVISOR at XB', 'OURS STORED XA 08:01', 'OURS OPENED XA 09:00', 'OURS LOGGED XA 10:00',
    ]);
  });

  it('keeps a sending that has not ended, or failed, apart', () => {
    const state = (name: string, code = '') => {
      const { leaf: _, ...rest } = OWN;
      const entry = { ...rest, delivery: [{ party: 'XB', state: name, code, outbox_id: '1-XB' }] };
      return standing(entry, 'XA')!;
    };
    expect(state('QUEUED')).toMatchObject({ state: 'QUEUED', tone: 'PENDING', outbox_id: '1-XB' });
    expect(state('SENT')).toMatchObject({ state: 'UNDER_WAY', tone: 'PENDING' });
    expect(state('HELD').tone).toBe('FAILED');
    expect(state('REJECTED', 'AUTHORITY')).toMatchObject({ state: 'REJECTED', code: 'AUTHORITY', tone: 'FAILED' });
    expect(state('EXPIRED').tone).toBe('FAILED');
    expect(state('SOMETHING_NEW')).toMatchObject({ state: 'NOT_KNOWN', tone: 'PENDING' });
    expect(state('constructor').state).toBe('NOT_KNOWN');
  });

  it('of several addressees tells the one that is not there yet', () => {
    const entry = { ...OWN, delivery: [...OWN.delivery!, { party: 'XC', state: 'QUEUED' }] };
    expect(standing(entry, 'XA')).toMatchObject({ party: 'XC', state: 'QUEUED' });
  });

  it('says nothing about what is not in the entry', () => {
    expect(short({ from: 'XA', at: '2026-03-02T09:14:00Z' })).toEqual(['OURS SENT XA 09:14', 'THEIRS NOT_KNOWN']);
  });
});
