// The console as a running demo serves it. Its API needs no key on the same machine.
//
//   PARLEY_ENGINE_URL  the address of the demo's engine (required)
//   PARLEY_SIM_URL     the address of its simulator (required)
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, openPage } from './browser.mjs';

const base = process.env.PARLEY_ENGINE_URL;
const simulator = process.env.PARLEY_SIM_URL;
assert.ok(base, 'set PARLEY_ENGINE_URL to the address of a running engine');
assert.ok(simulator, 'set PARLEY_SIM_URL to the address of its simulator');

let browser;
let page;
const problems = [];

before(async () => {
  browser = await launch();
  page = await openPage(browser, base, problems);
});

after(async () => {
  await browser?.close();
});

test('the demo opens without a key and shows what runs', async () => {
  await page.goto(`${base}/console`);
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  await page.locator('.tile', { hasText: 'Ready' }).waitFor();
  const row = page.locator('tr', { hasText: 'jupiter-edge' });
  await row.getByText(/credit-card-agent \d/).waitFor();
  assert.deepEqual(problems, []);
});

test('an agent’s file is loaded again from its card', async () => {
  await page.goto(`${base}/console#/agents`);
  const card = page.getByRole('region', { name: 'jupiter-edge' });
  await card.getByRole('button', { name: 'Load the file again…' }).click();
  await page.getByRole('button', { name: 'Load it' }).click();
  await card.getByText(/credit-card-agent .* answers/).waitFor();
  assert.deepEqual(problems, []);
});

test('there are no dead letters, and the page says so', async () => {
  await page.goto(`${base}/console#/dead-letters`);
  await page.getByText('Every message was answered, and every reply was sent.').waitFor();
  assert.deepEqual(problems, []);
});

test('the document of the API is served for browsing', async () => {
  await page.goto(`${base}/docs`);
  await page.locator('.call', { hasText: '/api/deployments/{deployment}/reload' }).waitFor();
  assert.deepEqual(problems, []);
});

test('who wrote a moment ago is found, and what became of it', async () => {
  const from = `9197${String(Date.now()).slice(-8)}`;
  const said = await fetch(`${simulator}/sim/messages`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ from, name: 'Asha', text: 'What is the annual fee?' }) });
  assert.equal(said.status, 200, await said.text());
  await page.goto(`${base}/console`);
  const mine = page.locator('.bubble', { hasText: 'What is the annual fee?' });
  for (let i = 0; i < 50 && !(await mine.isVisible()); ++i) {
    await page.fill('.search input', `+${from}`);
    await page.keyboard.press('Enter');
    await mine.waitFor({ timeout: 200 }).catch(() => {});
  }
  await page.locator('.bubble-line.out .bubble').first().waitFor();
  await mine.getByText('answered').waitFor();
  await mine.click();
  await page.locator('.verdict-text').waitFor();
  assert.ok((await page.locator('.step').count()) >= 3);
  await page.goto(`${base}/console#/live`);
  await page.locator('.message-row', { hasText: 'What is the annual fee?' }).first().waitFor();
  assert.deepEqual(problems, []);
});
