// Writing: Enter sends, Shift+Enter breaks the line, a quote can be attached, the box grows with its text.
import { byId, el, icon } from './dom.js';
import { summary } from './format.js';

const tallest = 160;

export class Composer {
  constructor(acts) {
    this.acts = acts;
    this.quoted = null;
    this.text = byId('text');
    byId('send').append(icon('send'));
    byId('composer').addEventListener('submit', (event) => {
      event.preventDefault();
      this.submit();
    });
    this.text.addEventListener('input', () => this.fit());
    this.text.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.submit();
      } else if (event.key === 'Escape' && this.quoted) {
        event.stopPropagation();
        this.quote(null);
      }
    });
    this.fit();
  }

  submit() {
    const text = this.text.value.trim();
    if (!text) return;
    const message = { text };
    if (this.quoted) message.reply_to = this.quoted.id;
    this.text.value = '';
    this.quote(null);
    this.fit();
    this.acts.send(message).catch(() => {
      this.text.value = text;
      this.fit();
    });
  }

  quote(message) {
    this.quoted = message;
    const bar = byId('quote');
    bar.hidden = !message;
    if (!message) return;
    bar.replaceChildren(
      el('div', { class: 'quoted' },
        el('strong', { text: message.from_user ? 'You' : 'Business' }),
        el('span', { text: summary(message.content) })),
      el('button', { type: 'button', class: 'mini', 'aria-label': 'Do not quote', onclick: () => this.quote(null) }, icon('close')));
    this.text.focus();
  }

  fit() {
    this.text.style.height = 'auto';
    this.text.style.height = `${Math.min(this.text.scrollHeight, tallest)}px`;
    byId('send').disabled = this.text.value.trim() === '';
  }
}
