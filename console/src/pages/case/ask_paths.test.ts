// Goal: a question can be about every weapon and every part of a request, and names a field as the
// node reads it. Method: a small schema with the shape of the real one.
import { describe, expect, it } from 'vitest';
import { field } from '../../forms/made_up';
import { Schema, type SchemaField, type SchemaMessage } from '../../forms/schema';
import { ask_subjects, asked_fields, place_of, subject_of } from './ask_paths';

const message = (name: string, fields: SchemaField[]): SchemaMessage => ({ name, fields, needs: [] });
const inside = (name: string, of: string, list = false) => field(name, { type: 'MESSAGE', message: of, list });
const SCHEMA = new Schema({
  lang: 'en',
  kinds: [{ name: 'trace.request', label: 'request', field: 'trace_request', message: 'TraceRequest', life: 'tracing', case_root: true }],
  messages: [
    message('Record', [inside('trace_request', 'TraceRequest')]),
    message('TraceRequest', [field('legal_justification'), inside('circumstances', 'Circumstances'), inside('items', 'WeaponItem', true),
      field('attachments', { type: 'MESSAGE', message: 'FileNote', list: true, attachment: true })]),
    message('Circumstances', [field('narrative')]),
    message('WeaponItem', [field('item_no'), field('serial_raw'), inside('markings', 'Marking', true), field('photos', { attachment: true })]),
  ],
});
const REQUEST = { trace_request: { circumstances: {}, items: [{ item_no: 3 }, { item_no: 4 }] } };
const subjects = ask_subjects(SCHEMA, REQUEST, (no) => `weapon ${no}`);

describe('what can be asked about', () => {
  it('is each weapon, each part, and the request', () => {
    expect(subjects.map((each) => `${each.label} ${each.path}`)).toEqual([
      'weapon 3 trace_request.items[0]', 'weapon 4 trace_request.items[1]', 'circumstances trace_request.circumstances', 'request trace_request',
    ]);
    expect(ask_subjects(SCHEMA, {}, String)).toEqual([]);
  });

  it('is a field of it, but no number and no attachment', () => {
    const paths = (i: number) => asked_fields(SCHEMA, subjects[i]!).map((each) => each.path);
    expect(paths(1)).toEqual(['trace_request.items[1].serial_raw', 'trace_request.items[1].markings']);
    expect(paths(3)).toEqual(['trace_request.legal_justification']);
  });

  it('is found again by the path', () => {
    expect(subject_of(subjects, 'trace_request.items[1].serial_raw')?.label).toBe('weapon 4');
    expect(subject_of(subjects, 'trace_request.legal_justification')?.label).toBe('request');
    expect(subject_of(subjects, '')).toBeUndefined();
    expect(place_of(SCHEMA, subjects, 'trace_request.items[1].serial_raw')).toEqual({ subject: 'weapon 4', field: 'serial raw' });
    expect(place_of(SCHEMA, subjects, 'trace_request.items[1]')).toEqual({ subject: '', field: 'weapon 4' });
    expect(place_of(SCHEMA, subjects, 'trace_request.legal_justification')).toEqual({ subject: '', field: 'legal justification' });
    expect(place_of(SCHEMA, subjects, '<b>nowhere</b>')).toEqual({ subject: '', field: '<b>nowhere</b>' });
  });
});
