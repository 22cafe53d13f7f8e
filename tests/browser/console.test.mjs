// The operator's console in a real browser, over canned data (mock_engine.mjs).
//
//   PARLEY_CONSOLE_DIST  the folder in which the console was built, for example build/release/engine/admin/console/dist (required)
//   PARLEY_SCREENSHOTS   a folder for pictures of what was tested (default: none)
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { launch, openPage } from './browser.mjs';
import { now, silent } from './mock_data.mjs';
import { MockEngine, keys } from './mock_engine.mjs';

const folder = process.env.PARLEY_CONSOLE_DIST;
assert.ok(folder, 'set PARLEY_CONSOLE_DIST to the folder of the built console');

let browser;
let engine;
let page;
let problems;
let clicks;

// Signed in unless `key` is null.
async function open(where = '/console', { key = keys.admin, ...options } = {}) {
  await page?.context().close();
  page = await openPage(browser, engine.url, problems, { timezoneId: 'Asia/Kolkata', ...options });
  await page.clock.install({ time: now });
  if (key) await page.addInitScript((value) => sessionStorage.setItem('parley.key', value), key);
  await page.goto(engine.url + where);
}

async function click(locator) {
  ++clicks;
  await locator.click();
}

async function search(text) {
  await page.fill('.search input', text);
  ++clicks;
  await page.keyboard.press('Enter');
}

async function picture(name) {
  if (process.env.PARLEY_SCREENSHOTS) await page.screenshot({ path: path.join(process.env.PARLEY_SCREENSHOTS, `console-${name}.png`) });
}

const heading = (text) => page.getByRole('heading', { level: 1, name: text }).waitFor();
const verdict = () => page.locator('.verdict-text').innerText();

before(async () => {
  browser = await launch();
});

after(async () => {
  await browser?.close();
});

beforeEach(async () => {
  problems = [];
  clicks = 0;
  engine = await new MockEngine(folder).start();
});

afterEach(async () => {
  await page?.context().close();
  page = undefined;
  await engine.stop();
  assert.deepEqual(problems, []);
});

test('a key opens the console, stays in the tab and never stands in an address', async () => {
  await open('/console', { key: null });
  await page.getByLabel('API key').fill('wrong');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('This is not a key of this engine.').waitFor();
  await page.getByLabel('API key').fill(keys.admin);
  await page.keyboard.press('Enter');
  await heading('Overview');
  await page.getByText('jupiter-edge').first().waitFor();
  await page.reload();
  await heading('Overview');
  assert.equal(await page.evaluate((key) => JSON.stringify(localStorage).includes(key) || document.cookie.includes(key), keys.admin), false);
  assert.ok(engine.addresses.every((address) => !address.includes(keys.admin)));
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('API key').waitFor();
  assert.equal(await page.evaluate(() => sessionStorage.getItem('parley.key')), null);
});

test('a key that is taken away leads back to the door', async () => {
  await open();
  await heading('Overview');
  await page.evaluate(() => sessionStorage.clear());
  engine.api = () => { throw Object.assign(new Error('no'), { status: 401 }); };
  await page.clock.runFor(6_000);
  await page.getByText('The key is no longer accepted. Sign in again.').waitFor();
});

test('why did +91 98200 11223 get no answer at 14:03? Three clicks', async () => {
  await open();
  await heading('Overview');
  await search('+91 98200 11223');
  await heading(silent.name);
  await click(page.locator('.bubble', { hasText: '14:03' }));
  await heading('Message from +91 98200 11223');
  assert.match(await verdict(), /^No answer was sent: the agent did not finish within its deadline of 20 s/);
  assert.match(await page.locator('.remedy').innerText(), /retry dead letter 7/);
  assert.deepEqual(await page.locator('.step h3').evaluateAll((all) => all.map((one) => one.firstChild.textContent)),
    ['Webhook', 'Queue', 'Agent', 'Reply', 'Dead letter', 'Delivered again']);
  assert.ok(clicks <= 3, `${clicks} clicks`);
  await picture('message');
});

