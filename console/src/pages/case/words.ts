// How a case, its acts and its records are called, in the reader's language. What the catalogue does
// not know yet is said in the node's English words.
import type { TimelineEntry, TraceCase } from '../../api';
import { code_label, country_label, t, t_or } from '../../i18n';
import type { Schema } from '../../forms/schema';
import { sentence } from '../../forms/words.svelte';
import { place_of, type AskSubject } from './ask_paths';

export function state_words(role: string, state: string, fallback: string): string {
  const list = role === 'REQUESTER' ? 'trace_requester_state' : 'trace_responder_state';
  return sentence(code_label(list, state, fallback));
}

/** "Spain" */
export function party_short(party: string, fallback = ''): string {
  const name = country_label(party);
  return name === party ? fallback || party : name;
}

export function turn_words(trace: TraceCase): string {
  if (trace.turn === 'OURS') return t('case.turn.ours');
  if (trace.turn === 'THEIRS') return t('case.turn.theirs', { party: party_short(trace.party, trace.party_name) });
  return t('case.turn.nobody');
}

export const flag_words = (flag: string): string => t_or(`case.flag.${flag}`, flag);

/** Words of a button. */
export const act_words = (act: string, fallback: string): string => t_or(`case.act.${act}`, fallback);

export function kind_words(schema: Schema, kind: string, fallback: string): string {
  return sentence(schema.kind(kind)?.label ?? (fallback || kind));
}

/** "Weapon 1: serial number, as seen": what a question is about. */
export function place_words(schema: Schema, subjects: readonly AskSubject[], path: string): string {
  const { subject, field } = place_of(schema, subjects, path);
  return subject ? t('case.labelled', { label: subject, value: field }) : sentence(field);
}

/** Why a record has no effect; empty: it has. */
export function effect_words(entry: TimelineEntry): string {
  if (entry.effect === 'TAKES_EFFECT') return '';
  return t_or(`case.effect.${entry.effect}`, entry.effect_text || entry.effect);
}
