// Acts that are written as a whole record, and what sends them. An act of a later kind is a line here.
import type { OperationName } from '../../api';

export interface Act {
  act: string; // as NextAct.act; 'open' begins a case
  kind: string;
  operation: OperationName;
}

const ACTS: readonly Act[] = [
  { act: 'open', kind: 'trace.request', operation: 'trace_open' },
  { act: 'ack', kind: 'trace.ack', operation: 'trace_ack' },
  { act: 'ask', kind: 'trace.info_request', operation: 'trace_ask' },
  { act: 'supply', kind: 'trace.info_supply', operation: 'trace_supply' },
  { act: 'delay', kind: 'trace.delay', operation: 'trace_delay' },
  { act: 'interim', kind: 'trace.interim', operation: 'trace_interim' },
  { act: 'answer', kind: 'trace.response', operation: 'trace_answer' },
  { act: 'refuse', kind: 'trace.refusal', operation: 'trace_refuse' },
  { act: 'clarify', kind: 'trace.clarify', operation: 'trace_clarify' },
  { act: 'reply', kind: 'trace.clarify_reply', operation: 'trace_reply' },
  { act: 'correct', kind: 'trace.correction', operation: 'trace_correct' },
  { act: 'withdraw', kind: 'trace.withdraw', operation: 'trace_withdraw' },
  { act: 'close', kind: 'trace.close', operation: 'trace_close' },
  { act: 'reopen', kind: 'trace.reopen', operation: 'trace_reopen' },
];

export function act_named(act: string): Act | undefined {
  return ACTS.find((each) => each.act === act);
}
