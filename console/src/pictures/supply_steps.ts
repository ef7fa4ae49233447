// The supply chain of an answer as a path of States: pure. What was not told stays a gap; nothing
// is joined that the answer does not join.

// Fields of proto/trace.proto SupplyStep and ItemResult, as JSON; what is absent was not said.
export interface DateFacts { value?: string; circa?: boolean }
export interface StepFacts {
  seq?: number;
  from_party_class?: string;
  from_country?: string;
  to_party_class?: string;
  to_country?: string;
  date?: DateFacts;
  doc_refs?: string[];
  confidence?: string;
}
export interface ResultFacts {
  result?: string;
  completeness?: string;
  supply_chain?: StepFacts[];
  country?: string;
  date?: DateFacts;
  consignee_class?: string;
  force_class?: string;
  holder?: { class?: string };
}

export interface Stop {
  country: string;       // code
  party: string;         // code of chain_party_class or holder_class; empty: not said
  found: boolean;        // where it was found: not lawful any more
}
// From one stop to the next. ABROAD and WITHIN are transfers; GAP: not told how it came there;
// DIVERSION: where it left lawful hands, between the last holder that was told and the find.
export interface Leg {
  kind: 'ABROAD' | 'WITHIN' | 'GAP' | 'DIVERSION';
  gap: '' | 'MISSING_STEP' | 'NOT_JOINED';
  date: string;          // 2009, 2015-02, 2014-06-11; empty: not known
  circa: boolean;
  docs: readonly string[];
  confidence: string;
}
export interface Path {
  stops: Stop[];
  legs: Leg[];           // one less than stops
  began: boolean;        // the first stop is a maker: nothing is missing before
  restricted: boolean;   // the answer says that something is withheld
  diverted: number;      // index of the last lawful stop; -1: no stop was told
  loss: '' | 'LOST' | 'STOLEN' | 'DESTROYED' | 'DEACTIVATED';  // what the registers say of it
  loss_date: DateFacts;
}

export interface Find { country: string; date?: DateFacts | undefined }

const MAKERS = ['MANUFACTURER', 'STATE_FACTORY'];
const LOSSES: Readonly<Record<string, Path['loss']>> = {
  REPORTED_LOST: 'LOST',
  REPORTED_STOLEN: 'STOLEN',
  REPORTED_DESTROYED: 'DESTROYED',
  REPORTED_DEACTIVATED: 'DEACTIVATED',
};

const gap_leg = (gap: Leg['gap']): Leg =>
  ({ kind: 'GAP', gap, date: '', circa: false, docs: [], confidence: '' });

function transfer(from: string, to: string, step: StepFacts): Leg {
  return {
    kind: from === to ? 'WITHIN' : 'ABROAD',
    gap: '',
    date: step.date?.value ?? '',
    circa: step.date?.circa ?? false,
    docs: step.doc_refs ?? [],
    confidence: step.confidence ?? '',
  };
}

const lawful = (country: string, party: string): Stop => ({ country, party, found: false });

function follow_steps(steps: readonly StepFacts[], path: Path): void {
  let last: number | undefined;
  for (const step of steps) {
    const from = lawful(step.from_country ?? '', step.from_party_class ?? '');
    const to = lawful(step.to_country ?? '', step.to_party_class ?? '');
    const before = path.stops.at(-1);
    const seq = step.seq ?? 0;
    const missing = last === undefined ? seq > 1 : seq > last + 1;
    const joined = before?.country === from.country && before.party === from.party;
    if (before && (missing || !joined)) path.legs.push(gap_leg(missing ? 'MISSING_STEP' : 'NOT_JOINED'));
    if (!before || missing || !joined) path.stops.push(from);
    if (last === undefined && missing) path.began = false;
    path.legs.push(transfer(from.country, to.country, step));
    path.stops.push(to);
    last = seq;
  }
}

// An answer without a chain still says where the weapon went, or who holds it.
function follow_result(result: ResultFacts, responder: string, path: Path): void {
  switch (result.result) {
    case 'EXPORTED':
    case 'IMPORTED_THEN_REEXPORTED': {
      if (!result.country) return;
      path.stops.push(lawful(responder, ''), lawful(result.country, result.consignee_class ?? ''));
      path.legs.push(transfer(responder, result.country, result.date ? { date: result.date } : {}));
      return;
    }
    case 'MADE_HERE_DOMESTIC':
    case 'IMPORTED_THEN_DOMESTIC':
      path.stops.push(lawful(responder, result.holder?.class ?? ''));
      return;
    case 'STATE_HOLDING':
      path.stops.push(lawful(responder, result.force_class ?? ''));
      return;
    case 'REPORTED_LOST':
    case 'REPORTED_STOLEN':
    case 'REPORTED_DESTROYED':
    case 'REPORTED_DEACTIVATED':
      path.stops.push(lawful(responder, ''));
      return;
    default:
  }
}

// What an answer tells about one weapon. responder: the State that answered; find: where the
// weapon was found, if the request says so.
export function path_of(result: ResultFacts, responder: string, find?: Find): Path {
  const loss = Object.hasOwn(LOSSES, result.result ?? '') ? LOSSES[result.result!]! : '';
  const path: Path = {
    stops: [], legs: [], began: true, restricted: result.completeness === 'RESTRICTED', diverted: -1,
    loss, loss_date: loss ? result.date ?? {} : {},
  };
  const steps = [...(result.supply_chain ?? [])].sort((a, b) => (a.seq ?? 0) - (b.seq ?? 0));
  if (steps.length > 0) follow_steps(steps, path);
  else follow_result(result, responder, path);
  const first = path.stops[0];
  if (first && !MAKERS.includes(first.party)) path.began = false;
  path.diverted = path.stops.length - 1;
  if (path.diverted >= 0 && find?.country) {
    path.stops.push({ country: find.country, party: '', found: true });
    path.legs.push({
      ...gap_leg(''), kind: 'DIVERSION', date: find.date?.value ?? '', circa: find.date?.circa ?? false,
    });
  }
  return path;
}

export function year_of(date: string): string {
  return /^\d{4}/.exec(date)?.[0] ?? '';
}
