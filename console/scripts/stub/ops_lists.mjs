// A seizure list: read as simply as a stub can, so that a page sees every answer that a node gives of a row.
import { iso } from './clock.mjs';
import { match, rid_of } from './case_show.mjs';
import { party_name } from './schema.mjs';
import { Refusal } from './world.mjs';

const FIELDS = { 'serial no': 'serial', maker: 'make', model: 'model', calibre: 'calibre', 'made in': 'country_of_manufacture', type: 'type' };
const GOES = { XB: 'XB', XC: 'XC' };

function rows_of(text) {
  const lines = text.split(/\r\n|\n/);
  const separator = lines[0].includes(';') ? ';' : ',';
  return { separator, rows: lines.map((line, i) => ({ row: i + 1, cells: line.split(separator).map((cell) => cell.trim()) })).filter(({ cells }) => cells.some(Boolean)) };
}

// A row is wrong, repeats one, was asked about, stays here, or goes.
function judge(rows, at, request, world) {
  const out = { problems: [], repeats: [], asked: [], stays: new Map(), going: new Map() };
  const first = new Map();
  for (const { row, cells } of rows) {
    const [serial, country] = [at('serial', cells), at('country_of_manufacture', cells)];
    const wrong = /E\+/.test(serial) ? [['Serial No', 'serial', serial, 'the number was shortened by a spreadsheet; its digits are lost', 'Format the column as text and type the number as it stands on the weapon.']] : [];
    if (country && !/^X[A-Z]$/.test(country)) wrong.push(['Made in', 'country_of_manufacture', country, `'${country}' is no country`, 'A code of ISO 3166 or the name of a State.']);
    for (const [column, field, value, text, hint] of wrong) out.problems.push({ row, column, field, value, text, hint });
    if (wrong.length > 0) continue;
    if (serial && first.has(serial)) {
      out.repeats.push({ row, first_row: first.get(serial), serial, first_serial: serial, tier: 'EXACT', score: 100, kept: request.keep_repeats === true });
      if (!request.keep_repeats) continue;
    }
    first.set(serial, row);
    if (serial === '5268841') {
      out.asked.push({ row, serial, match: match(world.cases.get('T-1'), 2, serial, 100), kept: request.ask_again === true });
      if (!request.ask_again) continue;
    }
    const party = (request.routes ?? []).find((one) => one.country === country)?.party ?? GOES[country];
    if (party) out.going.set(party, (out.going.get(party) ?? 0) + 1);
    else out.stays.set(country, [...(out.stays.get(country) ?? []), row]);
  }
  return out;
}

export const LIST_OPERATIONS = {
  trace_import: (world, request) => {
    if (!request.record?.header) throw new Refusal(400, 'RECORD', 'header is required', { path: 'header', title: 'The record breaks a rule.' });
    const { separator, rows } = rows_of(request.csv ?? '');
    const titles = rows[0]?.cells ?? [];
    const said = new Map((request.columns ?? []).map(({ title, field }) => [title, field]));
    const columns = titles.map((title, i) => ({
      title, field: (said.size > 0 ? said.get(title) : FIELDS[title.toLowerCase()]) ?? '', filled: rows.slice(1).filter(({ cells }) => cells[i]).length,
    }));
    const at = (field, cells) => cells[columns.findIndex((one) => one.field === field)] ?? '';
    const found = judge(rows.slice(1), at, request, world);
    const bad_rows = new Set(found.problems.map(({ row }) => row)).size;
    const reach = [...found.going].map(([party, weapons]) => ({ party, name: party_name(party), weapons, requests: Math.ceil(weapons / 200), references: [] }));
    const sending = reach.reduce((sum, one) => sum + one.weapons, 0);
    const out = {
      mode: request.mode || 'PREVIEW', separator: separator === ';' ? 'SEMICOLON' : 'COMMA', guessed: said.size === 0, columns, rows: rows.length - 1, bad_rows,
      problems: found.problems, repeats: found.repeats, asked: found.asked, sending, reach,
      stays: [...found.stays].map(([country, at_rows]) => ({ country, name: party_name(country), weapons: at_rows.length, rows: at_rows, text: country ? `${country} is not verified` : 'neither an import mark nor a country of manufacture is known', hint: country ? `Compare the safety number first: 'focal peer show ${country}'.` : 'Open a request for each by hand.' })),
      notes: ['7 weapons with a number whose certainty the list does not name: taken as CERTAIN. Map a column to serial_confidence if the reading is doubtful.'],
      can_send: sending > 0 && (bad_rows === 0 || request.accept_valid === true), plan: sending > 0 ? `plan-${world.cases.size}-${sending}` : '',
    };
    if (request.mode !== 'SEND') return out;
    if (request.plan !== out.plan) throw new Refusal(409, 'STATE', 'what would be sent now is not what was shown; nothing was sent', { path: 'plan' });
    return { ...out, sent: reach.map((one) => sent_to(world, one, request)) };
  },
};

function sent_to(world, { party, weapons }, request) {
  const number = `T-${Math.max(...[...world.cases.keys()].map((key) => Number(key.slice(2)))) + 1}`;
  const now = iso(world.now_ms());
  const reference = request.record.trace_request?.case_ref_requester ?? '';
  const one = {
    ...world.cases.get('T-1'), case_number: number, party, party_name: party_name(party), role: 'REQUESTER', state: 'SENT', state_text: 'sent', turn: 'THEIRS', needs_action: false, flags: [],
    our_ref: reference, their_ref: '', subject: request.record.header.subject ?? '', opened_at: now, last_at: now, last_kind: 'trace.request', overdue: false,
  };
  world.cases.set(number, one);
  world.changed('cases', 'outbox');
  return { party, case_number: number, reference, weapons, rid: rid_of(one, 0), outbox_id: `${world.next.batch++}-${party}` };
}
