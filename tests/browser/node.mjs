// A focal point on this machine: a folder, focald running on it, the command line, and its console's API.
import { spawn } from 'node:child_process';
import { appendFileSync, chmodSync, mkdirSync, openSync, closeSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';

const START_MS = 30_000;
// Persons are unix users; they reach the socket as members of a group. Only root may give it another
// group than its own.
const IS_ROOT = process.getuid() === 0;
const GROUP = IS_ROOT ? 40_100 : process.getgid();

export async function free_port() {
  const server = createServer();
  await new Promise((done, failed) => server.listen(0, '127.0.0.1', done).on('error', failed));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

export async function until(what, look, ms = 20_000) {
  const end = Date.now() + ms;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`waited ${ms} ms in vain: ${what}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}

// A program, with what it reads from descriptor 0 and 3.
function run(words, { input = '', secret = '', env = {} } = {}) {
  return new Promise((done, failed) => {
    const child = spawn(words[0], words.slice(1), { stdio: ['pipe', 'pipe', 'pipe', 'pipe'], env: { ...process.env, NO_COLOR: '1', ...env } });
    const out = ['', ''];
    child.stdout.on('data', (data) => (out[0] += data));
    child.stderr.on('data', (data) => (out[1] += data));
    for (const [fd, text] of [[0, input], [3, secret]]) child.stdio[fd].on('error', () => undefined).end(text);
    child.on('error', failed);
    child.on('close', (code) => done({ code, out: out[0], err: out[1] }));
  });
}

export class Node {
  static all = new Set(); // that run, to be killed whatever happens
  #child;
  #callers = new Map(); // by person

  // bin: folder of the programs. base: where this node's files go.
  constructor(bin, base, party) {
    Object.assign(this, { bin, base, party });
    this.folder = join(base, party);
    this.log = join(base, `${party}.log`);
    this.socket = join(base, `run-${party}`, 'api.sock');
    this.persons = new Map();
  }

  async init({ authority = `Focal point of ${this.party}`, config = '', console: own = '' } = {}) {
    this.endpoint = `tcp://127.0.0.1:${await free_port()}`;
    this.port = await free_port();
    const made = await run([join(this.bin, 'focal'), '-C', this.folder, 'init', this.party, '--root-folder', join(this.base, `root-${this.party}`),
      '--listen', this.endpoint, '--endpoint', this.endpoint, '--authority', authority, '--passphrase-fd', '0', '--root-passphrase-fd', '3'],
    { input: `five plain words open ${this.party}\n`, secret: `far away roots hold ${this.party}\n` });
    if (made.code !== 0) throw new Error(`init of ${this.party}: ${made.out}${made.err}`);
    mkdirSync(join(this.base, `run-${this.party}`));
    chmodSync(join(this.base, `run-${this.party}`), 0o755);
    const file = join(this.folder, 'focal.toml');
    writeFileSync(file, `api_socket = "${this.socket}"\napi_group = "${GROUP}"\n${readFileSync(file, 'utf8')}`);
    appendFileSync(file, `\n[gate]\nbackoff_base_ms = 100\nbackoff_cap_ms = 500\nhandshakes_per_minute = 600\n\n[console]\nport = ${this.port}\n${own}\n${config}`);
  }

  async start() {
    const log = openSync(this.log, 'a');
    // Ends with this program, however that ends.
    const child = spawn('setpriv', ['--pdeathsig', 'TERM', join(this.bin, 'focald'), '--folder', this.folder, '--passphrase-fd', '3'], { stdio: ['ignore', log, log, 'pipe'] });
    closeSync(log);
    this.#child = child;
    Node.all.add(this);
    child.ended = new Promise((done) => child.on('exit', done).on('error', done));
    child.stdio[3].on('error', () => undefined).end(`five plain words open ${this.party}\n`);
    await until(`focald of ${this.party} answers`, async () => {
      if (child.exitCode !== null) throw new Error(`focald of ${this.party} ended: ${readFileSync(this.log, 'utf8').slice(-1000)}`);
      return (await run([join(this.bin, 'focal'), '-C', this.socket, 'status'])).code === 0;
    }, START_MS);
  }
  async stop(signal = 'SIGTERM') {
    const child = this.#child;
    if (!child) return;
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
    await child.ended;
    clearTimeout(timer);
    this.#child = undefined;
    Node.all.delete(this);
  }
  // At once, where nothing can be waited for.
  kill() {
    this.#child?.kill('SIGKILL');
  }

  // focal -C SOCKET WORDS…, as a person or as the node's owner. Its answer as an object.
  async focal(words, { as = '', input = '' } = {}) {
    const uid = as ? this.persons.get(as) : undefined;
    const user = uid === undefined ? [] : [...(IS_ROOT ? [] : ['sudo', '-n']), 'setpriv', '--reuid', String(uid), '--regid', String(GROUP), '--clear-groups'];
    const ran = await run([...user, join(this.bin, 'focal'), '-C', this.socket, ...words, '--json'], { input });
    if (ran.code !== 0) throw new Error(`${this.party} ${as}> focal ${words.join(' ')}: ${ran.code} ${ran.out}${ran.err}`);
    return JSON.parse(ran.out || '{}');
  }

  async add_person(name, uid, roles) {
    await this.focal(['people', 'add', name, '--unix', String(uid), ...roles.flatMap((role) => ['--role', role])]);
    this.persons.set(name, uid);
  }
  set_password(as, password) {
    return this.focal(['console', 'password', '--password-fd', '0'], { as, input: `${password}\n` });
  }
  make_key(as, passphrase) {
    return this.focal(['people', 'key', '--officer-passphrase-fd', '0'], { as, input: `${passphrase}\n` });
  }
  async link(as = '') {
    return (await this.focal(['console'], { as })).url;
  }
  get url() {
    return `http://127.0.0.1:${this.port}`;
  }

  // What the console's page would ask, as somebody who entered by a link. Answers { status, body }.
  caller(as = '') {
    if (!this.#callers.has(as)) this.#callers.set(as, this.#enter(as));
    return this.#callers.get(as);
  }
  async #enter(as) {
    const word = (await this.link(as)).split('#enter=')[1];
    const opened = await this.ask('POST', '/v1/session', '', { link: word });
    const cookie = opened.headers['set-cookie']?.[0].split(';')[0];
    if (opened.status !== 200 || !cookie) throw new Error(`no session: ${opened.status} ${JSON.stringify(opened.body)}`);
    return (method, path, body) => this.ask(method, path, cookie, body);
  }
  ask(method, path, cookie, body) {
    const headers = { 'X-Focal': '1', Origin: this.url, ...(cookie && { Cookie: cookie }), ...(body && { 'Content-Type': 'application/json' }) };
    return new Promise((done, failed) => {
      const asked = request({ host: '127.0.0.1', port: this.port, method, path, headers }, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (data) => (text += data));
        answer.on('end', () => done({ status: answer.statusCode, headers: answer.headers, body: text ? JSON.parse(text) : {} }));
      });
      asked.on('error', failed);
      asked.end(body ? JSON.stringify(body) : undefined);
    });
  }
}

