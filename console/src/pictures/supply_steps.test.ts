// Goal: the path of States shows what an answer tells, in its order, and every hole as a hole.
// Method: chains that are whole, that jump, that lack a step; answers without a chain.
import { describe, expect, it } from 'vitest';
import { path_of, year_of, type StepFacts } from './supply_steps';

const step = (seq: number, from: string, to: string, date = ''): StepFacts => {
  const [from_country = '', from_party_class = ''] = from.split('/');
  const [to_country = '', to_party_class = ''] = to.split('/');
  return { seq, from_country, from_party_class, to_country, to_party_class, date: { value: date }, confidence: 'HIGH' };
};
const stops_of = (path: ReturnType<typeof path_of>): string[] =>
  path.stops.map((stop) => stop.country + (stop.party && `/${stop.party}`) + (stop.found ? '!' : ''));

const WHOLE = [
  step(1, 'XB/MANUFACTURER', 'XB/WHOLESALER', '2014-06-11'),
  step(2, 'XB/WHOLESALER', 'XE/IMPORTER', '2015-02'),
];

describe('path of States', () => {
  it('joins steps that join, and ends with the find', () => {
    const path = path_of({ result: 'EXPORTED', supply_chain: WHOLE }, 'XB', { country: 'XA', date: { value: '2026-02-27' } });
    expect(stops_of(path)).toEqual(['XB/MANUFACTURER', 'XB/WHOLESALER', 'XE/IMPORTER', 'XA!']);
    expect(path.legs.map((leg) => leg.kind)).toEqual(['WITHIN', 'ABROAD', 'DIVERSION']);
    expect(path.legs.map((leg) => year_of(leg.date))).toEqual(['2014', '2015', '2026']);
    expect(path.began).toBe(true);
    expect(path.diverted).toBe(2);
  });

  it('orders steps by their number', () => {
    const path = path_of({ supply_chain: [...WHOLE].reverse() }, 'XB');
    expect(stops_of(path)).toEqual(['XB/MANUFACTURER', 'XB/WHOLESALER', 'XE/IMPORTER']);
  });

  it('shows a jump as a gap', () => {
    const path = path_of({ supply_chain: [WHOLE[0]!, step(2, 'XC/DEALER', 'XC/PRIVATE')] }, 'XB');
    expect(path.legs.map((leg) => leg.gap)).toEqual(['', 'NOT_JOINED', '']);
    expect(stops_of(path)).toEqual(['XB/MANUFACTURER', 'XB/WHOLESALER', 'XC/DEALER', 'XC/PRIVATE']);
  });

  it('shows another holder in the same State as a gap too', () => {
    const path = path_of({ supply_chain: [WHOLE[0]!, step(2, 'XB/DEALER', 'XE/IMPORTER')] }, 'XB');
    expect(path.legs[1]!.kind).toBe('GAP');
  });

  it('shows a missing number as a gap, although both ends agree', () => {
    const path = path_of({ supply_chain: [WHOLE[0]!, { ...WHOLE[1]!, seq: 4 }] }, 'XB');
    expect(path.legs.map((leg) => leg.gap)).toEqual(['', 'MISSING_STEP', '']);
  });

  it('says where the beginning is missing', () => {
    expect(path_of({ supply_chain: [WHOLE[1]!] }, 'XB').began).toBe(false);
    expect(path_of({ supply_chain: [{ ...WHOLE[0]!, seq: 2 }] }, 'XB').began).toBe(false);
    expect(path_of({ supply_chain: [step(1, 'XB/STATE_FACTORY', 'XC/ARMED_FORCES')] }, 'XB').began).toBe(true);
  });

  it('uses what an answer without a chain says', () => {
    const exported = path_of({ result: 'EXPORTED', country: 'XC', date: { value: '2009' }, consignee_class: 'ARMED_FORCES' }, 'XB');
    expect(stops_of(exported)).toEqual(['XB', 'XC/ARMED_FORCES']);
    expect(exported.legs[0]!.date).toBe('2009');
    expect(stops_of(path_of({ result: 'STATE_HOLDING', force_class: 'POLICE' }, 'XB'))).toEqual(['XB/POLICE']);
    const stolen = path_of({ result: 'REPORTED_STOLEN', date: { value: '2011' } }, 'XB', { country: 'XA' });
    expect(stolen.loss).toBe('STOLEN');
    expect(stolen.loss_date.value).toBe('2011');
    expect(stolen.legs[0]!.kind).toBe('DIVERSION');
  });

  it('draws nothing where nothing was told', () => {
    const path = path_of({ result: 'NO_RECORD' }, 'XB', { country: 'XA' });
    expect(path.stops).toEqual([]);
    expect(path.diverted).toBe(-1);
    expect(path_of({ result: '__proto__' }, 'XB').loss).toBe('');
  });

  it('marks a restricted answer', () => {
    expect(path_of({ completeness: 'RESTRICTED', supply_chain: WHOLE }, 'XB').restricted).toBe(true);
  });
});
