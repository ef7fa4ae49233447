// Records whose every text is hostile: made from the schema, so that a field that comes later is in them too.
import { done } from './seed.mjs';

// Found again by it, wherever it is shown.
export const MARK = '¤';
const TEXTS = [
  `${MARK}<img src=x onerror="document.title='owned'">`,
  `${MARK}<script>document.title='owned'</script>`,
  `${MARK}javascript:document.title='owned'//`,
  `${MARK}\u202Egnp.exe\u202C \u2066x\u2069`,
  `${MARK}{{constructor.constructor('document.title=1')()}} \${alert(1)} <%= 1 %>`,
  `${MARK}${'W'.repeat(300)}`,
  `${MARK}раyраl Ѕеrіаl`,
  `${MARK}"'><svg onload=alert(1)>`,
  `${MARK}<a href="javascript:alert(1)">x</a> [x](javascript:alert(1))`,
];
export const BIDI = TEXTS[3], ALIKE = TEXTS[6];

let next = 0;
export function hostile(rule = { max_bytes: 120, min_chars: 0 }, at = next++) {
  let text = TEXTS[at % TEXTS.length];
  if (rule.min_chars > text.length) text = text.padEnd(rule.min_chars + 1, ' <b>x</b>');
  const most = Math.min(rule.max_bytes || 200, 400);
  while (Buffer.byteLength(text) > most) text = [...text].slice(0, -1).join('');
  return text;
}

// A record of that kind with every text filled in, as far as the node lets it stand. base: what it begins with.
// Answers { record, filled: names of the text fields that are hostile }.
export async function hostile_record(ask, schema, codes, kind, base, refs = {}) {
  const maker = new Maker(schema, codes);
  const { field, message } = schema.kinds.find((one) => one.name === kind);
  const record = structuredClone(base ?? {});
  record.header = maker.message('Header', record.header);
  // Where a text is held to codes and parties.
  Object.assign(record.header.label, { h_codes: ['H1', 'H2', 'H3'], onward: 'NAMED', onward_named: ['XC'], named_recipients: ['POLICE'], provider: 'XH' });
  record[field] = maker.message(message, record[field]);
  record.unknown_fields = [];
  // A case keeps the references it began with.
  for (const [name, ref] of Object.entries(refs)) record[field][name] = ref || record[field][name];
  for (let tries = 0; tries < 80; tries += 1) {
    const checked = await done(ask('POST', '/v1/records/check', { record, to: ['XA'], lang: 'en' }), 'record_check');
    const problems = checked.problems.filter(({ rule }) => rule !== 'SUPERSEDES'); // the act names it
    if (problems.length === 0) return { record, filled: maker.filled_in(record) };
    let changed = false;
    for (const { path } of problems) changed = drop(record, path) || changed;
    if (!changed) throw new Error(`${kind}: ${JSON.stringify(problems)}`);
  }
  throw new Error(`${kind}: no record came of it`);
}

class Maker {
  #made = new Map(); // hostile text → fields that hold it
  constructor(schema, codes) {
    this.messages = new Map(schema.messages.map((one) => [one.name, one]));
    this.codes = new Map(codes.lists.map((one) => [one.name, one.codes.map(({ code }) => code)]));
  }
  message(name, before = {}, depth = 0) {
    const out = { ...before };
    for (const rule of this.messages.get(name).fields) {
      if (rule.attachment || rule.name === 'supersedes') continue;
      const made = this.#field(rule, before[rule.name], depth);
      if (made !== undefined) out[rule.name] = made;
    }
    return out;
  }
  #field(rule, before, depth) {
    if (rule.type === 'MESSAGE') {
      if (depth > 4) return before;
      if (!rule.list) return this.message(rule.message, before, depth + 1);
      return (before?.length ? before : [{}]).map((one) => this.message(rule.message, one, depth + 1));
    }
    const value = before === undefined || rule.type === 'TEXT' || rule.type === 'BOOL' ? this.#value(rule) : before;
    return rule.list && !Array.isArray(value) && value !== undefined ? [value] : value;
  }
  #value(rule) {
    switch (rule.type) {
      case 'TEXT': return hostile(rule);
      case 'CODE': return rule.list ? this.codes.get(rule.code_list).slice(0, 4) : this.codes.get(rule.code_list)[0];
      case 'DATE': return '2026-03-02';
      case 'PARTIAL_DATE': return '2026';
      case 'COUNTRY': return 'XB';
      case 'PARTY': return 'XB';
      case 'LANGUAGE': return 'en';
      case 'DESK': return 'NPC';
      case 'FIELD_PATH': return 'trace_request.items[0].serial_raw';
      case 'NUMBER': return rule.min || 1;
      case 'BOOL': return true;
      default: return undefined;
    }
  }
  // Names as Message.field.
  filled_in(record) {
    const out = new Set();
    const walk = (name, value) => {
      for (const rule of this.messages.get(name)?.fields ?? []) {
        for (const one of [value?.[rule.name]].flat()) {
          if (rule.type === 'MESSAGE' && one) walk(rule.message, one);
          else if (rule.type === 'TEXT' && String(one ?? '').includes(MARK)) out.add(`${name}.${rule.name}`);
        }
      }
    };
    walk('Record', record);
    return out;
  }
}

// Takes out what stands at a path; true: something stood there.
function drop(record, path) {
  const steps = path.replace(/\[(\d+)\]/g, '.$1').split('.').filter(Boolean);
  for (let size = steps.length; size > 1; size -= 1) {
    const last = steps[size - 1];
    const parent = steps.slice(0, size - 1).reduce((one, step) => one?.[step], record);
    if (parent?.[last] === undefined) continue;
    if (Array.isArray(parent)) parent.splice(Number(last), 1);
    else delete parent[last];
    return true;
  }
  return false;
}