// Exchanges cards; with `verified`, compares the numbers as two officers by phone would.
export async function introduce(a, b, { verified = true, as = ['', ''] } = {}) {
  for (const [here, there, who] of [[a, b, as[0]], [b, a, as[1]]]) {
    const card = join(here.base, `${there.party}.focalcard`);
    const exported = await run([join(there.bin, 'focal'), '-C', there.socket, 'card', 'export']);
    if (exported.code !== 0) throw new Error(`card export of ${there.party}: ${exported.err}`);
    writeFileSync(card, exported.out);
    await here.focal(['peer', 'add', card], { as: who });
  }
  if (!verified) return;
  const numbers = await Promise.all([[a, b, as[0]], [b, a, as[1]]].map(async ([here, there, who]) =>
    (await here.focal(['peer', 'show', there.party], { as: who })).safety_number.replace(/\D/g, '')));
  await a.focal(['peer', 'verify', b.party, '--number', numbers[1], '--how', 'phone'], { as: as[0] });
  await b.focal(['peer', 'verify', a.party, '--number', numbers[0], '--how', 'phone'], { as: as[1] });
}

export async function linked(a, b, as = '') {
  await until(`link ${a.party}–${b.party}`, async () => (await a.focal(['peer', 'show', b.party], { as })).peer.link === 'UP');
}
