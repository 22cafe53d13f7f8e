// The phone page in a real browser. Needs a running simulator with an engine behind its webhook (`parley demo`):
//
//   PARLEY_SIM_URL      the simulator's address, for example http://127.0.0.1:8090 (required)
//   PARLEY_SIM_TOKEN    a Bearer token its Graph endpoint takes (default: test)
//   PARLEY_CHROMIUM     the browser (default: /usr/bin/chromium)
//   PARLEY_SCREENSHOTS  a folder for pictures of what was tested (default: none)
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { chromium } from 'playwright-core';

const base = process.env.PARLEY_SIM_URL;
const token = process.env.PARLEY_SIM_TOKEN ?? 'test';
const screenshots = process.env.PARLEY_SCREENSHOTS;
assert.ok(base, 'set PARLEY_SIM_URL to the address of a running simulator');

const switches = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const patience = 20_000;

let browser;
let page;
let problems;
let user;
let number;

// A user of its own for every test, so that runs do not see each other's messages.
function freshUser() {
  return `91${String(Math.floor(Math.random() * 1e10)).padStart(10, '0')}`;
}

async function graph(message) {
  const answer = await fetch(`${base}/v25.0/${number}/messages`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ messaging_product: 'whatsapp', to: `+${user}`, ...message }),
  });
  assert.equal(answer.status, 200, await answer.text());
}

