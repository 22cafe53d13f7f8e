// The API document with the tools of others, and what is answered held against it.
//
//   PARLEY_ENGINE_URL    the address of a running demo's engine, for example http://127.0.0.1:8000 (required)
//   PARLEY_CONSOLE_DIST  see console.test.mjs
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Validator } from '@seriousme/openapi-schema-validator';
import Ajv from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import openapiTS, { astToString } from 'openapi-typescript';
import ts from 'typescript';
import { silent } from './mock_data.mjs';
import { MockEngine, keys } from './mock_engine.mjs';

const base = process.env.PARLEY_ENGINE_URL;
assert.ok(base, 'set PARLEY_ENGINE_URL to the address of a running engine');
const document = JSON.parse(readFileSync(new URL('../../engine/admin/openapi.json', import.meta.url), 'utf8'));

// What is asked of the demo, and of the data that the console's tests use.
const everywhere = ['/api/status', '/api/deployments', '/api/agents', '/api/dead-letters', '/api/messages?limit=500', '/api/conversations', '/api/webhook-logs',
  '/api/webhook-logs?outcome=refused', '/api/accounts'];
const demo_only = ['/health', '/ready', '/api/outbox?state=held'];
const mock_only = [
  `/api/conversations?user=${silent.user}`, `/api/conversations/jupiter-edge/${silent.user}`, `/api/messages/${silent.message}`, '/api/messages/out-4655',
  '/api/webhook-logs/post-330', '/api/webhook-logs/refused-3', '/api/dead-letters/7', '/api/accounts/bakery', '/api/bsp/account-health/bakery',
];

const ajv = new Ajv.default({ strict: false, allErrors: true });
formats.default(ajv);
ajv.addSchema(document, 'document');

const escaped = (name) => encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'));

// The path of the document that an address belongs to: the one with the fewest parameters.
function pathOf(address) {
  const parts = address.split('?')[0].split('/');
  const fits = (path) => {
    const wanted = path.split('/');
    return wanted.length === parts.length && wanted.every((part, i) => part.startsWith('{') || part === parts[i]);
  };
  return Object.keys(document.paths).filter(fits).sort((a, b) => a.split('{').length - b.split('{').length)[0];
}

async function check(where, address, headers = {}) {
  const answer = await fetch(where + address, { headers });
  assert.equal(answer.status, 200, `${address}: ${await answer.clone().text()}`);
  const place = ['paths', pathOf(address), 'get', 'responses', '200', 'content', 'application/json', 'schema'];
  const valid = ajv.compile({ $ref: `document#/${place.map(escaped).join('/')}` });
  assert.ok(valid(await answer.json()), `${address}: ${ajv.errorsText(valid.errors)}`);
}

test('the document is valid OpenAPI 3.1', async () => {
  const result = await new Validator().validate(structuredClone(document));
  assert.deepEqual(result.errors ?? [], []);
  assert.equal(result.valid, true);
});

test('a client that openapi-typescript makes of it is typed', async () => {
  const folder = new URL('./node_modules/.parley-client/', import.meta.url);
  mkdirSync(folder, { recursive: true });
  writeFileSync(new URL('api.d.ts', folder), astToString(await openapiTS(document)));
  copyFileSync(new URL('./api_client.ts', import.meta.url), new URL('api_client.ts', folder));
  const program = ts.createProgram([fileURLToPath(new URL('api_client.ts', folder))], {
    strict: true, noEmit: true, skipLibCheck: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler, lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
  });
  const errors = ts.getPreEmitDiagnostics(program).map((one) => ts.flattenDiagnosticMessageText(one.messageText, '\n'));
  assert.deepEqual(errors, []);
});

test('what the demo answers is as the document says', async () => {
  assert.deepEqual(await (await fetch(`${base}/openapi.json`)).json(), document);
  for (const address of [...everywhere, ...demo_only]) await check(base, address);
});

test('what the console is tested with is as the document says', async () => {
  const engine = await new MockEngine(process.env.PARLEY_CONSOLE_DIST ?? '.').start();
  try {
    for (const address of [...everywhere, ...mock_only]) await check(engine.url, address, { 'X-API-Key': keys.admin });
  } finally {
    await engine.stop();
  }
});
