// Goal: what is typed is never lost, never sent where it does not belong, and never contradicts
// the word "unknown". Method: the made-up kind, one story each.
import { describe, expect, test } from 'vitest';
import { FormModel } from './model.svelte';
import { KNOWN, MADE_UP } from './made_up';
import { get_at, type Json } from './values';

const LAMP = 'lamp_report.lamps[0]';

function form(lamp_report: Json = {}, marks: string[] = []): FormModel {
  const record: Json = { header: {}, lamp_report };
  if (marks.length) record.unknown_fields = marks;
  return new FormModel(MADE_UP, KNOWN, { record, aside: {} }, {
    numbered: ['LampReport.lamps'],
    personal_flags: ['header.label.personal_data'],
  });
}

const marks = (model: FormModel) => model.sent.unknown_fields ?? [];

describe('unknown', () => {
  test('a value and unknown exclude each other, and what was typed comes back', () => {
    const model = form({ lamps: [{ lamp_no: 1, maker: 'Lux' }] });
    model.mark(`${LAMP}.maker`, true);
    expect(model.get(`${LAMP}.maker`)).toBeUndefined();
    expect(marks(model)).toEqual([`${LAMP}.maker`]);
    model.mark(`${LAMP}.maker`, false);
    expect(model.get(`${LAMP}.maker`)).toBe('Lux');
    expect(marks(model)).toEqual([]);
  });

  test('typing takes the mark away, also that of the message around', () => {
    const model = form({ lamps: [{ lamp_no: 1 }] }, ['lamp_report.place', 'lamp_report.tags']);
    model.set('lamp_report.place.street', 'High Street');
    expect(marks(model)).toEqual(['lamp_report.tags']);
    model.set('lamp_report.tags', ['WARM']);
    expect(marks(model)).toEqual([]);
  });
});

describe('needs', () => {
  test('what a choice made pointless is set aside and comes back with the choice', () => {
    const model = form({ lamps: [{ lamp_no: 1, state: 'BROKEN', cause: 'storm' }] });
    model.mark(`${LAMP}.broken_on`, true);
    model.set(`${LAMP}.state`, 'LIT');
    expect(model.get(LAMP)).toEqual({ lamp_no: 1, state: 'LIT' });
    expect(marks(model)).toEqual([]);
    model.set(`${LAMP}.state`, 'BROKEN');
    expect(model.get(`${LAMP}.cause`)).toBe('storm');
    expect(marks(model)).toEqual([`${LAMP}.broken_on`]);
  });

  test('what was typed meanwhile is not overwritten', () => {
    const model = form({ lamps: [{ lamp_no: 1, state: 'BROKEN', cause: 'storm' }] });
    model.set(`${LAMP}.state`, 'LIT');
    model.set(`${LAMP}.cause`, 'new');
    model.set(`${LAMP}.state`, 'BROKEN');
    expect(model.get(`${LAMP}.cause`)).toBe('new');
  });

  test('a lifted need keeps values, but not marks', () => {
    const model = form({ lamps: [{ lamp_no: 1, state: 'BROKEN', cause: 'storm' }] });
    model.mark(`${LAMP}.broken_on`, true);
    model.set(`${LAMP}.detail`, 'KEPT_BACK');
    expect(model.get(`${LAMP}.cause`)).toBe('storm');
    expect(marks(model)).toEqual([]);
    model.set(`${LAMP}.detail`, 'FULL');
    expect(marks(model)).toEqual([`${LAMP}.broken_on`]);
  });

  test('a forbidden field leaves the record with its code', () => {
    const model = form({ lamps: [{ lamp_no: 1, detail: 'KEPT_BACK', secret_reason: 'no' }] });
    model.set(`${LAMP}.detail`, 'FULL');
    expect(model.get(`${LAMP}.secret_reason`)).toBeUndefined();
    model.set(`${LAMP}.detail`, 'KEPT_BACK');
    expect(model.get(`${LAMP}.secret_reason`)).toBe('no');
  });
});

