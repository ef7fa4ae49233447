// The markings of a weapon, as the drawing wants them: in the reader's words.
import { code_label, t } from '../../i18n';
import type { Schema } from '../../forms/schema';
import { is_object, type Json } from '../../forms/values';
import { sentence } from '../../forms/words.svelte';
import { reading_of } from '../../pictures/mark_places';
import type { MarkRow } from '../../pictures/mark_rows';

const text = (mark: Json, name: string): string => (typeof mark[name] === 'string' ? mark[name] : '');

function words(mark: Json, field: string, list: string): string {
  const code = text(mark, field);
  return code ? code_label(list, code) : '';
}

export function mark_rows(schema: Schema, item: Json): MarkRow[] {
  const marks = Array.isArray(item['markings']) ? item['markings'].filter(is_object) : [];
  const labelled = (mark: Json, field: string, list: string, none: string): string => {
    const said = text(mark, field) === none ? '' : words(mark, field, list);
    return said && t('case.labelled', { label: sentence(schema.field('Marking', field)?.label ?? field), value: said });
  };
  return marks.map((mark, i) => ({
    no: i + 1,
    part: text(mark, 'location_part'),
    side: text(mark, 'side'),
    reading: reading_of(mark),
    kind: sentence(words(mark, 'kind', 'marking_kind')),
    text: text(mark, 'text_raw'),
    symbol: words(mark, 'symbol', 'symbol'),
    symbol_text: text(mark, 'symbol_text'),
    where: [words(mark, 'location_part', 'location_part'), words(mark, 'side', 'side')].filter(Boolean).join(' · '),
    details: [
      labelled(mark, 'condition', 'marking_condition', ''),
      labelled(mark, 'recovery_method', 'recovery_method', 'NONE'),
      labelled(mark, 'method', 'marking_method', 'UNKNOWN'),
      labelled(mark, 'authentic', 'authentic', 'YES'),
      typeof mark['confidence'] === 'number' ? t('case.item.sure', { percent: mark['confidence'] }) : '',
    ].filter(Boolean),
  }));
}
