// One clock for every relative time on the screen: it moves twice a minute, and follows the node's
// clock, so that "overdue" here is what the node calls overdue.
class Now {
  ms = $state(Date.now());
  #offset = 0;

  /** now_at of the node, when the answer that told it arrives. */
  set_node_time(now_at: string): void {
    const ms = Date.parse(now_at);
    if (Number.isNaN(ms)) return;
    this.#offset = ms - Date.now();
    this.tick();
  }
  tick(): void {
    this.ms = Date.now() + this.#offset;
  }
}
export const now = new Now();

if (typeof window !== 'undefined') {
  setInterval(() => now.tick(), 30_000);
  document.addEventListener('visibilitychange', () => now.tick());
}
