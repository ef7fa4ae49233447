// What the forms of tracing call their entries, and what can be chosen where the schema has no list:
// parties, languages, fields of the request.
import type { Layout } from '../../forms/layout';
import type { FormModel } from '../../forms/model.svelte';
import { entry } from '../../forms/path';
import type { Schema } from '../../forms/schema';
import type { Choice } from '../../forms/search';
import { is_object, type Value } from '../../forms/values';
import { language_words, sentence } from '../../forms/words.svelte';
import { code_label, codes_of, mark_text, t } from '../../i18n';
import { ask_subjects, asked_fields } from '../case/ask_paths';
import { asked_last, request_record, words_of_item } from '../case/standing';
import type { Opening } from './opening';
import { known_parties } from './peers.svelte';

const LANGUAGES = ['en', 'fr', 'es', 'ru', 'zh', 'ar', 'pt', 'de', 'it', 'tr', 'fa', 'sw', 'uk', 'sr', 'hi', 'id'];

type Words = Pick<Layout, 'title' | 'choices'>;

export function form_words(opening: Opening, schema: Schema, model: () => FormModel): Words {
  return {
    title: (path, index) => title(opening, path, model().get(entry(path, index))),
    choices: (field) => choices(opening, schema, field),
  };
}

function title(opening: Opening, path: string, value: Value | undefined): string | undefined {
  if (!is_object(value)) return undefined;
  if (path === 'trace_request.items') return t('compose.title.weapon', { number: Number(value.item_no ?? 0) });
  if (path.endsWith('.results')) return weapon_words(opening, Number(value.item_no ?? 0));
  if (path.endsWith('.amended')) {
    const item = is_object(value.item) ? Number(value.item.item_no ?? 0) : 0;
    return t('compose.title.amended', { weapon: weapon_words(opening, item) });
  }
  if (path !== 'trace_info_supply.answers') return undefined;
  const asked = asked_last(opening.shown?.timeline ?? []).find((each) => each.path === value.path);
  return asked ? t('compose.title.question', { question: mark_text(asked.question).text }) : undefined;
}

/** "Weapon 2: State Factory 66, Type K · 5??8841" */
export function weapon_words(opening: Opening, item_no: number): string {
  const item = opening.shown?.items.find((each) => each.item_no === item_no);
  const number = t('compose.title.weapon', { number: item_no });
  // Of another party: nothing in it may be invisible, wherever it is shown.
  const said = item && words_of_item(opening.shown?.timeline ?? [], item, (code) => code_label('weapon_type', code));
  const words = [said, item?.serial].filter((each) => each).map((each) => mark_text(each!).text).join(' · ');
  return words ? t('compose.title.weapon.words', { weapon: number, words }) : number;
}

function choices(opening: Opening, schema: Schema, field: string): { list: Choice[]; free: boolean } | undefined {
  switch (field) {
    case 'Label.named_recipients':
    case 'Label.onward_named':
      return { list: [...codes_of('agency_role').map(({ code, label }) => ({ code, label })), ...known_parties()], free: true };
    case 'OtherRequest.party':
      return { list: known_parties(), free: true };
    case 'Header.language':
      return { list: languages(), free: true };
    case 'SuppliedAnswer.path':
    case 'MissingField.path':
    case 'ItemResult.missing_fields':
      return { list: paths(opening, schema), free: true };
    default:
      return undefined;
  }
}

function languages(): Choice[] {
  return LANGUAGES.map((code) => ({ code, label: language_words(code) }));
}

// The fields of the request of the case, by weapon and part.
function paths(opening: Opening, schema: Schema): Choice[] {
  const request = request_record(opening.shown?.timeline ?? []);
  if (!request) return [];
  const subjects = ask_subjects(schema, request, (no) => t('compose.title.weapon', { number: no }));
  return subjects.flatMap((subject) => {
    const fields = asked_fields(schema, subject).map((each) => ({
      code: each.path,
      label: `${sentence(subject.label)} › ${sentence(each.label)}`,
    }));
    return subject.whole ? [{ code: subject.path, label: sentence(subject.label) }, ...fields] : fields;
  });
}