test('the search box takes a wamid, a message id and a webhook on every view, and says what it does not understand', async () => {
  await open();
  for (const view of ['', 'live', 'conversations', 'webhooks', 'dead-letters', 'accounts', 'agents', 'messages/in-4690', 'nonsense']) {
    await page.goto(`${engine.url}/console#/${view}`);
    await page.waitForSelector('h1, .nothing h2');
    await search(silent.message);
    await heading('Message from +91 98200 11223');
  }
  await search('wamid.HBgMOTE5ODIwMDExMjIzFQIAEhggQUM004690A0');
  await page.getByText('It was answered in 1.4 s.').waitFor();
  await search('refused-3');
  await heading('Webhook refused-3');
  await search('917012345670');
  await page.getByRole('heading', { level: 1, name: /Arjun Nair|Conversations of/ }).waitFor();
  await search('00000');
  await page.getByText('Nothing is stored of 00000').waitFor();
  await search('what?');
  await page.getByText('Type a phone number').waitFor();
});

test('a dead letter is tried again from its message, and another one dropped', async () => {
  await open(`/console#/messages/${silent.message}`);
  await page.getByRole('button', { name: 'Retry' }).click();
  await page.getByText(`${silent.message} waits for its turn again.`).waitFor();
  assert.equal(await page.getByRole('button', { name: 'Retry' }).isDisabled(), true);
  await page.getByRole('navigation').getByRole('link', { name: /Dead letters/ }).click();
  await page.locator('.letter-row').click();
  await heading('Dead letter 5');
  await page.getByRole('button', { name: 'Drop…' }).click();
  await page.keyboard.press('Escape');
  await page.locator('dialog').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Drop…' }).click();
  await page.getByRole('button', { name: 'Drop it' }).click();
  await page.getByText('Dropped.').waitFor();
  assert.deepEqual(engine.calls, [`POST /api/dead-letters/${silent.letter}/retry`, 'DELETE /api/dead-letters/5']);
});

test('a held message is sent again from its page, and another time cancelled from the list', async () => {
  await open();
  await page.locator('.tile', { hasText: 'Held' }).click();
  await heading('Held messages');
  await page.locator('.letter-row').click();
  await page.getByText('It is open whether WhatsApp has the reply').waitFor();
  await page.getByRole('button', { name: 'Send again…' }).click();
  await page.getByRole('button', { name: 'Cancel', exact: true }).click();
  assert.deepEqual(engine.calls, []);
  await page.getByRole('button', { name: 'Send again…' }).click();
  await page.getByRole('button', { name: 'Send again', exact: true }).click();
  await page.getByText('It is sent again.').waitFor();
  await page.goto(`${engine.url}/console#/outbox?state=queued`);
  await heading('Queued messages');
  await page.locator('li', { has: page.locator('[href$="out-4660"]') }).getByRole('button', { name: 'Cancel…' }).click();
  await page.getByRole('button', { name: 'Cancel it' }).click();
  await page.getByText('Cancelled.').waitFor();
  assert.deepEqual(engine.calls, ['POST /api/outbox/out-4660/send', 'POST /api/outbox/out-4660/cancel']);
});

test('a key without the scope is told so, and nothing happens', async () => {
  await open('/console#/dead-letters/7', { key: keys.reader });
  await page.getByRole('button', { name: 'Retry' }).click();
  await page.getByText('This key lacks the scope "send".').waitFor();
  assert.deepEqual(engine.calls, []);
});

test('a version on trial is promoted', async () => {
  await open('/console#/agents');
  await page.getByText('On trial: 1.5.0').waitFor();
  await page.getByRole('button', { name: 'Promote…' }).click();
  await page.getByRole('button', { name: 'Promote', exact: true }).click();
  await page.locator('.facts', { hasText: 'credit-card-agent 1.5.0' }).waitFor();
  assert.deepEqual(engine.calls, ['POST /api/deployments/jupiter-edge/reload {"to":"promote"}']);
});

test('an account goes through its steps until a test message is sent', async () => {
  await open('/console#/accounts/bakery');
  await page.getByRole('button', { name: 'Request the code' }).click();
  await page.getByText('waits for its code').waitFor();
  await page.getByLabel('The six digits').fill('111111');
  await page.getByRole('button', { name: 'Verify', exact: true }).click();
  await page.getByText('this code is wrong').waitFor();
  await page.getByLabel('The six digits').fill('123456');
  await page.getByRole('button', { name: 'Verify', exact: true }).click();
  await page.getByLabel('To', { exact: true }).fill('+91 98200 11223');
  await page.getByRole('button', { name: 'Send and wait' }).click();
  await page.getByText('WhatsApp took it: wamid.TEST').waitFor();
  assert.equal(engine.calls.length, 4);
});

