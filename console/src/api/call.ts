// The one way to the node: call('trace_show', { case_number: 'T-3' }). The fields are those of the
// operation's request; the ones that the address names go there, the rest into the query (GET) or the
// body (POST).
import { OPERATIONS, type Op } from './generated/operations';
import type { Problem } from './generated/types';
import { ApiError } from './problem';

export type OperationName = keyof typeof OPERATIONS;
type RequestOf<N extends OperationName> = (typeof OPERATIONS)[N] extends Op<infer R, unknown> ? R : never;
type ResponseOf<N extends OperationName> = (typeof OPERATIONS)[N] extends Op<unknown, infer R> ? R : never;
type Fields<T> = T extends (infer E)[] ? Fields<E>[] : T extends object ? { [K in keyof T]?: Fields<T[K]> } : T;

export interface CallOptions {
  signal?: AbortSignal;
  /** Nobody asked: it does not keep the session from ending for want of use. */
  by_itself?: boolean;
}

let nobody_asks = false;
// Of questions that are put later, for nobody.
const for_nobody = new WeakSet<AbortSignal>();

/** What is called in `run`, before it waits for anything, is asked by the page itself: something changed. */
export function by_itself<T>(run: () => T): T {
  nobody_asks = true;
  try {
    return run();
  } finally {
    nobody_asks = false;
  }
}

/** Whether that holds where this is called: for a question that waits for its turn. */
export const is_by_itself = (): boolean => nobody_asks;
/** Every call with this signal is asked by the page itself. */
export const mark_by_itself = (signal: AbortSignal): void => void for_nobody.add(signal);

const TIMEOUT_MS = 60_000;

/** Told of every 401; and asked when an act wants the person to say again who they are: true = try again. */
export const hooks: { signed_out: () => void; confirm: (error: ApiError) => Promise<boolean> } = {
  signed_out: () => undefined,
  confirm: () => Promise.resolve(false),
};

/** Throws ApiError. */
export async function call<N extends OperationName>(
  name: N, fields: Fields<RequestOf<N>> = {} as Fields<RequestOf<N>>, options: CallOptions = {},
): Promise<ResponseOf<N>> {
  try {
    return await send<ResponseOf<N>>(name, fields as Record<string, unknown>, options);
  } catch (error) {
    if (error instanceof ApiError && error.status === 401 && name !== 'session_open') hooks.signed_out();
    if (!(error instanceof ApiError) || error.code !== 'CONFIRM' || name === 'session_confirm') throw error;
    if (!(await hooks.confirm(error))) throw error;
    return await send<ResponseOf<N>>(name, fields as Record<string, unknown>, options);
  }
}

/** Address, and what is left for the query or the body. */
export function address(pattern: string, fields: Record<string, unknown>): [string, [string, unknown][]] {
  const rest = new Map(Object.entries(fields));
  const path = pattern.replace(/\{(\w+)\}/g, (_, field: string) => {
    const value = rest.get(field);
    rest.delete(field);
    if (value === undefined || value === '') throw new ApiError(0, { code: 'CONSOLE', detail: `no ${field}` });
    return encodeURIComponent(String(value));
  });
  return [path, [...rest].filter(([, value]) => value !== undefined)];
}

async function send<R>(name: OperationName, fields: Record<string, unknown>, options: CallOptions): Promise<R> {
  const { method, path } = OPERATIONS[name];
  const [target, rest] = address(path, fields);
  const nobody = options.by_itself || nobody_asks || (options.signal !== undefined && for_nobody.has(options.signal));
  const init: RequestInit = {
    method, credentials: 'same-origin', cache: 'no-store', redirect: 'error',
    headers: { 'X-Focal': nobody ? 'by-itself' : '1', Accept: 'application/json' },
    signal: AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), ...(options.signal ? [options.signal] : [])]),
  };
  let query = '';
  if (method === 'GET') {
    const asked = new URLSearchParams();
    for (const [field, value] of rest)
      if (Array.isArray(value)) for (const one of value) asked.append(field, String(one));
      else if (value !== '' && value !== false) asked.append(field, String(value));
    query = asked.size > 0 ? `?${asked}` : '';
  } else {
    init.body = JSON.stringify(Object.fromEntries(rest));
    (init.headers as Record<string, string>)['Content-Type'] = 'application/json';
  }
  return read<R>(await answer(target + query, init, options));
}

async function answer(target: string, init: RequestInit, options: CallOptions): Promise<Response> {
  try {
    return await fetch(target, init);
  } catch (error) {
    if (options.signal?.aborted) throw error; // whoever asked does not want it any more
    const slow = error instanceof DOMException && error.name === 'TimeoutError';
    throw new ApiError(0, { code: slow ? 'TIMEOUT' : 'NO_ANSWER', detail: String(error) });
  }
}

async function read<R>(response: Response): Promise<R> {
  const text = await response.text();
  let body: unknown;
  try {
    body = text === '' ? {} : JSON.parse(text);
  } catch {
    throw new ApiError(response.status, { code: 'NOT_JSON', detail: text.slice(0, 200) });
  }
  const is_problem = response.headers.get('Content-Type')?.startsWith('application/problem+json') ?? false;
  if (response.ok && !is_problem) return body as R;
  throw new ApiError(response.status, body as Partial<Problem>);
}
