// Operations about persons, releases, sessions, drafts and what forms need.
import { iso } from './clock.mjs';
import { example } from './cases.mjs';
import { operations_of, PASSWORD } from './people.mjs';
import { codes, party_name, schema } from './schema.mjs';
import { read_table } from '../api_source.mjs';
import { Refusal } from './world.mjs';

const invalid = (detail, path) => new Refusal(400, 'INVALID', detail, { path, title: 'The request is not right.' });
const not_found = (detail) => new Refusal(404, 'NOT_FOUND', detail, { title: 'There is no such thing.' });

export function session_answer(world, session) {
  const now = world.now_ms();
  return {
    person: session.name, roles: session.roles, operations: operations_of(session.roles), party: 'XA', party_name: party_name('XA'), expires_at: iso(now + 8 * 3600_000), idle_s: 1800,
    confirmed_until_at: session.confirmed_ms > now ? iso(session.confirmed_ms) : '', has_password: true, now_at: iso(now),
  };
}

function release(world, id) {
  const one = world.releases.find((each) => each.entry.id === id);
  if (!one) throw not_found(`there is no release ${id}`);
  return one;
}
// Whoever asked cannot release it.
const seen_by = (one, who) => ({ ...one.entry, own: one.entry.asked_by.startsWith(who.name + ' ') });

function person(world, name) {
  const one = world.people.find((each) => each.name === name);
  if (!one) throw not_found(`there is no person ${name}`);
  return one;
}
function change(world, request, fields) {
  if (!request.reason) throw invalid('reason is needed', 'reason');
  const one = Object.assign(person(world, request.name), fields);
  world.changed('status');
  return { person: one };
}

function suggestions(request) {
  const wanted = (request.text ?? '').toLowerCase();
  if (wanted.length < 2) return [];
  const tables = {
    MAKE: () => read_table('node/record/data/makes.tsv').map((row) => [row.code, row.name, row.aliases]),
    MODEL: () => read_table('node/record/data/models.tsv').filter((row) => !request.make || row.make === request.make).map((row) => [row.model, row.model, row.aliases]),
    CALIBRE: () => read_table('node/record/data/calibres.tsv').map((row) => [row.code, row.metric || row.code, row.aliases]),
    WEAPON_TYPE: () => codes('en').lists.find((one) => one.name === 'weapon_type').codes.map((one) => [one.code, one.label, '']),
  };
  return (tables[request.what]?.() ?? []).flatMap(([code, label, aliases]) => {
    if (label.toLowerCase().includes(wanted)) return [{ code, label, why: '' }];
    const alias = aliases.split(' | ').find((one) => one.toLowerCase().includes(wanted));
    return alias ? [{ code, label, why: alias }] : [];
  }).slice(0, 12);
}

// The plainest of the rules, so that forms have something to show.
function check(request) {
  const problems = [];
  const say = (path, text) => problems.push({ rule: 'REQUIRED', path, label: path.split('.').pop(), text, hint: 'Fill it in, or say that it is not known.' });
  const record = request.record ?? {};
  if (!record.header?.subject) say('header.subject', 'subject is required');
  if (record.trace_request && !record.trace_request.legal_justification) say('trace_request.legal_justification', 'legal_justification is required');
  (record.trace_request?.items ?? []).forEach((item, i) => {
    if (!item.serial_raw && !(record.unknown_fields ?? []).includes(`trace_request.items[${i}].serial_raw`)) say(`trace_request.items[${i}].serial_raw`, 'serial_raw needs a value, or its path in unknown_fields');
  });
  return { problems, found: problems.length };
}

