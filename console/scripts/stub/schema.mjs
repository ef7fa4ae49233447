// SchemaResponse and CodesResponse as the node makes them, from the same sources: the options of
// proto/*.proto, node/record/data/*.tsv.
import { load_protos, read_table } from '../api_source.mjs';

const V1 = 'focal.v1';
const LANGS = new Set(['en', 'fr', 'es', 'ru', 'zh', 'ar']);
const FORMATS = {
  FORMAT_DATE: 'DATE', FORMAT_PARTIAL_DATE: 'PARTIAL_DATE', FORMAT_COUNTRY: 'COUNTRY', FORMAT_PARTY: 'PARTY',
  FORMAT_DESK: 'DESK', FORMAT_LANGUAGE: 'LANGUAGE', FORMAT_FIELD_PATH: 'FIELD_PATH', FORMAT_SHA256: 'SHA256',
};
const SUGGEST = { make: 'MAKE', model: 'MODEL', calibre_raw: 'CALIBRE', type: 'WEAPON_TYPE' };

const root = load_protos([V1]);
const labels = new Map(read_table('node/record/data/field_labels.tsv').map((row) => [row.field, row]));
export const lang_of = (asked) => (LANGS.has(asked) ? asked : 'en');

// protobufjs keeps a custom option as parsedOptions: [{'(rule)': {...}}].
function option(of, name) {
  const found = (of.parsedOptions ?? []).filter((one) => one[`(${name})`] !== undefined).map((one) => one[`(${name})`]);
  return name === 'need' ? found : found[0] ?? {};
}
const many = (value) => (value === undefined ? [] : Array.isArray(value) ? value : [value]);
// As the node: a field's own name, else the one that fields of this name share.
function label(key, lang) {
  const name = key.split('.').pop();
  const row = labels.get(key) ?? labels.get(`*.${name}`);
  return row?.[lang] || row?.en || name;
}

function type_of(field, rule) {
  if (field.resolvedType) return 'MESSAGE';
  if (field.type === 'bool') return 'BOOL';
  if (field.type === 'bytes') return 'BYTES';
  if (field.type !== 'string') return 'NUMBER';
  return rule.code_list ? 'CODE' : FORMATS[rule.format] ?? 'TEXT';
}

function field_view(type, field, lang) {
  const rule = option(field, 'rule');
  return {
    name: field.name, label: label(`${type.name}.${field.name}`, lang), type: type_of(field, rule),
    message: field.resolvedType?.name ?? '', list: field.repeated, required: rule.required === true,
    prompted: rule.prompted === true, code_list: rule.code_list ?? '',
    max_bytes: Number(rule.max_bytes ?? 0), min_chars: Number(rule.min_chars ?? 0),
    max_items: Number(rule.max_items ?? 0), min: rule.min === undefined ? '' : String(rule.min),
    max: rule.max === undefined ? '' : String(rule.max), personal: rule.personal === true,
    attachment: rule.attachment === true, optional: field.options?.proto3_optional === true,
    suggest: type.name === 'WeaponItem' ? SUGGEST[field.name] ?? '' : '',
  };
}

function needs_of(type) {
  return option(type, 'need').map((need) => ({
    field: need.field, codes: many(need.codes), fields: many(need.fields), only: need.only === true,
    may_be_unknown: need.may_be_unknown === true, unless_field: need.unless_field ?? '',
    unless_code: need.unless_code ?? '',
  }));
}

export function schema(asked) {
  const lang = lang_of(asked);
  const record = root.lookupType(`${V1}.Record`);
  const messages = [];
  const seen = new Set();
  const visit = (type) => {
    if (seen.has(type.name)) return;
    seen.add(type.name);
    messages.push({ name: type.name, fields: type.fieldsArray.map((f) => field_view(type, f, lang)), needs: needs_of(type) });
    for (const field of type.fieldsArray) if (field.resolvedType?.fieldsArray) visit(field.resolvedType);
  };
  visit(record);
  const kinds = record.oneofs.kind.fieldsArray.map((field) => {
    const rule = option(field.resolvedType, 'kind');
    return {
      name: rule.name, label: label(`Record.${field.name}`, lang), field: field.name,
      message: field.resolvedType.name, life: rule.life ?? '', case_root: rule.case_root === true,
    };
  });
  return { lang, kinds, messages };
}

export function codes(asked) {
  const lang = lang_of(asked);
  const lists = new Map();
  for (const row of read_table('node/record/data/codes.tsv')) {
    if (!lists.has(row.list)) lists.set(row.list, []);
    lists.get(row.list).push({ code: row.code, label: row[lang] || row.en });
  }
  const order = { STATE: 0, AREA: 1, FORMER: 2 };
  const countries = read_table('node/record/data/countries.tsv')
    .sort((a, b) => (order[a.kind] ?? 3) - (order[b.kind] ?? 3))
    .map((row) => ({ code: row.code, label: row[lang] || row.en, kind: row.kind, successors: (row.successors ?? '').split(/[ |,]+/).filter(Boolean) }));
  const known = new Set(countries.map((one) => one.code));
  for (const row of read_table('node/record/data/parties.tsv'))
    if (row.kind === 'FICTIONAL' && !known.has(row.code))
      countries.push({ code: row.code, label: row[lang] || row.en, kind: 'FICTIONAL', successors: [] });
  return { lang, lists: [...lists].map(([name, all]) => ({ name, codes: all })), countries };
}

const party_rows = new Map(read_table('node/record/data/parties.tsv').map((row) => [row.code, row]));
export const party_name = (party, lang = 'en') => party_rows.get(party.split('-')[0])?.[lang] ?? '';

const code_rows = new Map(read_table('node/record/data/codes.tsv').map((row) => [`${row.list} ${row.code}`, row]));
export const code_text = (list, code) => code_rows.get(`${list} ${code}`)?.en ?? code;
export const kind_text = (kind) => labels.get(`Record.${kind.replace('.', '_')}`)?.en ??
  labels.get(`Record.${kind.replace('trace.info_request', 'trace_info_request')}`)?.en ?? kind;