describe('lists', () => {
  const three = () =>
    form(
      { lamps: ['a', 'b', 'c'].map((cause, i) => ({ lamp_no: i + 1, cause })) },
      ['lamp_report.lamps[2].maker'],
    );
  const causes = (model: FormModel) =>
    model.entries('lamp_report.lamps').map((each) => (each as Json).cause);

  test('an entry that is taken out comes back with its marks at its place', () => {
    const model = three();
    model.mark('lamp_report.lamps[1].maker', true);
    const removed = model.remove('lamp_report.lamps', 1);
    expect(causes(model)).toEqual(['a', 'c']);
    expect(marks(model)).toEqual(['lamp_report.lamps[1].maker']);
    model.restore(removed);
    expect(causes(model)).toEqual(['a', 'b', 'c']);
    expect([...(marks(model) as string[])].sort()).toEqual([
      'lamp_report.lamps[1].maker',
      'lamp_report.lamps[2].maker',
    ]);
  });

  test('entries move with marks and with what was set aside; numbers follow', () => {
    const model = three();
    model.set('lamp_report.lamps[2].state', 'BROKEN');
    model.set('lamp_report.lamps[2].state', 'LIT');
    model.move('lamp_report.lamps', 2, 0);
    expect(causes(model)).toEqual([undefined, 'a', 'b']);
    expect(marks(model)).toEqual(['lamp_report.lamps[0].maker']);
    model.set('lamp_report.lamps[0].state', 'BROKEN');
    expect(causes(model)).toEqual(['c', 'a', 'b']);
    expect(model.entries('lamp_report.lamps').map((each) => (each as Json).lamp_no)).toEqual([
      1, 2, 3,
    ]);
  });

  test('a copy stands behind its original, with its marks and a number of its own', () => {
    const model = form({ lamps: [{ lamp_no: 1, state: 'LIT' }] }, [`${LAMP}.maker`]);
    model.copy('lamp_report.lamps', 0);
    expect(model.entries('lamp_report.lamps')).toEqual([
      { lamp_no: 1, state: 'LIT' },
      { lamp_no: 2, state: 'LIT' },
    ]);
    expect(marks(model)).toEqual([`${LAMP}.maker`, 'lamp_report.lamps[1].maker']);
    model.set('lamp_report.lamps[1].state', 'GONE');
    expect(model.get(`${LAMP}.state`)).toBe('LIT');
  });

  test('a new entry gets the next number', () => {
    const model = form({ lamps: [{ lamp_no: 7 }] });
    const other = new FormModel(MADE_UP, KNOWN, model.state());
    other.add('lamp_report.lamps', {});
    expect(other.entries('lamp_report.lamps')).toEqual([{ lamp_no: 7 }, { lamp_no: 8 }]);
  });

  test('what one entry says can be said in those that are empty, and taken back', () => {
    const model = form({
      lamps: [
        { lamp_no: 1, state: 'GONE', cause: 'theft', detail: 'FULL' },
        { lamp_no: 2, detail: 'FULL' },
        { lamp_no: 3, state: 'LIT' },
        { lamp_no: 4 },
      ],
    });
    model.mark(`${LAMP}.maker`, true);
    const before = model.state();
    expect(model.like_empty('lamp_report.lamps', 0)).toEqual([1, 3]);
    const undo = model.spread('lamp_report.lamps', 0);
    const said = { state: 'GONE', cause: 'theft', detail: 'FULL' };
    expect(model.entries('lamp_report.lamps')).toEqual([
      { lamp_no: 1, ...said },
      { lamp_no: 2, ...said },
      { lamp_no: 3, state: 'LIT' },
      { lamp_no: 4, ...said },
    ]);
    expect(marks(model)).toEqual([0, 1, 3].map((i) => `lamp_report.lamps[${i}].maker`));
    expect(model.like_empty('lamp_report.lamps', 0)).toEqual([]);
    undo();
    expect(model.state()).toEqual(before);
  });

  test('moving beyond the ends changes nothing', () => {
    const model = three();
    model.move('lamp_report.lamps', 0, -1);
    model.move('lamp_report.lamps', 2, 3);
    expect(causes(model)).toEqual(['a', 'b', 'c']);
  });
});

describe('what is shown', () => {
  test('gaps are shown once somebody was there, mistakes at once', () => {
    const model = form({ ref: '0123456789abc' });
    const at = (path: string) => model.shown_at(path).map((each) => each.rule);
    expect(at('lamp_report.ref')).toEqual(['TOO_LONG']);
    expect(at('header.subject')).toEqual([]);
    model.touch('header.subject');
    expect(at('header.subject')).toEqual(['REQUIRED']);
    expect(at('lamp_report.tags')).toEqual([]);
    model.touch_all();
    expect(at('lamp_report.tags')).toEqual(['PROMPTED']);
  });

  test('personal data sets its flags, and taking it away leaves them to the officer', () => {
    const model = form({ lamps: [{ lamp_no: 1 }] });
    expect(model.get('header.label.personal_data')).toBeUndefined();
    model.set(`${LAMP}.owner`, 'somebody');
    expect(model.get('header.label.personal_data')).toBe(true);
    model.set(`${LAMP}.owner`, '');
    expect(model.get('header.label.personal_data')).toBe(true);
  });

  test('the state can be kept and taken up again', () => {
    const model = form({ lamps: [{ lamp_no: 1, state: 'BROKEN', cause: 'storm' }] });
    model.set(`${LAMP}.state`, 'LIT');
    const kept = JSON.parse(JSON.stringify(model.state()));
    const again = new FormModel(MADE_UP, KNOWN, kept);
    again.set(`${LAMP}.state`, 'BROKEN');
    expect(get_at(again.sent, `${LAMP}.cause`)).toBe('storm');
  });
});

test('what may become right as one types is shown once the field is left', () => {
  const model = form({ lamps: [{ lamp_no: 1, broken_on: '20', watts: 501 }] });
  const at = (path: string) => model.shown_at(path).map((each) => each.rule);
  expect(at(`${LAMP}.broken_on`)).toEqual([]);
  expect(at(`${LAMP}.watts`)).toEqual(['RANGE']);
  model.touch(`${LAMP}.broken_on`);
  expect(at(`${LAMP}.broken_on`)).toEqual(['FORMAT_DATE']);
});