test('an account is changed by what differs, and a refusal is told', async () => {
  await open('/console#/accounts/bakery');
  let seen;
  await page.route('**/api/accounts/bakery', (route) => {
    if (route.request().method() === 'PATCH') seen = route.request().headers()['if-match'];
    return route.continue();
  });
  await page.locator('summary', { hasText: 'Change' }).focus();
  await page.keyboard.press('Enter');
  await page.getByLabel('Another access token').focus();
  await page.keyboard.type('EAAG-bad');
  await page.keyboard.press('Enter');
  await page.getByText('does not open the number').waitFor();
  assert.equal(seen, '"4"');
  await page.getByLabel('Another access token').fill('EAAG-good');
  await page.getByLabel('Agent', { exact: false }).first().fill('echo');
  await page.getByLabel('Description').fill('Bread and cakes');
  await page.keyboard.press('Enter');
  await page.getByText('Changed.').waitFor();
  assert.equal(await page.getByLabel('Another access token').inputValue(), '');
  assert.equal(engine.calls.at(-1), 'PATCH /api/accounts/bakery {"access_token":"EAAG-good","agent":"echo","agent_webhook_url":null,"config":null,"business_profile":{"description":"Bread and cakes"}}');
  await page.getByText('Bread and cakes').waitFor();
  await picture('account-change');
  await open('/console#/accounts/jupiter-edge');
  await heading('Jupiter Edge');
  assert.equal(await page.locator('summary', { hasText: 'Change' }).count(), 0, 'the file is changed in the file');
});

test('a person’s data are erased only when their number was typed', async () => {
  await open(`/console#/conversations/jupiter-edge/${silent.user}`);
  await page.getByRole('button', { name: 'Erase…' }).click();
  assert.equal(await page.getByRole('button', { name: 'Erase', exact: true }).isDisabled(), true);
  await page.getByRole('textbox', { name: /^Type/ }).fill(silent.user);
  await page.getByRole('button', { name: 'Erase', exact: true }).click();
  await page.getByText('Nothing is stored here').waitFor();
  assert.deepEqual(engine.calls, [`DELETE /api/conversations/jupiter-edge/${silent.user}`]);
});

test('everything is reached with the keyboard alone', async () => {
  await open();
  await heading('Overview');
  const focused = () => page.evaluate(() => document.activeElement.textContent.trim() || document.activeElement.getAttribute('aria-label'));
  await page.keyboard.press('Tab');
  assert.equal(await focused(), 'To the content');
  await page.keyboard.press('/');
  assert.equal(await focused(), 'Find a person or a message');
  await page.keyboard.type('+919820011223');
  await page.keyboard.press('Enter');
  await heading(silent.name);
  const isThere = () => page.evaluate(() => document.activeElement.matches('.bubble') && document.activeElement.textContent.includes('14:03'));
  for (let i = 0; i < 30 && !(await isThere()); ++i) await page.keyboard.press('Tab');
  assert.notEqual(await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle), 'none');
  await page.keyboard.press('Enter');
  await heading('Message from +91 98200 11223');
  await page.goto(`${engine.url}/console#/live`);
  await page.locator('.message-row').first().focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  const third = await page.locator('.message-row').nth(2).getAttribute('href');
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute('href')), third);
  await page.keyboard.press('Enter');
  await page.locator('.verdict').waitFor();
});

test('older messages are fetched without moving what is read', async () => {
  await open('/console#/conversations/jupiter-edge/919876500001');
  await page.locator('.bubble').first().waitFor();
  engine.history = function few(owner, user, query) {
    query.set('limit', '6');
    return MockEngine.prototype.history.call(this, owner, user, query);
  };
  await page.reload();
  const first = page.locator('.bubble').first();
  await first.waitFor();
  const href = await first.getAttribute('href');
  await page.evaluate(() => scrollTo(0, 0));
  const place = () => page.locator(`.bubble[href="${href}"]`).evaluate((one) => one.getBoundingClientRect().top);
  const top = await place();
  await page.getByRole('button', { name: 'Older messages' }).click();
  await page.waitForFunction(() => document.querySelectorAll('.bubble').length === 12);
  assert.ok(Math.abs((await place()) - top) < 3, `moved by ${(await place()) - top} px`);
});

