// The rows of a long list that the node gives page by page: a place for each, most of them empty. Pure.
export const PAGE = 100;

export class PageStore<Row> {
  /** One place for each row that there is; undefined: not here yet. */
  rows: readonly (Row | undefined)[] = [];
  loaded = 0;
  #key: (row: Row) => string;
  #fresh: number[] = []; // of each page: in which round it was asked; 0 = never
  #round = 1;

  constructor(key: (row: Row) => string) {
    this.#key = key;
  }

  /** Everything that is here is to be asked again; it stays until then. */
  stale(): void {
    this.#round += 1;
  }
  /** Nothing is here any more. */
  clear(): void {
    this.rows = [];
    this.#fresh = [];
    this.loaded = 0;
    this.#round += 1;
  }
  get round(): number {
    return this.#round;
  }

  /** Number of the first page of these rows that is not here as it is now; undefined: all are. */
  missing(from: number, to: number): number | undefined {
    const last = Math.floor(Math.max(Math.min(to, this.rows.length) - 1, 0) / PAGE);
    for (let page = Math.max(0, Math.floor(from / PAGE)); page <= last; page += 1)
      if (this.#fresh[page] !== this.#round) return page;
    return undefined;
  }

  /** A page as it came, asked in that round, of a list of so many rows. What stood in two places stands where
   * the newer answer says; the other place is to be asked again. */
  put(page: number, round: number, came: readonly Row[], total: number): void {
    const rows = this.rows.slice(0, total);
    rows.length = total; // places that are not here
    const begin = page * PAGE;
    const keys = new Set(came.map(this.#key));
    let loaded = 0;
    const check = (at: number) => {
      const row = rows[at];
      if (row === undefined) return;
      if ((at < begin || at >= begin + PAGE) && keys.has(this.#key(row))) {
        rows[at] = undefined;
        this.#fresh[Math.floor(at / PAGE)] = 0;
      } else {
        loaded += 1;
      }
    };
    for (let i = 0; i < PAGE && begin + i < total; i += 1) rows[begin + i] = came[i];
    // Only places of pages that were ever here are looked at.
    this.#fresh.forEach((_, each) => {
      if (each !== page) for (let i = 0; i < PAGE && each * PAGE + i < total; i += 1) check(each * PAGE + i);
    });
    this.#fresh.length = Math.ceil(total / PAGE);
    this.loaded = loaded + Math.min(came.length, Math.max(0, total - begin));
    this.rows = rows;
    this.#fresh[page] = round;
  }
}