export const PEOPLE_OPERATIONS = {
  people_list: (world, request) => ({ people: world.people.filter((one) => request.all || !one.removed_at) }),
  people_show: (world, request) => {
    const one = person(world, request.name);
    return { person: one, certificate_text: one.key && one.key !== 'NONE' ? `focal-officer/v1\nname ${one.name}\n…\n` : '', acts: operations_of(one.roles).map((name) => name.replace('_', '.')) };
  },
  people_add: (world, request) => {
    if (!/^[a-z][a-z0-9._-]{1,31}$/.test(request.name ?? '')) throw invalid('a name is 2 to 32 small letters, digits, dots, hyphens', 'name');
    const one = { name: request.name, uid: 1100, unix_user: request.unix_user ?? '', roles: request.roles ?? [], personal_data: request.personal_data === true, added_at: iso(world.now_ms()), key: 'NONE' };
    world.people.push(one);
    world.changed('status');
    return { person: one, notes: ['The name is kept for this user for ever.'] };
  },
  people_role: (world, request) => change(world, request, { roles: request.roles, ...(request.personal_data ? { personal_data: request.personal_data === 'YES' } : {}) }),
  people_remove: (world, request) => change(world, request, { removed_at: iso(world.now_ms()) }),
  people_revoke_key: (world, request) => change(world, request, { key: 'REVOKED' }),
  people_key: (world, request, who) => {
    if (!request.officer_passphrase) throw new Refusal(403, 'PASSPHRASE', 'no passphrase came', { path: 'officer_passphrase', title: 'Not allowed.' });
    return { person: Object.assign(person(world, who.name), { key: 'VALID', key_until_at: iso(world.now_ms() + 365 * 86400_000) }), certificate_text: 'focal-officer/v1\n…\n' };
  },
  people_passphrase: (world, _request, who) => ({ person: person(world, who.name) }),
  release_list: (world, request, who) => ({ entries: world.releases.filter((one) => request.all || one.entry.state === 'AWAITING').map((one) => seen_by(one, who)), more: false }),
  release_show: (world, request, who) => {
    const one = release(world, request.id);
    return { entry: seen_by(one, who), records: one.record && one.entry.state === 'AWAITING' ? [example(one.record)] : [], statement: one.statement ?? '', seen: one.seen ?? '' };
  },
  release_approve: (world, request, who) => {
    const one = release(world, request.id);
    if (seen_by(one, who).own) throw new Refusal(403, 'PERMISSION', 'nobody releases their own act', { title: 'Not allowed.' });
    if (request.seen !== one.seen) throw new Refusal(409, 'STATE', 'the statement is another one now', { path: 'seen', hint: 'Look at it again.', title: 'Not possible now.' });
    if (request.officer_passphrase !== PASSWORD) throw new Refusal(403, 'PASSPHRASE', 'the passphrase is wrong', { path: 'officer_passphrase', title: 'Not allowed.' });
    Object.assign(one.entry, { state: 'RELEASED', decided_by: `${who.name} (uid ${who.uid}, SUPERVISOR)`, decided_at: iso(world.now_ms()), rids: ['99'.repeat(32)] });
    world.changed('releases', 'cases', 'outbox');
    return { entry: one.entry };
  },
  release_reject: (world, request, who) => {
    const one = release(world, request.id);
    if (!request.reason) throw invalid('reason is needed', 'reason');
    Object.assign(one.entry, { state: seen_by(one, who).own ? 'WITHDRAWN' : 'REJECTED', decided_by: `${who.name} (uid ${who.uid})`, decided_at: iso(world.now_ms()), reason: request.reason });
    world.changed('releases');
    return { entry: one.entry };
  },
  session_show: (world, _request, who) => session_answer(world, who),
  session_confirm: (world, request, who) => {
    if (request.password !== PASSWORD) throw new Refusal(403, 'PASSPHRASE', 'the password is wrong', { path: 'password', title: 'Not allowed.' });
    who.confirmed_ms = world.now_ms() + 300_000;
    return session_answer(world, who);
  },
  session_password: (_world, request) => {
    if ((request.password ?? '').length < 12) throw invalid('a password has 12 to 256 bytes', 'password');
    return {};
  },
  schema_show: (_world, request) => schema(request.lang),
  codes_show: (_world, request) => codes(request.lang),
  suggest: (_world, request) => ({ suggestions: suggestions(request) }),
  record_check: (_world, request) => check(request),
  draft_list: (world, _request, who) => ({ drafts: world.drafts_of(who.name).map(({ content: _, ...rest }) => rest) }),
  draft_show: (world, request, who) => {
    const draft = world.drafts_of(who.name).find((one) => one.id === request.id);
    if (!draft) throw not_found(`there is no draft ${request.id}`);
    return { draft };
  },
  draft_save: (world, request, who) => {
    const all = world.drafts_of(who.name);
    const old = all.findIndex((one) => one.id === request.draft?.id);
    if (request.draft?.id && old < 0) throw not_found(`there is no draft ${request.draft.id}`);
    const draft = { ...request.draft, id: request.draft?.id || `D-${world.next.draft++}`, saved_at: iso(world.now_ms()) };
    if (old >= 0) all.splice(old, 1);
    all.unshift(draft);
    return { draft: { ...draft, content: undefined } };
  },
  draft_drop: (world, request, who) => {
    const all = world.drafts_of(who.name);
    all.splice(0, all.length, ...all.filter((one) => one.id !== request.id));
    return {};
  },
  preferences_show: (world, _request, who) => ({ preferences: world.preferences.get(who.name) ?? {} }),
  preferences_set: (world, request, who) => {
    const text = JSON.stringify(request.preferences ?? {});
    if (text.length > 16384) throw new Refusal(413, 'LIMIT', 'preferences are at most 16 KiB', { title: 'Too large.' });
    world.preferences.set(who.name, request.preferences ?? {});
    return { preferences: request.preferences ?? {} };
  },
};
