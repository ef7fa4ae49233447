// How the forms of tracing are laid out. It arranges and explains; what there is to fill in is the
// schema's. A kind that is not named here gets the plain layout.
import { t, t_or } from '../../i18n';
import { fields_in_order, plain_layout, type Layout, type MessageLayout, type Section } from '../../forms/layout';
import { join } from '../../forms/path';
import type { Schema, SchemaKind } from '../../forms/schema';

const LABEL: MessageLayout = {
  order: ['tlp', 'h_codes', 'h3_text', 'onward', 'onward_named', 'use', 'purposes', 'named_recipients', 'retain_until', 'personal_data', 'source_grade', 'info_grade'],
};

const WEAPON: MessageLayout = {
  order: [
    'category', 'type', 'make', 'model', 'calibre_raw', 'serial_raw', 'serial_confidence', 'serial_alternatives',
    'country_of_manufacture', 'country_of_import', 'action', 'craft_or_modified', 'markings',
  ],
  promote: ['serial_alternatives'],
  omit: ['item_no'],
};

export const MESSAGES: Record<string, MessageLayout> = {
  Header: { order: ['subject', 'priority', 'answer_by_ms', 'language', 'from_desk', 'to_desk'], omit: ['supersedes', 'label'] },
  Label: LABEL,
  WeaponItem: WEAPON,
  ItemResult: { order: ['result', 'completeness', 'ground', 'reason_text', 'withheld'], promote: ['supply_chain'], omit: ['item_no'] },
  SupplyStep: { omit: ['seq'] },
  AmendedItem: { omit: ['version'] },
};

const FINAL = ['trace.response', 'trace.correction', 'trace.clarify_reply'];

// Fields that need a word of help, as Message.field of the schema.
export const HELP = [
  'TraceRequest.legal_justification', 'TraceRequest.intended_use_text', 'TraceRequest.evidence_use_requested',
  'TraceRequest.intended_recipients', 'TraceRequest.questions', 'TraceRequest.case_ref_requester',
  'WeaponItem.make', 'WeaponItem.calibre_raw', 'WeaponItem.serial_raw', 'WeaponItem.serial_alternatives',
  'WeaponItem.country_of_import', 'WeaponItem.markings', 'WeaponItem.craft_or_modified', 'Marking.text_raw',
  'Circumstances.narrative', 'Circumstances.persons', 'Person.pseudonym', 'PriorSearches.domestic_register',
  'ItemResult.completeness', 'ItemResult.reason_text', 'ItemResult.withheld', 'ItemResult.supply_chain', 'ItemResult.holder',
  'ItemResult.suggested_next', 'TraceResponse.case_ref_requested', 'TraceInterim.case_ref_requested',
  'TraceCorrection.reason_text', 'TraceInfoSupply.amended', 'Header.subject', 'Header.answer_by_ms',
  'Label.retain_until', 'Label.named_recipients', 'Label.source_grade', 'Label.info_grade', 'Label.personal_data',
] as const;

function help_texts(): Record<string, string> {
  return Object.fromEntries(HELP.map((key) => [key, t_or(`compose.help.${key}`, '')]));
}

const PERSONAL = ['header.label.personal_data', 'trace_request.personal_data_included'];

export interface LayoutFor {
  schema: Schema;
  kind: SchemaKind;
  /** The weapons come from a seizure list: no section of theirs. */
  list?: boolean;
  titles: Pick<Layout, 'title' | 'choices'>;
}

export function layout_for({ schema, kind, list = false, titles }: LayoutFor): Layout {
  const items = join(kind.field, 'items');
  const sections = SECTIONS[kind.name]?.(schema, kind.field) ?? plain(schema, kind);
  return {
    sections: list ? sections.filter((section) => !section.fields.includes(items)) : sections,
    messages: { ...MESSAGES, [kind.message]: { omit: [...omitted(kind), ...(list ? ['items'] : [])], promote: ['priority_reason'] } },
    lists: LISTS(),
    help: help_texts(),
    not_offered: FINAL.includes(kind.name) ? { 'ItemResult.completeness': ['INTERIM'] } : {},
    notes: (list, code) => t_or(`compose.note.${list}.${code}`, ''),
    options: { numbered: ['TraceRequest.items', 'ItemResult.supply_chain'], personal_flags: PERSONAL },
    ...titles,
  };
}

