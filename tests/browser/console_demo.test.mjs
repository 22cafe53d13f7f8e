// The console as a running demo serves it. Its API needs no key on the same machine.
//
//   PARLEY_ENGINE_URL  the address of the demo's engine (required)
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, openPage } from './browser.mjs';

const base = process.env.PARLEY_ENGINE_URL;
assert.ok(base, 'set PARLEY_ENGINE_URL to the address of a running engine');

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
