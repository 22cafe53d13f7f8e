// The developer drawer: the webhook's raw JSON, the Graph call and its answer, and the last try of the chosen message.
import { byId, el, icon } from './dom.js';
import { summary } from './format.js';

function pretty(raw) {
  try {
    return JSON.stringify(JSON.parse(raw), null, 2);
  } catch {
    return raw;
  }
}

function block(title, note, raw) {
  if (!raw) return null;
  const code = el('pre', { tabindex: '0' }, el('code', { text: pretty(raw) }));
  const copy = el('button', { type: 'button', class: 'quiet small', text: 'Copy' });
  copy.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(raw);
      copy.textContent = 'Copied';
    } catch {
      copy.textContent = 'Not allowed';
    }
    setTimeout(() => { copy.textContent = 'Copy'; }, 1500);
  });
  const asSent = el('button', { type: 'button', class: 'quiet small', text: 'As sent', 'aria-pressed': 'false' });
  asSent.addEventListener('click', () => {
    const sent = asSent.getAttribute('aria-pressed') !== 'true';
    asSent.setAttribute('aria-pressed', String(sent));
    code.firstChild.textContent = sent ? raw : pretty(raw);
  });
  return el('section', { class: 'json' },
    el('header', {}, el('h4', { text: title }), asSent, copy),
    note && el('p', { text: note }),
    code);
}

function curl(message) {
  const body = { phone_number_id: message.phone_number_id, from: message.user, name: message.user_name };
  if (message.content.type === 'text') body.text = message.content.text.body;
  else body.message = message.content;
  const quoted = JSON.stringify(body).replaceAll("'", "'\\''");
  return `curl -s ${location.origin}/sim/messages -H 'Content-Type: application/json' -d '${quoted}'`;
}

export class Drawer {
  constructor(store) {
    this.store = store;
    this.id = null;
    this.looks = '';
    this.node = byId('drawer');
    this.button = byId('developer');
    this.button.append(icon('code'));
    this.button.addEventListener('click', () => this.toggle());
  }

  isOpen() {
    return !this.node.hidden;
  }

  toggle(open = !this.isOpen()) {
    this.node.hidden = !open;
    this.looks = '';
    this.button.setAttribute('aria-pressed', String(open));
    byId('app').classList.toggle('with-drawer', open);
    if (open) this.render();
    else this.id = null;
  }

  inspect(message) {
    this.id = message.id;
    this.toggle(true);
    this.node.querySelector('.close')?.focus();
  }

  render() {
    if (!this.isOpen()) return;
    const message = this.store.messages.get(this.id) ?? this.store.chat().at(-1);
    const looks = JSON.stringify([message, this.store.webhook]);
    if (looks === this.looks) return;
    this.looks = looks;
    const close = el('button', { type: 'button', class: 'icon-button close', 'aria-label': 'Close the drawer', onclick: () => this.toggle(false) }, icon('close'));
    this.node.replaceChildren(
      el('header', { class: 'drawer-head' },
        el('div', {}, el('h3', { text: 'Developer' }), el('p', { text: message ? summary(message.content).slice(0, 80) : '' })),
        close),
      message ? this.details(message) : el('p', { class: 'hint', text: 'Write a message to see its webhook and the Graph call that answers it.' }));
  }

  details(message) {
    const facts = [
      ['Webhook', this.store.webhook.url || 'none configured'],
      ['Verification', this.store.webhook.verification?.state ?? 'none'],
      ['Message', message.id],
      ['State', message.state],
    ];
    if (message.delivery) {
      const { tries, http_status: status, reason } = message.delivery;
      facts.push(['Last webhook', `${status ? `HTTP ${status}` : 'no answer'}${reason ? `: ${reason}` : ''} (try ${tries})`]);
    }
    return el('div', { class: 'drawer-body' },
      el('dl', {}, ...facts.flatMap(([name, value]) => [el('dt', { text: name }), el('dd', { text: value })])),
      block('Graph call', `POST /v…/${message.phone_number_id}/messages`, message.request),
      block('Graph answer', null, message.response),
      block('Webhook', message.from_user ? 'X-Hub-Signature-256 covers exactly these bytes' : 'its last status', message.webhook),
      message.from_user && block('The same with curl', null, curl(message)));
  }
}
