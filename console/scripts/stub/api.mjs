// Answers /v1 as a node does: sessions by cookie, roles, refusals as Problem, events.
import { operations } from '../api_source.mjs';
import { fill, refuse_unknown } from './contract.mjs';
import { CASE_OPERATIONS } from './ops_cases.mjs';
import { LEDGER_OPERATIONS } from './ops_ledger.mjs';
import { LIST_OPERATIONS } from './ops_lists.mjs';
import { PEOPLE_OPERATIONS, session_answer } from './ops_people.mjs';
import { RETENTION_OPERATIONS } from './ops_retention.mjs';
import { TRUST_OPERATIONS } from './ops_trust.mjs';
import { may, PASSWORD } from './people.mjs';
import { random } from './random.mjs';
import { Refusal } from './world.mjs';

const OPERATIONS = {
  ...CASE_OPERATIONS, ...LIST_OPERATIONS, ...LEDGER_OPERATIONS, ...TRUST_OPERATIONS, ...RETENTION_OPERATIONS,
  ...PEOPLE_OPERATIONS,
};
const MOST_BODY = 4 * 1024 * 1024;
const ids = random(99);

function matcher(pattern) {
  const names = [];
  const text = pattern.replace(/\{(\w+)\}/g, (_, name) => {
    names.push(name);
    return '([^/]+)';
  });
  return { regex: new RegExp(`^${text}$`), names, fixed: pattern.split('/').filter((word) => word && !word.startsWith('{')).length };
}

export class Api {
  constructor(world, slow_ms = 0) {
    this.world = world;
    this.slow_ms = slow_ms;
    this.fail = new Map(); // operation → Refusal, for tests
    this.table = operations().filter((one) => !one.stream).map((one) => ({ ...one, ...matcher(one.path) }))
      .sort((a, b) => b.fixed - a.fixed);
  }

  async handle(request, response) {
    try {
      const url = new URL(request.url, 'http://127.0.0.1');
      if (this.slow_ms) await new Promise((resolve) => setTimeout(resolve, this.slow_ms));
      if (url.pathname === '/v1/events') return this.events(request, response);
      const body = request.method === 'POST' ? await read_body(request) : undefined;
      const answer = this.operate(request, url, body, response);
      send(response, 200, 'application/json', answer);
    } catch (error) {
      if (!(error instanceof Refusal)) console.error(error);
      const problem = error instanceof Refusal ? error.problem : { status: 500, code: 'CORRUPT', title: 'The stub failed.', detail: String(error), type: '' };
      const id = Array.from({ length: 8 }, () => ids.pick([...'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'])).join('');
      send(response, problem.status, 'application/problem+json', fill('Problem', { ...problem, id }));
    }
  }

  operate(request, url, body, response) {
    const found = this.table.find((one) => one.method === request.method && one.regex.test(url.pathname));
    if (!found) throw new Refusal(404, 'HTTP_NOT_FOUND', `no such path: ${url.pathname}`);
    if (!['1', 'by-itself'].includes(request.headers['x-focal'])) throw new Refusal(403, 'HTTP_FORBIDDEN', 'the header X-Focal is missing');
    const fields = { ...(body ?? {}), ...query_fields(url, found) };
    found.regex.exec(url.pathname).slice(1).forEach((value, i) => (fields[found.names[i]] = decodeURIComponent(value)));
    const unknown = Array.isArray(found.request)
      ? Object.keys(fields).find((field) => !found.request.some(([name]) => name === field))
      : refuse_unknown(found.request, fields);
    if (unknown) throw new Refusal(400, 'INVALID', `unknown field ${unknown}`, { path: unknown, title: 'The request is not right.' });
    if (this.fail.has(found.name)) throw this.fail.get(found.name);
    if (found.name === 'session_open') return fill(found.response, this.open(fields, response));
    const who = this.world.sessions.get(cookie(request));
    if (!who) throw new Refusal(401, 'SESSION', 'nobody is logged in', { title: 'Log in.' });
    if (found.name === 'session_end') {
      this.world.sessions.delete(cookie(request));
      return fill(found.response, {});
    }
    if (!may(who.roles, found.name)) throw new Refusal(403, 'PERMISSION', `${found.name} is not for ${who.roles.join(', ')}`, { title: 'Not allowed.' });
    if (found.confirm && !(who.confirmed_ms > this.world.now_ms())) throw new Refusal(403, 'CONFIRM', 'say again who you are', { title: 'Not allowed.', hint: 'Type your console password.' });
    const operation = OPERATIONS[found.name];
    if (!operation) throw new Refusal(501, 'UNAVAILABLE', `the stub does not answer ${found.name}`);
    return fill(found.response, operation(this.world, fields, who));
  }

  open(fields, response) {
    const name = fields.link ? { demo: 'jo', 'demo-all': 'lee' }[fields.link] ?? fields.link : fields.name;
    const person = this.world.people.find((one) => one.name === name && !one.removed_at);
    if (!person || (!fields.link && fields.password !== PASSWORD))
      throw new Refusal(403, 'PASSPHRASE', fields.link ? 'this link has been used, or is too old' : 'name or password is wrong', { title: 'Not allowed.', path: fields.link ? 'link' : 'password', hint: fields.link ? "'focal console' prints another one; each opens the console once." : '' });
    const word = ids.hex(32);
    const session = { ...person, confirmed_ms: this.world.now_ms() + (fields.link ? 300_000 : 0) };
    this.world.sessions.set(word, session);
    response.setHeader('Set-Cookie', `focal=${word}; HttpOnly; SameSite=Strict; Path=/`);
    return session_answer(this.world, session);
  }

  events(request, response) {
    if (!this.world.sessions.has(cookie(request))) throw new Refusal(401, 'SESSION', 'nobody is logged in');
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    response.write(': here\n\n');
    const listener = (event) => response.write(`id: ${event.seq}\ndata: ${JSON.stringify(event)}\n\n`);
    this.world.listeners.add(listener);
    request.on('close', () => this.world.listeners.delete(listener));
  }
}

function query_fields(url, found) {
  const out = {};
  const schemas = new Map(Array.isArray(found.request) ? found.request : []);
  // As the message has them: numbers and truths are no text, and what may come often is a list.
  const READ = { integer: Number, boolean: (text) => text === 'true' };
  for (const [key, text] of url.searchParams) {
    const schema = schemas.get(key);
    const value = (READ[schema?.items?.type ?? schema?.type] ?? String)(text);
    out[key] = schema?.type === 'array' ? [...(out[key] ?? []), value] : value;
  }
  return out;
}

const cookie = (request) => /(?:^|; )focal=([0-9a-f]+)/.exec(request.headers.cookie ?? '')?.[1];

async function read_body(request) {
  const parts = [];
  let size = 0;
  for await (const part of request) {
    size += part.length;
    if (size > MOST_BODY) throw new Refusal(413, 'HTTP_TOO_LARGE', 'the body is too large');
    parts.push(part);
  }
  try {
    return size === 0 ? {} : JSON.parse(Buffer.concat(parts).toString('utf8'));
  } catch {
    throw new Refusal(400, 'INVALID', 'the body is no JSON');
  }
}

function send(response, status, type, value) {
  response.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store' });
  response.end(JSON.stringify(value));
}