test('polling moves nothing, and data stay while the engine is busy', async () => {
  await open();
  await page.getByText('What people want').waitFor();
  await page.waitForTimeout(200);
  await page.evaluate(() => {
    window.shifted = 0;
    new PerformanceObserver((list) => list.getEntries().forEach((entry) => { window.shifted += entry.value; })).observe({ type: 'layout-shift' });
  });
  for (let i = 0; i < 8; ++i) {
    await page.clock.runFor(3_000);
    await page.waitForTimeout(40);
  }
  await page.locator('.chart path.line').first().waitFor();
  assert.ok(await page.evaluate(() => window.shifted) < 0.002);
  await picture('overview');
  engine.broken = true;
  await page.clock.runFor(7_000);
  await page.waitForTimeout(100);
  assert.equal(await page.getByRole('link', { name: 'credit-card-agent 1.4.2' }).isVisible(), true);
  await page.goto(`${engine.url}/console#/webhooks`);
  await page.getByText('The engine is busy').waitFor();
  engine.broken = false;
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.locator('.post-row').first().waitFor();
});

test('what others wrote is never read as HTML', async () => {
  await open('/console#/webhooks');
  await page.getByRole('link', { name: 'Refused' }).click();
  await page.getByLabel('Contains').fill('probe');
  await page.keyboard.press('Enter');
  await page.locator('.post-row', { hasText: 'signature mismatch' }).click();
  await page.getByText('Refused: signature mismatch.').waitFor();
  assert.match(await page.locator('pre').innerText(), /<script>alert\(1\)<\/script>/);
  assert.equal(await page.locator('#app script').count(), 0);
});

test('dark follows the system, and the switch is stronger', async () => {
  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await open('/console', { colorScheme: 'dark' });
  await heading('Overview');
  const dark = await paper();
  await picture('dark');
  await page.getByRole('button', { name: 'Theme: as the system' }).click();
  const light = await paper();
  assert.notEqual(light, dark);
  await page.reload();
  await heading('Overview');
  assert.equal(await paper(), light);
  await page.getByRole('button', { name: 'Theme: light' }).click();
  assert.equal(await paper(), dark);
});

test('a phone shows every view without scrolling sideways', async () => {
  await open('/console', { viewport: { width: 390, height: 800 } });
  for (const view of ['', 'live', 'conversations', `conversations/jupiter-edge/${silent.user}`, `messages/${silent.message}`, 'webhooks', 'webhooks/post-330', 'dead-letters', 'dead-letters/7', 'outbox', 'messages/out-4660', 'accounts', 'accounts/bakery', 'agents']) {
    await page.goto(`${engine.url}/console#/${view}`);
    await page.waitForSelector('h1');
    await page.waitForFunction(() => !document.querySelector('.skeleton'));
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= 390, `#/${view} is ${width} px wide`);
  }
  await page.getByRole('button', { name: 'Navigation' }).click();
  await page.getByRole('navigation').getByRole('link', { name: 'Live messages' }).waitFor();
  await picture('phone');
  await page.keyboard.press('Escape');
  assert.equal(await page.getByRole('navigation').isVisible(), false);
});

test('the API document is browsed and narrowed down', async () => {
  await open('/docs', { key: null });
  await heading(/^Parley/);
  const all = await page.locator('.call').count();
  assert.ok(all > 30, `${all} calls`);
  await page.getByLabel('Find a call').fill('reload deployments');
  await page.waitForFunction(() => document.querySelectorAll('.call').length === 1);
  const call = page.locator('.call');
  await call.getByText('before', { exact: true }).click();
  await call.locator('.tree .tree code', { hasText: 'version' }).first().waitFor();
  await call.getByText('On a command line').click();
  assert.match(await call.locator('pre', { hasText: 'curl' }).innerText(), /X-API-Key: \$API_KEY/);
  await picture('docs');
});
