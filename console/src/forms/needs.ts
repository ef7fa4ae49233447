// Which fields of a message are needed, may stand, or may not stand, given the codes that are
// chosen in it. The order of the rules is that of Walker::message in node/record/validate.cc.
import type { SchemaField, SchemaMessage, SchemaNeed } from './schema';
import type { Json, Value } from './values';

export type Standing =
  | 'plain' // no need speaks of it
  | 'needed'
  | 'relaxed' // the code asks for it, but another field lifts that
  | 'idle' // other codes ask for it
  | 'forbidden'; // may stand only with another code

export interface Wanted {
  standing: Standing;
  need?: SchemaNeed;
}

const PLAIN: Wanted = { standing: 'plain' };

function holds(value: Value | undefined, code: string): boolean {
  return Array.isArray(value) ? value.includes(code) : value === code;
}

function is_chosen(message: Json, need: SchemaNeed): boolean {
  return need.codes.some((code) => holds(message[need.field], code));
}

function is_lifted(message: Json, need: SchemaNeed): boolean {
  return need.unless_field !== '' && holds(message[need.unless_field], need.unless_code);
}

function standing_under(message: Json, need: SchemaNeed): Standing {
  if (!is_chosen(message, need)) return need.only ? 'forbidden' : 'idle';
  if (!is_lifted(message, need)) return 'needed';
  return need.only ? 'forbidden' : 'relaxed';
}

const WEIGHT: Record<Standing, number> = {
  plain: 0,
  idle: 1,
  relaxed: 2,
  forbidden: 3,
  needed: 3,
};

// By name of the field; a field that no need speaks of is not in it.
export function wanted_in(type: SchemaMessage, message: Json): Map<string, Wanted> {
  const out = new Map<string, Wanted>();
  for (const need of type.needs) {
    const standing = standing_under(message, need);
    for (const name of need.fields) {
      const before = out.get(name) ?? PLAIN;
      if (WEIGHT[standing] >= WEIGHT[before.standing]) out.set(name, { standing, need });
    }
  }
  return out;
}

export function wanted_for(type: SchemaMessage, message: Json, name: string): Wanted {
  return wanted_in(type, message).get(name) ?? PLAIN;
}

// May the field be declared unknown?
export function may_be_unknown(field: SchemaField, wanted: Wanted): boolean {
  return (
    field.prompted || (wanted.standing === 'needed' && (wanted.need?.may_be_unknown ?? false))
  );
}

// Must the form have something there: a value, or where it may be so, the word that it is unknown?
export function is_asked(field: SchemaField, wanted: Wanted): boolean {
  return field.required || field.prompted || wanted.standing === 'needed';
}

// shown: at its place. more: among the further fields of its message, behind one click.
// hidden: not there at all.
export type Visibility = 'shown' | 'more' | 'hidden';

// Does not ask whether there is a value, so that a field never moves while somebody types in it;
// but what stands where it must not is shown, with its problem, until it is taken away.
export function visibility(field: SchemaField, wanted: Wanted, given: boolean): Visibility {
  if (field.attachment || wanted.standing === 'forbidden') return given ? 'shown' : 'hidden';
  if (is_asked(field, wanted) || wanted.standing === 'relaxed') return 'shown';
  return 'more';
}
