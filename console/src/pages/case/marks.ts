// The markings of a weapon, as the drawing wants them: in the reader's words.
import { code_label } from '../../i18n';
import { is_object, type Json } from '../../forms/values';
import { sentence } from '../../forms/words.svelte';
import { reading_of } from '../../pictures/mark_places';
import type { MarkRow } from '../../pictures/mark_rows';

const text = (mark: Json, name: string): string => (typeof mark[name] === 'string' ? mark[name] : '');

function words(mark: Json, field: string, list: string): string {
  const code = text(mark, field);
  return code ? code_label(list, code) : '';
}

/** serial: the word for "sure to N %", with the number filled in. */
export function mark_rows(item: Json, sure: (percent: number) => string): MarkRow[] {
  const marks = Array.isArray(item['markings']) ? item['markings'].filter(is_object) : [];
  return marks.map((mark, i) => {
    const recovery = text(mark, 'recovery_method') === 'NONE' ? '' : words(mark, 'recovery_method', 'recovery_method');
    const authentic = text(mark, 'authentic') === 'YES' ? '' : words(mark, 'authentic', 'authentic');
    const confidence = typeof mark['confidence'] === 'number' ? sure(mark['confidence']) : '';
    return {
      no: i + 1,
      part: text(mark, 'location_part'),
      side: text(mark, 'side'),
      reading: reading_of(mark),
      kind: sentence(words(mark, 'kind', 'marking_kind')),
      text: text(mark, 'text_raw'),
      symbol: words(mark, 'symbol', 'symbol'),
      symbol_text: text(mark, 'symbol_text'),
      where: [words(mark, 'location_part', 'location_part'), words(mark, 'side', 'side')].filter(Boolean).join(', '),
      details: [words(mark, 'condition', 'marking_condition'), words(mark, 'method', 'marking_method'), recovery, authentic, confidence]
        .filter(Boolean),
    };
  });
}