async function open(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1200, height: 800 }, ...options });
  const opened = await context.newPage();
  opened.setDefaultTimeout(patience);
  opened.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  opened.on('pageerror', (error) => problems.push(String(error)));
  opened.on('dialog', (dialog) => {
    problems.push(`a dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  opened.on('request', (request) => {
    if (!request.url().startsWith(base) && !request.url().startsWith('data:')) problems.push(`a request to ${request.url()}`);
  });
  await opened.goto(`${base}/`);
  return opened;
}

async function become(name) {
  await page.click('#new-person');
  await page.fill('#person-name', name);
  await page.fill('#person-number', `+${user}`);
  await page.keyboard.press('Enter');
  await page.waitForSelector('#empty:not([hidden])');
}

async function say(text) {
  await page.fill('#text', text);
  await page.keyboard.press('Enter');
}

async function picture(name) {
  if (screenshots) await page.screenshot({ path: path.join(screenshots, `${name}.png`) });
}

before(async () => {
  browser = await chromium.launch({ executablePath: process.env.PARLEY_CHROMIUM ?? '/usr/bin/chromium', args: switches });
  const events = await (await fetch(`${base}/sim/events?after=0&wait=0`)).json();
  number = events.numbers[0].phone_number_id;
});

after(async () => {
  await browser?.close();
});

beforeEach(async () => {
  await page?.context().close();
  problems = [];
  user = freshUser();
  page = await open();
});

test('a typed message gets its tick and an answer', async () => {
  await become('Meera');
  await say('Hi');
  const mine = page.locator('.row.mine', { hasText: 'Hi' });
  await mine.waitFor();
  await mine.locator('.ticks.accepted, .ticks.read').waitFor();
  await page.locator('.row.theirs .bubble').first().waitFor();
  assert.notEqual((await page.locator('.row.theirs .body').first().innerText()).trim(), '');
  await picture('answer');
  assert.deepEqual(problems, []);
});

test('a tap on a reply button sends it, once', async () => {
  await become('Meera');
  const buttons = ['Apply', 'Later'].map((title) => ({ type: 'reply', reply: { id: title.toLowerCase(), title } }));
  await graph({ type: 'interactive', interactive: { type: 'button', body: { text: 'Apply now?' }, action: { buttons } } });
  await page.click('.tap >> text=Apply');
  const mine = page.locator('.row.mine', { hasText: 'Apply' });
  await mine.locator('.ticks.accepted, .ticks.read').waitFor();
  assert.equal(await mine.locator('.quoted').count(), 1);
  await page.locator('.tap.chosen', { hasText: 'Apply' }).waitFor();
  assert.equal(await page.locator('.tap', { hasText: 'Later' }).isDisabled(), true);
  await page.click('#developer');
  const sent = page.locator('#drawer');
  await mine.hover();
  await mine.locator('[title="Show JSON"]').click();
  await sent.locator('pre', { hasText: '"button_reply"' }).first().waitFor();
  assert.match(await sent.locator('pre', { hasText: '"button_reply"' }).first().innerText(), /"id": "apply"/);
  await picture('drawer');
  assert.deepEqual(problems, []);
});

test('a list opens as a sheet and is used with the keyboard', async () => {
  await become('Meera');
  const sections = [{ title: 'Card', rows: [{ id: 'fees', title: 'Fees', description: 'Joining, annual' }, { id: 'perks', title: 'Perks' }] }];
  await graph({ type: 'interactive', interactive: { type: 'list', body: { text: 'Pick one' }, action: { button: 'Topics', sections } } });
  await page.click('.tap >> text=Topics');
  await page.locator('#sheet .list-row').first().waitFor();
  await picture('sheet');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.locator('.row.mine', { hasText: 'Perks' }).locator('.ticks.accepted, .ticks.read').waitFor();
  assert.equal(await page.locator('#sheet').isVisible(), false);
  assert.deepEqual(problems, []);
});

test('what a message contains is never read as HTML', async () => {
  await become('Meera');
  const nasty = '<img src=x onerror=alert(1)> <script>alert(2)</script> javascript:alert(3)';
  await graph({ type: 'text', text: { body: nasty } });
  await page.locator('.row.theirs .body', { hasText: '<script>' }).waitFor();
  assert.equal(await page.locator('.row.theirs .body').first().innerText(), nasty);
  assert.equal(await page.locator('#messages img, #messages script, #messages a').count(), 0);
  await say(nasty);
  await page.locator('.row.mine .body', { hasText: '<script>' }).waitFor();
  assert.deepEqual(problems, []);
});

test('WhatsApp formatting is shown', async () => {
  await become('Meera');
  await graph({ type: 'text', text: { body: '*bold* _slanted_ ~gone~ `code` 2*3*4 snake_case_name https://example.com/a_b_c.' } });
  const body = page.locator('.row.theirs .body').first();
  await body.waitFor();
  assert.equal(await body.locator('strong').innerText(), 'bold');
  assert.equal(await body.locator('em').innerText(), 'slanted');
  assert.equal(await body.locator('s').innerText(), 'gone');
  assert.equal(await body.locator('code').innerText(), 'code');
  assert.equal(await body.locator('a').getAttribute('href'), 'https://example.com/a_b_c');
  assert.match(await body.innerText(), /2\*3\*4 snake_case_name/);
  assert.deepEqual(problems, []);
});

test('an opened chat marks the business’s messages as read', async () => {
  await become('Meera');
  await graph({ type: 'text', text: { body: 'Are you there?' } });
  const isRead = async () => {
    const state = await (await fetch(`${base}/sim/state?to=${user}`)).json();
    return state.sends.recipients[user].messages.at(-1).status === 'read';
  };
  const until = Date.now() + patience;
  while (!(await isRead())) {
    assert.ok(Date.now() < until, 'the message was not marked as read');
    await page.waitForTimeout(50);
  }
  assert.deepEqual(problems, []);
});

test('a narrow dark screen shows chat and people one at a time', async () => {
  await page.context().close();
  page = await open({ viewport: { width: 390, height: 780 }, colorScheme: 'dark' });
  await page.locator('#text').waitFor();
  assert.equal(await page.locator('.people').isVisible(), false);
  await page.click('#back');
  assert.equal(await page.locator('.chat').isVisible(), false);
  await become('Meera');
  await say('Namaste');
  await page.locator('.row.mine .ticks.accepted, .row.mine .ticks.read').waitFor();
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= 390, `the page is ${width} px wide`);
  await picture('narrow-dark');
  assert.deepEqual(problems, []);
});
