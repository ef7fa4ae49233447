// What the stub remembers: cases, sendings, releases, peers, drafts, preferences. Everything in memory and
// gone at the end.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HERE } from '../api_source.mjs';
import { made_case, told_cases } from './cases.mjs';
import { told } from './clock.mjs';
import { PEOPLE } from './people.mjs';

/** A failure as the node tells it. */
export class Refusal extends Error {
  constructor(status, code, detail, { hint = '', path = '', title = 'Not possible.' } = {}) {
    super(detail);
    this.problem = { status, code, detail, hint, path, title, type: `urn:focal:problem:${code}` };
  }
}

export const fixture = (name, now_ms) =>
  told(JSON.parse(readFileSync(join(HERE, '..', 'fixtures', name + '.json'), 'utf8')), now_ms);

export class World {
  /** @param cases how many open ones there are */
  constructor({ cases = 10_000, now_ms = Date.now() } = {}) {
    this.now_ms = () => Date.now();
    this.told = new Map(told_cases(now_ms).map((one) => [one.trace.case_number, one]));
    this.cases = new Map([...this.told.values()].map((one) => [one.trace.case_number, one.trace]));
    for (let n = this.cases.size + 1; n <= cases; n += 1) this.cases.set(`T-${n}`, made_case(n, now_ms));
    this.peers = fixture('peers', now_ms);
    this.outbox = fixture('outbox', now_ms);
    this.releases = fixture('releases', now_ms);
    this.people = told(PEOPLE, now_ms);
    this.drafts = new Map(); // person → drafts
    this.preferences = new Map(); // person → object
    this.sessions = new Map(); // cookie → {name, roles, confirmed_ms}
    this.pending = undefined; // a card that waits for the root
    this.erased = new Set(); // rids
    this.ran_at = 0; // of retention
    this.next = { draft: 20, release: 20, batch: 30 };
    this.listeners = new Set();
    this.seq = 0;
    this.open_sorted = undefined;
  }

  drafts_of(person) {
    if (!this.drafts.has(person)) this.drafts.set(person, fixture('drafts', this.now_ms()));
    return this.drafts.get(person);
  }

  /** Open cases, overdue first, then by due time; those without one at the end, our turn first. */
  open_cases() {
    this.open_sorted ??= [...this.cases.values()].filter((one) => !['CLOSED', 'WITHDRAWN'].includes(one.state))
      .map((one) => ({ one, due: one.due_at ? Date.parse(one.due_at) : Infinity }))
      .sort((a, b) => a.due - b.due || Number(b.one.needs_action) - Number(a.one.needs_action)).map(({ one }) => one);
    return this.open_sorted;
  }
  find_case(case_number) {
    const one = this.cases.get(case_number);
    if (!one) throw new Refusal(404, 'NOT_FOUND', `there is no case ${case_number}`, { hint: "'focal trace list' shows them.", path: 'case_number', title: 'There is no such thing.' });
    return one;
  }
  find_peer(party) {
    const one = this.peers.find((each) => each.peer.party === party);
    if (!one) throw new Refusal(404, 'NOT_FOUND', `this node does not know ${party}`, { hint: "Ask them for the file of 'focal card export' and add it with 'focal peer add FILE'.", path: 'party', title: 'There is no such thing.' });
    return one;
  }

  /** Something changed: streams are told, lists are sorted anew. */
  changed(...topics) {
    this.open_sorted = undefined;
    for (const topic of topics) {
      this.seq += 1;
      for (const listener of this.listeners) listener({ topic, seq: String(this.seq) });
    }
  }
}
