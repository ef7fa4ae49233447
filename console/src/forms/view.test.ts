// Goal: every problem stands at its field once, whoever found it, and in the order of the form.
// Method: the made-up kind, with problems that the node would send.
import { expect, test } from 'vitest';
import { FormModel } from './model.svelte';
import { KNOWN, MADE_UP } from './made_up';
import type { NodeCheck, NodeProblem } from './node_check.svelte';
import { FormView } from './view.svelte';
import type { Json } from './values';

const LAYOUT = {
  sections: [
    { id: 'b', title: 'B', fields: ['header.subject', 'header.label'] },
    { id: 'a', title: 'A', fields: ['lamp_report.ref', 'lamp_report.lamps'] },
  ],
};

function view(lamp_report: Json, current: NodeProblem[] = []): FormView {
  const model = new FormModel(MADE_UP, KNOWN, { record: { header: {}, lamp_report }, aside: {} });
  return new FormView(model, () => LAYOUT, { current } as unknown as NodeCheck);
}
const problem = (rule: string, path: string): NodeProblem => ({ rule, path, text: 'as the node says it', hint: 'a hint' });

test('in the order of the form, with the way to each field', () => {
  const paths = view({ lamps: [{ lamp_no: 1 }] }).troubles().map((each) => each.path);
  expect(paths).toEqual([
    'header.subject',
    'lamp_report.ref',
    'lamp_report.lamps[0].state',
    'lamp_report.lamps[0].maker',
    'lamp_report.place',
    'lamp_report.tags',
  ]);
});

test('the node adds what the form did not find, and repeats nothing', () => {
  const shown = view({ ref: '0123456789abc', lamps: [{ lamp_no: 1, state: 'LIT', watts: 'x' }] }, [
    problem('TOO_LONG', 'lamp_report.ref'),
    problem('REQUIRED', 'header.subject'),
    problem('REQUIRED', 'lamp_report.tags'),
    problem('JSON', 'lamp_report.lamps[0].watts'),
    problem('ITEM_NUMBERS', 'lamp_report.lamps[0]'),
    problem('NEW_RULE', 'lamp_report.ref'),
  ]);
  const at = (path: string) => shown.troubles().filter((each) => each.path === path);
  expect(at('lamp_report.ref')).toHaveLength(2);
  expect(at('header.subject')).toHaveLength(1);
  expect(at('lamp_report.tags')).toHaveLength(1);
  expect(at('lamp_report.lamps[0].watts')).toHaveLength(1);
  expect(at('lamp_report.lamps[0]')).toHaveLength(1);
});

test('a rule that has no words here is told in those of the node', () => {
  const [trouble] = view({}, [problem('NEW_RULE', 'lamp_report.ref')]).troubles_at('lamp_report.ref');
  expect(trouble).toMatchObject({ text: 'as the node says it', hint: 'a hint', lang: 'en' });
});

test('what is missing is not shown before somebody was there, also if the node says it', () => {
  const shown = view({}, [problem('REQUIRED', 'lamp_report.remarks')]);
  expect(shown.troubles_at('lamp_report.remarks')).toEqual([]);
  shown.model.touch('lamp_report.remarks');
  expect(shown.troubles_at('lamp_report.remarks')).toHaveLength(1);
});