// The requester's reference of a case stands in it already; a request gets the responder's later.
function omitted(kind: SchemaKind): string[] {
  if (kind.name === 'trace.request') return ['case_ref_requested'];
  if (!kind.name.startsWith('trace.')) return [];
  const responder = ['trace.response', 'trace.interim', 'trace.ack', 'trace.refusal'];
  return responder.includes(kind.name) ? ['case_ref_requester'] : ['case_ref_requester', 'case_ref_requested'];
}

const LISTS = (): NonNullable<Layout['lists']> => ({
  'TraceRequest.items': { start: () => ({ category: 'SMALL_ARM' }), add: t('compose.add.weapon') },
  'TraceResponse.results': { fixed: true },
  'TraceInterim.results': { keep_set: true },
  'TraceCorrection.results': { keep_set: true },
  'TraceClarifyReply.results': { keep_set: true },
  'TraceInfoSupply.amended': { keep_set: true },
});

type Sections = (schema: Schema, field: string) => Section[];

function inside(schema: Schema, path: string): string[] {
  const type = schema.message(schema.at(path)?.field.message ?? '');
  return type ? fields_in_order(type, MESSAGES[type.name]).map((field) => join(path, field.name)) : [];
}

function handling(schema: Schema, reply: boolean): Section {
  return {
    id: 'handling',
    folded: reply,
    title: t('compose.section.handling'),
    intro: t(reply ? 'compose.section.handling.reply' : 'compose.section.handling.intro'),
    fields: inside(schema, 'header.label'),
  };
}

function formal(schema: Schema, first: string[], last: string[] = [], folded = true): Section {
  return {
    id: 'formal',
    folded,
    title: t('compose.section.formal'),
    fields: [...first, ...inside(schema, 'header'), ...last],
  };
}

const request: Sections = (schema, field) => {
  const at = (...names: string[]) => names.map((name) => join(field, name));
  return [
    { id: 'weapons', title: t('compose.section.weapons'), intro: t('compose.section.weapons.intro'), fields: at('items') },
    { id: 'found', title: t('compose.section.found'), fields: inside(schema, join(field, 'circumstances')) },
    {
      id: 'why',
      title: t('compose.section.why'),
      fields: at('illicit_grounds', 'legal_justification', 'offence_types', 'proceedings_stage', 'related_unsc_resolution'),
    },
    {
      id: 'ask',
      title: t('compose.section.ask'),
      fields: at('questions', 'intended_use', 'intended_use_text', 'evidence_use_requested', 'intended_recipients', 'confidentiality_guarantee', 'personal_data_included'),
    },
    { id: 'searches', title: t('compose.section.searches'), fields: inside(schema, join(field, 'prior_searches')) },
    handling(schema, false),
    formal(schema, at('case_ref_requester'), at('priority_reason'), false),
  ];
};

const answer: Sections = (schema, field) => {
  const at = (...names: string[]) => names.map((name) => join(field, name));
  return [
    { id: 'results', title: t('compose.section.results'), intro: t('compose.section.results.intro'), fields: at('results') },
    { id: 'about', title: t('compose.section.about'), fields: at('case_ref_requested', 'expected_by', 'searches_done', 'note').filter((path) => schema.at(path)) },
    handling(schema, true),
    formal(schema, []),
  ];
};

const correction: Sections = (schema, field) => [
  { id: 'reason', title: t('compose.section.reason'), fields: [join(field, 'reason_text')] },
  { id: 'results', title: t('compose.section.results'), intro: t('compose.section.results.correct'), fields: [join(field, 'results')] },
  handling(schema, true),
  formal(schema, []),
];

const supply: Sections = (schema, field) => [
  { id: 'answers', title: t('compose.section.answers'), intro: t('compose.section.answers.intro'), fields: [join(field, 'answers')] },
  { id: 'amended', title: t('compose.section.amended'), intro: t('compose.section.amended.intro'), fields: [join(field, 'amended')] },
  handling(schema, true),
  formal(schema, []),
];

// Of any other kind: what it says as its schema has it, then handling and formal details.
function plain(schema: Schema, kind: SchemaKind): Section[] {
  const layout = plain_layout(schema, kind, { content: kind.label, header: '' });
  const content = layout.sections.filter((section) => section.fields.every((path) => path.startsWith(`${kind.field}.`)));
  return [...content, handling(schema, !kind.case_root), formal(schema, [], [], !kind.case_root)];
}

const SECTIONS: Record<string, Sections> = {
  'trace.request': request,
  'trace.response': answer,
  'trace.interim': answer,
  'trace.correction': correction,
  'trace.info_supply': supply,
};
