// The phone page: joins the store, the views and the simulator.
import { followEvents, sendMessage, tellSeen } from './api.js';
import { ChatView } from './chat_view.js';
import { Composer } from './composer.js';
import { byId, icon } from './dom.js';
import { Drawer } from './drawer.js';
import { PeopleView } from './people_view.js';
import { closeOnBackdrop, openList } from './sheet.js';
import { phone, Store } from './store.js';
import { setUpTheme } from './theme.js';

const store = new Store();
const acts = {
  send, sendQuietly, choose, chooseNumber, addPerson, refresh: render,
  quote: (message) => composer.quote(message),
  inspect: (message) => drawer.inspect(message),
  openList: (message) => openList(message, sendQuietly),
};
const drawer = new Drawer(store);
const chat = new ChatView(store, acts);
const people = new PeopleView(store, acts);
const composer = new Composer(acts);

let trouble = '';

async function send(message) {
  const { name, user } = store.person();
  try {
    await sendMessage({ phone_number_id: store.number, from: user, name, ...message });
    trouble = '';
  } catch (error) {
    trouble = `Not sent: ${error.message}`;
    renderNotice();
    throw error;
  }
}

// For taps: the notice says what went wrong, and nothing was typed that could be lost.
function sendQuietly(message) {
  return send(message).catch(() => {});
}

function choose(user) {
  store.choose(user);
  composer.quote(null);
  byId('app').classList.add('chatting');
  render();
  byId('text').focus();
}

function chooseNumber(number) {
  store.chooseNumber(number);
  composer.quote(null);
  render();
}

function addPerson(name, user) {
  store.addPerson(name, user);
  choose(user);
}

function renderNotice() {
  const verification = store.webhook.verification ?? {};
  let text = trouble;
  if (store.lost) text = 'The simulator does not answer. Trying again…';
  else if (!text && verification.state === 'waiting' && verification.reason) text = `Waiting for the webhook: ${verification.reason}`;
  else if (!text && verification.state === 'refused') text = `The webhook was not verified: ${verification.reason}`;
  else if (!text && store.codes.length > 0) {
    text = store.codes.map((code) => `WhatsApp code for ${code.display_phone_number}: ${code.code} (${code.method})`).join(' · ');
  }
  const notice = byId('notice');
  notice.hidden = !text;
  notice.textContent = text;
}

function renderHead() {
  const business = store.business();
  if (!business) return;
  byId('business-name').textContent = business.verified_name;
  byId('business-face').textContent = business.verified_name[0] ?? '?';
  const line = store.isTyping() ? 'typing…' : `${phone(business)} · you are ${store.person().name}`;
  if (byId('business-line').textContent !== line) byId('business-line').textContent = line;
}

// The business learns that its messages were read when they are really on the screen.
function noteSeen() {
  if (document.visibilityState !== 'visible') return;
  store.markRead();
  const unseen = store.chat().some((m) => !m.from_user && ['accepted', 'sent', 'delivered'].includes(m.state) && !seenIds.has(m.id));
  if (!unseen) return;
  for (const message of store.chat()) seenIds.add(message.id);
  tellSeen(store.number, store.user).catch(() => seenIds.clear());
}
const seenIds = new Set();

// At most once a frame, however many events come.
function renderSoon() {
  if (frame === 0) frame = setTimeout(render, 16);
}
let frame = 0;

function render() {
  clearTimeout(frame);
  frame = 0;
  renderHead();
  renderNotice();
  noteSeen();
  people.render();
  chat.render();
  drawer.render();
}

byId('back').append(icon('back'));
byId('back').addEventListener('click', () => {
  byId('app').classList.remove('chatting');
  document.querySelector('.person[aria-current]')?.focus();
});
closeOnBackdrop(byId('sheet'));
closeOnBackdrop(byId('person-dialog'));
document.addEventListener('visibilitychange', render);
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && drawer.isOpen() && !document.querySelector('dialog[open]')) drawer.toggle(false);
  if (event.key === 'd' && event.ctrlKey) {
    event.preventDefault();
    drawer.toggle();
  }
});

setUpTheme(byId('theme'));
byId('app').classList.add('chatting');
if (matchMedia('(min-width: 720px)').matches) byId('text').focus();
followEvents((changes, restarted) => {
  store.apply(changes, restarted);
  renderSoon();
}, (lost) => {
  store.lost = lost;
  renderNotice();
});
