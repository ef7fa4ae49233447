// Who is in, at which node, and what they may do.
import { call, hooks, type OperationName } from '../api/call';
import type { ApiError } from '../api/problem';
import type { SessionResponse } from '../api/generated/types';
import { now } from '../i18n';

class Session {
  /** undefined: not known yet; null: nobody is in. */
  current = $state.raw<SessionResponse | null>();
  /** Nobody is in any more although somebody was: the page below stays, with what was typed. */
  lost = $state(false);
  /** Why the link that was followed did not open. */
  refused = $state.raw<ApiError>();
  #may = $derived(new Set(this.current?.operations ?? []));

  /** An act that is not allowed is not offered. */
  may(operation: OperationName): boolean {
    return this.#may.has(operation);
  }
  is(role: string): boolean {
    return this.current?.roles.includes(role) ?? false;
  }
  set(answer: SessionResponse): void {
    this.current = answer;
    this.lost = false;
    now.set_node_time(answer.now_at);
  }
  async end(): Promise<void> {
    await call('session_end');
    // Everything of this person leaves the memory of the tab with it.
    location.assign('/');
  }
}
export const session = new Session();

hooks.signed_out = () => {
  if (session.current) session.lost = true;
  else session.current = null;
};
