// From an address to a form: /compose, /compose?list=1, /compose?act=answer&case=T-3, /compose?follow=T-3&to=XC,
// /compose?draft=D-7.
import { call, type TraceFollowResponse, type TraceShowResponse } from '../../api';
import { lang, now, t } from '../../i18n';
import { session } from '../../app/session.svelte';
import { in_memory, type DraftAbout } from '../../forms/drafts.svelte';
import type { FormState } from '../../forms/model.svelte';
import type { Schema, SchemaKind } from '../../forms/schema';
import { is_object, type Json } from '../../forms/values';
import { sentence } from '../../forms/words.svelte';
import { act_named, type Act } from './acts';
import { act_record, new_record, type Who } from './start';

export interface Opening {
  act: Act | undefined; // undefined: a kind that no act here sends
  kind: SchemaKind;
  state: FormState;
  to: string; // '' = not chosen yet
  shown: TraceShowResponse | undefined; // of an act in a case
  follow: TraceFollowResponse | undefined;
  draft_id: string;
  list: boolean; // the weapons come from a seizure list, and the form has none
  unkept: boolean; // it comes from this window's memory: the node does not have it yet
}

// What stops a form from opening; its words are compose.cannot.<code>.
export type Cannot = 'NO_ACT' | 'NO_KIND' | 'NOT_ALLOWED' | 'NOT_NOW' | 'DRAFT_UNREADABLE';
export class CannotOpen extends Error {
  constructor(readonly code: Cannot) {
    super(code);
  }
}

export function us(): Who {
  return {
    party: session.current?.party ?? '',
    lang: lang.current,
    today: new Date(now.ms).toISOString().slice(0, 10),
  };
}

/** Under which a form of this address is found again in this window. */
export function form_key(query: URLSearchParams): string {
  return ['act', 'case', 'follow', 'to', 'kind', 'items', 'list'].map((name) => query.get(name) ?? '').join(' ');
}

/** Rejects with CannotOpen or ApiError. */
export async function open_form(query: URLSearchParams, schema: Schema): Promise<Opening> {
  const left = in_memory(form_key(query));
  if (left) return { ...(await from_draft(left.about, left.id, schema)), unkept: !left.kept };
  const draft_id = query.get('draft');
  if (draft_id) {
    const { draft } = await call('draft_show', { id: draft_id });
    if (!draft) throw new CannotOpen('DRAFT_UNREADABLE');
    return from_draft({ ...draft, content: draft.content ?? {} }, draft_id, schema);
  }
  const follow = query.get('follow');
  if (follow) return from_follow(follow, query, schema);
  const case_number = query.get('case');
  if (case_number) return from_case(query.get('act') ?? '', case_number, schema);
  return query.get('list') ? fresh_list(schema) : fresh(query.get('kind') ?? 'trace.request', schema);
}

function kind_named(name: string, schema: Schema): SchemaKind {
  const kind = schema.kind(name);
  if (!kind) throw new CannotOpen('NO_KIND');
  return kind;
}

function allowed(act: Act | undefined): Act | undefined {
  if (act && !session.may(act.operation)) throw new CannotOpen('NOT_ALLOWED');
  return act;
}

function fresh(name: string, schema: Schema): Opening {
  const kind = kind_named(name, schema);
  const act = allowed(kind.name === 'trace.request' ? act_named('open') : undefined);
  const state = { record: new_record(kind, us()), aside: {} };
  return { act, kind, state, to: '', shown: undefined, follow: undefined, draft_id: '', list: false, unkept: false };
}

function fresh_list(schema: Schema): Opening {
  if (!session.may('trace_import')) throw new CannotOpen('NOT_ALLOWED');
  const opening = fresh('trace.request', schema);
  const { items: _, ...body } = opening.state.record.trace_request as Json;
  return { ...opening, list: true, state: { record: { ...opening.state.record, trace_request: body }, aside: {} } };
}

async function from_case(word: string, case_number: string, schema: Schema): Promise<Opening> {
  const act = allowed(act_named(word));
  if (!act || act.act === 'open') throw new CannotOpen('NO_ACT');
  const kind = kind_named(act.kind, schema);
  const shown = await call('trace_show', { case_number, with_records: true });
  if (!shown.next_acts.some((next) => next.act === act.act)) throw new CannotOpen('NOT_NOW');
  const their_or_our = shown.trace?.role === 'REQUESTER' ? shown.trace.our_ref : (shown.trace?.their_ref ?? '');
  const subject = t('compose.subject', { what: sentence(kind.label), reference: their_or_our });
  const record = act_record({ schema, kind, shown, who: us(), subject });
  return {
    act, kind, shown, state: { record, aside: {} }, to: shown.trace?.party ?? '', follow: undefined, draft_id: '', list: false,
    unkept: false,
  };
}

async function from_follow(case_number: string, query: URLSearchParams, schema: Schema): Promise<Opening> {
  const act = allowed(act_named('open'));
  const kind = kind_named('trace.request', schema);
  const items = (query.get('items') ?? '').split(',').map(Number).filter((each) => each > 0);
  const follow = await call('trace_follow', { case_number, to: query.get('to') ?? '', items });
  const state = { record: (follow.record ?? {}) as Json, aside: {} };
  return { act, kind, state, to: follow.to, shown: undefined, follow, draft_id: '', list: false, unkept: false };
}

// ---- drafts

const LIST = 'import'; // in the place of an act

export function draft_content(opening: Opening, state: FormState, to: string): Record<string, unknown> {
  return { v: 1, act: opening.list ? LIST : (opening.act?.act ?? ''), to, ...state };
}

async function from_draft(about: DraftAbout, id: string, schema: Schema): Promise<Opening> {
  const content = about.content as Json;
  const record = content.record;
  if (!is_object(record)) throw new CannotOpen('DRAFT_UNREADABLE');
  const kind = kind_named(about.kind, schema);
  const list = content.act === LIST;
  const act = allowed(act_named(list ? 'open' : String(content.act ?? '')));
  const shown = about.case_number
    ? await call('trace_show', { case_number: about.case_number, with_records: true })
    : undefined;
  const aside = is_object(content.aside) ? (content.aside as unknown as FormState['aside']) : {};
  return {
    act, kind, shown, state: { record, aside }, to: String(content.to ?? ''), follow: undefined, draft_id: id, list,
    unkept: false,
  };
}
