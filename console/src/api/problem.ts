// What a call that failed tells: the node's Problem (RFC 9457), or what stood between.
import type { Problem } from './generated/types';

export class ApiError extends Error {
  readonly status: number; // 0: no answer came
  readonly code: string; // NOT_FOUND, …; NO_ANSWER, NOT_JSON: made here
  readonly title: string;
  readonly detail: string; // English, one sentence
  readonly hint: string;
  readonly path: string; // field of the request
  readonly id: string; // also in the node's log

  constructor(status: number, problem: Partial<Problem>) {
    super(problem.detail || problem.title || problem.code || 'error');
    this.status = status;
    this.code = problem.code ?? '';
    this.title = problem.title ?? '';
    this.detail = problem.detail ?? '';
    this.hint = problem.hint ?? '';
    this.path = problem.path ?? '';
    this.id = problem.id ?? '';
  }

  /** Not a failure: the act is stored and waits for a second officer (its R-… stands in detail). */
  get awaits_release(): boolean {
    return this.code === 'AWAITS_RELEASE';
  }
  /** Trying again later may help. */
  get passing(): boolean {
    return this.status === 0 || this.status === 503;
  }
}

export function as_api_error(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  const detail = error instanceof Error ? error.message : String(error);
  return new ApiError(0, { code: 'CONSOLE', detail });
}
