// Paths of fields in a record: trace_request.items[0].serial_raw. The empty path is the record.

export interface Step {
  name: string;
  index?: number; // of an entry of a list
}

const STEP = /^([a-z][a-z0-9_]*)(?:\[(0|[1-9][0-9]{0,3})\])?$/;

// undefined: not a path.
export function parse_path(path: string): Step[] | undefined {
  if (path === '') return [];
  const steps: Step[] = [];
  for (const part of path.split('.')) {
    const match = STEP.exec(part);
    if (!match) return undefined;
    steps.push(
      match[2] === undefined ? { name: match[1]! } : { name: match[1]!, index: Number(match[2]) },
    );
  }
  return steps;
}

export function format_path(steps: readonly Step[]): string {
  return steps
    .map((step) => (step.index === undefined ? step.name : `${step.name}[${step.index}]`))
    .join('.');
}

export function join(base: string, name: string): string {
  return base === '' ? name : `${base}.${name}`;
}

export function entry(list: string, index: number): string {
  return `${list}[${index}]`;
}

// Is path the same as, or below, base?
export function is_within(path: string, base: string): boolean {
  if (base === '') return true;
  if (!path.startsWith(base)) return false;
  const next = path[base.length];
  return next === undefined || next === '.' || next === '[';
}

// The path of the message or list entry that holds a field; '' for the fields of the record.
export function parent_of(path: string): string {
  const dot = path.lastIndexOf('.');
  return dot < 0 ? '' : path.slice(0, dot);
}

// The name of the last step, without index.
export function last_name(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1).replace(/\[\d+\]$/, '');
}

// Where a path below an entry of a list goes when the entries are moved: places[i] is the new
// index of entry i; undefined: the entry is gone, and so is the path. Other paths stay as they are.
export function remap_path(
  path: string,
  list: string,
  places: readonly (number | undefined)[],
): string | undefined {
  if (!path.startsWith(`${list}[`)) return path;
  const end = path.indexOf(']', list.length);
  const index = Number(path.slice(list.length + 1, end));
  const to = index < places.length ? places[index] : index;
  return to === undefined ? undefined : entry(list, to) + path.slice(end + 1);
}

// A name that can stand in an id of the page.
export function id_of(path: string): string {
  return `f-${path.replaceAll(/[^a-z0-9_]+/g, '-').replace(/-$/, '')}`;
}
