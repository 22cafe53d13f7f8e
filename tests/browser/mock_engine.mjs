// An engine's HTTP surface over canned data, for tests of the console without an engine. What is changed is
// remembered until the server ends. `node mock_engine.mjs FOLDER` serves a built console to look at.
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import * as data from './mock_data.mjs';

export const keys = { admin: 'mock-admin-key', reader: 'mock-reader-key' };

const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.svg': 'image/svg+xml' };

class Problem extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

function page(rows, query) {
  const after = Number(query.get('after') ?? 0);
  const limit = Number(query.get('limit') ?? 50);
  return { data: rows.slice(after, after + limit), next: after + limit < rows.length ? String(after + limit) : null };
}

const owned = (place, owner) => place.deployment === owner || (place.deployment === null && place.phone_number_id === owner);
const digits = (text) => (text ?? '').replace(/^\+/, '');

export class MockEngine {
  constructor(console_folder) {
    this.folder = console_folder;
    this.letters = data.deadLetters();
    this.deployments = data.deployments();
    this.accounts = data.accounts();
    this.messages = [...data.messages];
    this.looks = 0;
    this.calls = [];     // "POST /api/…" of what changes something
    this.addresses = []; // of every request
    this.broken = false; // answers 503 to all of /api
  }

  async start() {
    this.server = createServer((request, response) => this.handle(request, response));
    await new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${this.server.address().port}`;
    return this;
  }

  stop() {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(resolve));
  }

  async handle(request, response) {
    const url = new URL(request.url, 'http://mock');
    this.addresses.push(request.url);
    try {
      if (url.pathname === '/metrics') return response.writeHead(200, { 'Content-Type': 'text/plain' }).end(data.metrics(this.looks++));
      if (!url.pathname.startsWith('/api/')) return this.file(url.pathname, response);
      let body = '';
      for await (const part of request) body += part;
      const [status, answer] = this.api(request, url, body ? JSON.parse(body) : {});
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer));
    } catch (problem) {
      const status = problem.status ?? 500;
      response.writeHead(status, { 'Content-Type': 'application/problem+json' }).end(JSON.stringify({ type: 'about:blank', title: 'Problem', status, detail: problem.message }));
    }
  }

  file(where, response) {
    const names = { '/console': 'index.html', '/console/': 'index.html', '/docs': 'docs.html' };
    if (where === '/openapi.json') {
      const text = readFileSync(new URL('../../engine/admin/openapi.json', import.meta.url));
      return response.writeHead(200, { 'Content-Type': 'application/json' }).end(text);
    }
    const name = names[where] ?? where.replace(/^\/console\//, '');
    const full = path.join(this.folder, path.normalize(`/${name}`));
    if (!existsSync(full) || !types[path.extname(full)]) throw new Problem(404, 'there is nothing at this path');
    response.writeHead(200, { 'Content-Type': types[path.extname(full)], 'Content-Security-Policy': policy });
    createReadStream(full).pipe(response);
  }

  api(request, url, body) {
    const key = request.headers['x-api-key'];
    if (!Object.values(keys).includes(key)) throw new Problem(401, 'Send the API key as X-API-Key or as Authorization: Bearer.');
    if (this.broken) throw new Problem(503, 'Too many queries wait already; try again.');
    if (request.method !== 'GET') {
      const scope = /send-|\/retry$/.test(url.pathname) ? 'send' : 'admin';
      if (key === keys.reader) throw new Problem(403, `This key lacks the scope "${scope}".`);
      this.calls.push(`${request.method} ${url.pathname}${Object.keys(body).length > 0 ? ` ${JSON.stringify(body)}` : ''}`);
    }
    const [, name, ...rest] = url.pathname.split('/').slice(1).map(decodeURIComponent);
    const answer = this[`${request.method} ${name}`]?.(rest, url.searchParams, body);
    if (!answer) throw new Problem(404, 'there is nothing at this path');
    return Array.isArray(answer) ? answer : [200, answer];
  }

  'GET status'() {
    return data.status(this.letters);
  }

  'GET deployments'() {
    return { data: this.deployments, next: null };
  }

  'POST deployments'([id], query, wish) {
    const one = this.deployments.find((each) => each.id === id);
    if (!one) throw new Problem(404, `there is no deployment ${id}`);
    const before = one.agent;
    const { canary, ...rest } = before;
    if (wish.to && !canary) throw new Problem(409, wish.to === 'promote' ? 'no version is on trial' : 'there is no previous version');
    if (wish.to === 'promote') one.agent = { ...rest, version: canary.version, sha256: canary.sha256 };
    if (wish.to === 'previous') one.agent = rest;
    return { deployment: id, before, now: one.agent };
  }

  'GET agents'() {
    return { data: data.agents, next: null };
  }

  'GET messages'([id], query) {
    const message = this.messages.find((one) => one.id === id || one.wamid === id);
    if (id && !message) throw new Problem(404, `No message ${id} is stored.`);
    if (message) return data.inFull(message);
    const deployment = query.get('deployment');
    return page(this.messages.filter((one) => !deployment || one.deployment === deployment), query);
  }

  'GET conversations'([owner, user], query) {
    if (owner) return this.history(owner, user, query);
    const wanted = digits(query.get('user'));
    return page(data.conversations.filter((one) => (!wanted || one.user === wanted) && (!query.get('deployment') || one.deployment === query.get('deployment'))), query);
  }

  history(owner, user, query) {
    const place = data.conversations.find((one) => owned(one, owner) && one.user === user);
    if (!place) throw new Problem(404, 'No message of this person is stored.');
    const newest = page(this.messages.filter((one) => owned(one, owner) && one.user === user), query);
    const { last_at, last_message, ...known } = place;
    return { ...known, window: { open: true, until: new Date(Date.parse(last_at) + 86_400_000).toISOString() }, data: newest.data.map(data.bare).reverse(), next: newest.next };
  }

  'DELETE conversations'([owner, user]) {
    const count = this.messages.filter((one) => owned(one, owner) && one.user === user).length;
    this.messages = this.messages.filter((one) => !(owned(one, owner) && one.user === user));
    return { erased: { items: count, messages: count }, keys_naming_them: ['waiting-list'] };
  }

  'GET webhook-logs'([id], query) {
    const post = data.posts.find((one) => one.id === id);
    if (id && !post) throw new Problem(404, `No webhook ${id} is stored.`);
    if (post) return data.postInFull(post);
    const outcome = query.get('outcome') ?? 'accepted';
    const contains = query.get('contains');
    if (contains && outcome !== 'refused') throw new Problem(400, 'contains: searches refused webhooks only');
    return page(data.posts.filter((one) => one.outcome === outcome && (!contains || data.postInFull(one).body.includes(contains))), query);
  }

  letter(id) {
    const letter = this.letters.find((one) => one.id === Number(id));
    if (!letter) throw new Problem(404, `There is no dead letter ${id}.`);
    return letter;
  }

  'GET dead-letters'([id], query) {
    if (!id) return page(this.letters, query);
    const letter = this.letter(id);
    return { ...letter, message_object: data.bare(this.messages.find((one) => one.id === letter.message)) };
  }

  'POST dead-letters'([id]) {
    const letter = this.letter(id);
    this.letters = this.letters.filter((one) => one !== letter);
    return [202, { id: letter.id, message: letter.message, status: 'queued' }];
  }

  'DELETE dead-letters'([id]) {
    const letter = this.letter(id);
    this.letters = this.letters.filter((one) => one !== letter);
    return { id: letter.id, status: 'dropped' };
  }

  unsent(id) {
    const message = this.messages.find((one) => one.id === id);
    if (!message) throw new Problem(404, `There is no message ${id}.`);
    if (!['held', 'queued'].includes(message.state)) throw new Problem(409, `the message is ${message.state}`);
    return message;
  }

  'GET outbox'(_, query) {
    const state = query.get('state') ?? 'held';
    return page(this.messages.filter((one) => one.direction === 'out' && one.state === state).map((one) => ({
      id: Number(one.id.slice(4)), message: one.id, state, deployment: one.deployment, phone_number_id: one.phone_number_id, to: one.user, callback: `p1.${one.id}`, since: one.at, reason: one.error?.text ?? '',
    })), query);
  }

  'POST outbox'([id, what]) {
    const message = this.unsent(id);
    const status = what === 'send' ? 'queued' : 'cancelled';
    this.messages = this.messages.map((one) => (one === message ? { ...one, state: status } : one));
    return [what === 'send' ? 202 : 200, { id: Number(id.slice(4)), message: id, status }];
  }

  account(id) {
    const account = this.accounts.find((one) => one.account_id === id);
    if (!account) throw new Problem(404, `There is no account ${id}.`);
    return account;
  }

  'GET accounts'([id]) {
    return id ? this.account(id) : { data: this.accounts, next: null };
  }

  'POST accounts'([id, call]) {
    this.account(id).status = call === 'pause' ? 'paused' : 'active';
    return this.account(id);
  }

  'PATCH accounts'([id], query, patch) {
    const account = this.account(id);
    if (patch.access_token === 'EAAG-bad') throw new Problem(422, 'access_token: does not open the number');
    const { business_profile, access_token, ...rest } = patch;
    Object.assign(account, rest, { version: account.version + 1 });
    if (business_profile) account.business_profile = { ...account.business_profile, ...business_profile };
    return account;
  }

  'GET bsp'([call, id]) {
    return call === 'account-health' && this.account(id) && { ...data.health, account_id: id };
  }

  'POST bsp'([call], query, body) {
    if (call === 'create-account') {
      this.accounts.push({ ...body, status: 'pending_verification', source: 'api', problem: null, created_at: new Date(data.now).toISOString() });
      return [201, this.account(body.account_id)];
    }
    const account = this.account(body.account_id);
    if (call === 'request-verification') account.status = 'code_sent';
    if (call === 'verify-phone') {
      if (body.verification_code !== '123456') throw new Problem(422, 'WhatsApp says that this code is wrong (136025).');
      account.status = 'active';
    }
    return call.startsWith('send-') ? { id: 'out-9001', status: 'sent', wamid: 'wamid.TEST' } : account;
  }

  'DELETE bsp'([call, id]) {
    if (call !== 'delete-account') return undefined;
    this.account(id).status = 'deleted';
    return { account_id: id, status: 'deleted', dead_lettered: 0 };
  }
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const engine = await new MockEngine(process.argv[2] ?? '../../build/release/engine/admin/console/dist').start();
  console.log(`${engine.url}/console with the key ${keys.admin}`);
}
