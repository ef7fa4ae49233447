// For tests: a kind that no part of the console was written for, with a field of every sort.
import { Schema, type SchemaField, type SchemaMessage, type SchemaNeed } from './schema';
import type { Known } from './check';

export function field(name: string, more: Partial<SchemaField> = {}): SchemaField {
  return {
    name,
    label: name.replaceAll('_', ' '),
    type: 'TEXT',
    message: '',
    list: false,
    required: false,
    prompted: false,
    code_list: '',
    max_bytes: 0,
    min_chars: 0,
    max_items: 0,
    min: '',
    max: '',
    personal: false,
    attachment: false,
    optional: false,
    suggest: '',
    ...more,
  };
}

export function need(on: string, codes: string[], fields: string[], more: Partial<SchemaNeed> = {}) {
  return {
    field: on,
    codes,
    fields,
    only: false,
    may_be_unknown: false,
    unless_field: '',
    unless_code: '',
    ...more,
  };
}

const code = (list: string) => ({ type: 'CODE', code_list: list });
const message = (name: string) => ({ type: 'MESSAGE', message: name });

const MESSAGES: SchemaMessage[] = [
  {
    name: 'Record',
    fields: [
      field('header', { ...message('Header'), required: true }),
      field('unknown_fields', { list: true, max_items: 4000, max_bytes: 200 }),
      field('lamp_report', message('LampReport')),
      field('lamp_change', message('LampChange')),
    ],
    needs: [],
  },
  {
    name: 'Header',
    fields: [
      field('subject', { required: true, max_bytes: 400 }),
      field('answer_by_ms', { type: 'NUMBER', min: '0', max: '281474976710655' }),
      field('label', message('Label')),
    ],
    needs: [],
  },
  {
    name: 'Label',
    fields: [
      field('tlp', { ...code('tlp'), required: true }),
      field('personal_data', { type: 'BOOL', optional: true, required: true }),
    ],
    needs: [],
  },
  {
    name: 'LampReport',
    fields: [
      field('ref', { required: true, max_bytes: 12 }),
      field('seen', message('Day')),
      field('place', { prompted: true, ...message('Place') }),
      field('lamps', { ...message('Lamp'), list: true, required: true, max_items: 3 }),
      field('tags', { ...code('colour'), list: true, prompted: true }),
      field('remarks', { list: true, max_bytes: 20 }),
      field('sketch', { attachment: true }),
    ],
    needs: [],
  },
  {
    name: 'LampChange',
    fields: [
      field('ref', { required: true, max_bytes: 12 }),
      field('lamps', { ...message('Lamp'), list: true, required: true, max_items: 3 }),
      field('why', { required: true, min_chars: 10 }),
    ],
    needs: [],
  },
  {
    name: 'Day',
    fields: [field('value', { type: 'PARTIAL_DATE', required: true }), field('circa', { type: 'BOOL' })],
    needs: [],
  },
  {
    name: 'Place',
    fields: [field('country', { type: 'COUNTRY', required: true }), field('street')],
    needs: [],
  },
  {
    name: 'Lamp',
    fields: [
      field('lamp_no', { type: 'NUMBER', required: true, min: '1', max: '99' }),
      field('state', { ...code('lamp_state'), required: true }),
      field('detail', { ...code('detail') }),
      field('broken_on', { type: 'DATE' }),
      field('cause', { max_bytes: 40 }),
      field('secret_reason', { max_bytes: 40 }),
      field('owner', { personal: true }),
      field('dimmable', { type: 'BOOL', optional: true }),
      field('watts', { type: 'NUMBER', optional: true, min: '0', max: '500' }),
      field('maker', { prompted: true, suggest: 'MAKE', max_bytes: 80 }),
      field('maker_code', { max_bytes: 40 }),
    ],
    needs: [
      need('state', ['BROKEN'], ['broken_on', 'cause'], {
        may_be_unknown: true,
        unless_field: 'detail',
        unless_code: 'KEPT_BACK',
      }),
      need('detail', ['KEPT_BACK'], ['secret_reason'], { only: true }),
    ],
  },
];

export const MADE_UP = new Schema({
  lang: 'en',
  kinds: [
    {
      name: 'lamp.report',
      label: 'report on street lamps',
      field: 'lamp_report',
      message: 'LampReport',
      life: 'lamps',
      case_root: true,
    },
    {
      name: 'lamp.change',
      label: 'change of a report',
      field: 'lamp_change',
      message: 'LampChange',
      life: 'lamps',
      case_root: false,
    },
  ],
  messages: MESSAGES,
});

const LISTS: Record<string, string[]> = {
  tlp: ['RED', 'GREEN'],
  colour: ['WARM', 'COLD'],
  lamp_state: ['LIT', 'BROKEN', 'GONE'],
  detail: ['FULL', 'KEPT_BACK'],
};

export const KNOWN: Known = {
  has_code: (list, each) => LISTS[list]?.includes(each),
  has_country: (each) => ['FR', 'SUHH'].includes(each),
};
