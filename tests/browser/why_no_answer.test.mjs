// "Why did she get no answer?", asked of the console of a running engine for causes that were planted: three steps at most.
//
//   PARLEY_BUILD  the build folder with the program and the agents (required)
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, openPage } from './browser.mjs';
import { startDemo } from './demo.mjs';

const build = process.env.PARLEY_BUILD;
assert.ok(build, 'set PARLEY_BUILD to a build folder');
const [shop, clinic, salon] = ['100000000000001', '100000000000002', '100000000000003'];

let browser;
let page;
let demo;
let steps = 0;
const problems = [];

before(async () => {
  demo = await startDemo(build, `
admin: { allow_anonymous: true }
server: { listen: "\${PARLEY_LISTEN}" }
whatsapp: { graph_url: "\${PARLEY_GRAPH_URL}", app_secret: planted-app-secret, verify_token: planted, allow_unsigned: true }
store: { url: "sqlite:why.db" }
log: { level: error }
deployments:
  shop: { phone_number_id: "${shop}", access_token: planted-shop, agent: echo, fallback: Sorry. }
  clinic: { phone_number_id: "${clinic}", access_token: planted-clinic, agent: ${build}/tests/scenario-agents/moody.so, isolation: process, fallback: Sorry. }
  salon: { phone_number_id: "${salon}", access_token: planted-salon, agent: echo, fallback: Sorry. }
`);
  browser = await launch();
  page = await openPage(browser, demo.engine, problems);
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

async function post(url, body, headers = {}) {
  return fetch(url, { method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(body) });
}

// What Meta posts when somebody writes to a number.
async function write(from, text, number, headers) {
  const message = { from, id: `wamid.${from}`, timestamp: String(Math.floor(Date.now() / 1000)), type: 'text', text: { body: text } };
  const value = { messaging_product: 'whatsapp', metadata: { display_phone_number: '1', phone_number_id: number }, messages: [message] };
  return (await post(`${demo.engine}/webhook`, { object: 'whatsapp_business_account', entry: [{ id: '2', changes: [{ field: 'messages', value }] }] }, headers)).status;
}

async function refuse(code, match) {
  assert.equal((await post(`${demo.simulator}/sim/faults`, { match, graph_code: code, times: 0 })).status, 200);
}

// Until the engine knows: the page is asked once only, as a person does.
async function verdictIs(from, expected) {
  let last = '';
  for (let i = 0; i < 1500; ++i) {
    const answer = await fetch(`${demo.engine}/api/messages/wamid.${from}`);
    last = answer.ok ? (await answer.json()).verdict : String(answer.status);
    if (expected.test(last)) return;
    await new Promise((again) => { setTimeout(again, 20); });
  }
  assert.fail(`the engine says: ${last}`);
}

async function search(number) {
  await page.goto(`${demo.engine}/console`);
  steps = 1;
  await page.fill('.search input', `+${number}`);
  await page.keyboard.press('Enter');
}
async function click(what) {
  ++steps;
  await what.click();
}
async function reads(...expected) {
  const shown = await page.locator('section.verdict').innerText();
  for (const part of expected) assert.match(shown, part);
  assert.match(shown, /What to do/);
  assert.ok(steps <= 3, `${steps} steps`);
}

async function askFor(from, ...expected) {
  await search(from);
  await click(page.locator('.bubble-line.in .bubble', { hasText: `${from} asks` }));
  await page.locator('.verdict-text').waitFor();
  await reads(...expected);
}

test('a bad signature: what was refused is found by the number', async () => {
  const from = '919800000001';
  assert.equal(await write(from, 'hello', shop, { 'X-Hub-Signature-256': `sha256=${'0'.repeat(64)}` }), 401);
  await search(from);
  await click(page.getByRole('link', { name: 'Look for it among the refused' }));
  await click(page.locator('.post-row'));
  await page.locator('.verdict-text').waitFor();
  await reads(/signature mismatch/, /app secret/);
});

test('a number that nobody answers for', async () => {
  const from = '919800000002';
  assert.equal(await write(from, `${from} asks`, '999'), 200);
  await verdictIs(from, /no deployment/);
  await askFor(from, /no deployment had the phone_number_id 999/);
});

test('an agent that crashes', async () => {
  const from = '919800000003';
  assert.equal(await write(from, 'segv', clinic), 200);
  await verdictIs(from, /crashed 2 times/);
  await search(from);
  await click(page.locator('.bubble-line.in .bubble', { hasText: 'segv' }));
  await page.locator('.verdict-text').waitFor();
  await reads(/the agent crashed 2 times/);
});

test('a closed window', async () => {
  const from = '919800000004';
  await refuse(131047, { to: from });
  assert.equal(await write(from, `${from} asks`, shop), 200);
  await verdictIs(from, /131047/);
  await askFor(from, /131047/);
});

test('an expired token', async () => {
  const from = '919800000005';
  await refuse(190, { phone_number_id: salon });
  assert.equal(await write(from, `${from} asks`, salon), 200);
  await verdictIs(from, /nothing is sent from this number now/);
  await askFor(from, /nothing is sent from this number now/, /token/);
});

test('too many messages to one person', async () => {
  const from = '919800000006';
  await refuse(131056, { to: from });
  assert.equal(await write(from, `${from} asks`, shop), 200);
  await verdictIs(from, /131056/);
  await askFor(from, /131056/);
});

test('the pages were in order all the while', () => assert.deepEqual(problems, []));
