// The chat: bubbles of the chosen person and number, day lines, typing, empty state, and keeping the newest in view.
import { bubble } from './bubble.js';
import { byId, el, icon } from './dom.js';

const dayFormat = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' });
const suggestions = ['Hi', 'What is the cashback?', 'Namaste'];

function dayOf(message) {
  return new Date(message.at_unix_ms).toDateString();
}

function dayName(day) {
  return day === new Date().toDateString() ? 'Today' : dayFormat.format(new Date(day));
}

// What changes the look of a bubble beside the message itself.
function contexts(chat) {
  const byMessage = new Map(chat.map((message) => [message.id, { reaction: null }]));
  const messages = new Map(chat.map((message) => [message.id, message]));
  for (const message of chat) {
    const target = byMessage.get(message.content.context?.id);
    const reply = message.content.interactive?.button_reply;
    if (target && reply) target.answer = reply.id;
    const reacted = byMessage.get(message.content.reaction?.message_id);
    if (reacted) reacted.reaction = message.content.reaction.emoji || null;
    byMessage.get(message.id).quoted = messages.get(message.content.context?.id);
  }
  return byMessage;
}

export class ChatView {
  constructor(store, acts) {
    this.store = store;
    this.acts = acts;
    this.shown = new Map();
    this.chatKey = '';
    this.scroll = byId('scroll');
    this.list = byId('messages');
    this.down = byId('down');
    this.down.append(icon('down'));
    this.down.addEventListener('click', () => this.toBottom(true));
    this.sticks = true;
    this.scroll.addEventListener('scroll', () => {
      this.sticks = this.isAtBottom();
      this.down.hidden = this.sticks;
    });
    // A drawer that opens or a keyboard that appears must not push the newest message out of sight.
    const observer = new ResizeObserver(() => {
      if (this.sticks) this.toBottom(false);
    });
    observer.observe(this.scroll);
    observer.observe(this.list);
  }

  isAtBottom() {
    return this.scroll.scrollHeight - this.scroll.scrollTop - this.scroll.clientHeight < 80;
  }

  toBottom(smooth) {
    this.scroll.scrollTo({ top: this.scroll.scrollHeight, behavior: smooth ? 'smooth' : 'instant' });
    this.sticks = true;
    this.down.hidden = true;
  }

  render() {
    const key = `${this.store.number}/${this.store.user}`;
    const fresh = key !== this.chatKey;
    if (fresh) {
      this.chatKey = key;
      this.list.replaceChildren();
      this.shown.clear();
    }
    const stay = fresh || this.isAtBottom();
    const chat = this.store.chat();
    const grew = this.update(chat.filter((message) => message.content.type !== 'reaction'), contexts(chat), fresh);
    this.showTyping();
    this.showEmpty(chat.length === 0);
    if (stay || grew === 'mine') this.toBottom(!fresh && grew);
  }

  // Keeps the rows that did not change, so that focus and selection stay. Says whose message came last, if one came.
  update(chat, context, fresh) {
    let grew = null;
    let day = '';
    const rows = [];
    const kept = new Map();
    for (const message of chat) {
      if (dayOf(message) !== day) {
        day = dayOf(message);
        const known = this.shown.get(day)?.node;
        const line = known ?? el('li', { class: 'day', role: 'presentation' }, el('span', { text: dayName(day) }));
        kept.set(day, { node: line });
        rows.push(line);
      }
      const looks = JSON.stringify([message, context.get(message.id)]);
      const known = this.shown.get(message.id);
      const node = known?.looks === looks ? known.node : bubble(message, context.get(message.id), this.acts);
      if (!known) grew = message.from_user ? 'mine' : 'theirs';
      if (!known && !fresh) node.classList.add('new');
      kept.set(message.id, { node, looks });
      rows.push(node);
    }
    this.shown = kept;
    this.place(rows);
    return grew;
  }

  place(rows) {
    const focused = this.list.contains(document.activeElement) ? document.activeElement.closest('li')?.dataset.id : null;
    let at = this.list.firstChild;
    for (const row of rows) {
      if (row === at) at = at.nextSibling;
      else this.list.insertBefore(row, at);
    }
    while (at) {
      const next = at.nextSibling;
      at.remove();
      at = next;
    }
    if (focused && !this.list.contains(document.activeElement)) byId('text').focus();
  }

  showTyping() {
    const typing = this.store.isTyping();
    byId('typing').hidden = !typing;
    clearTimeout(this.typingTimer);
    if (typing) this.typingTimer = setTimeout(() => this.acts.refresh(), 1000);
  }

  suggest(text) {
    this.acts.sendQuietly({ text });
    byId('text').focus();
  }

  showEmpty(empty) {
    const section = byId('empty');
    section.hidden = !empty;
    if (!empty) return;
    const name = this.store.business()?.verified_name ?? 'the business';
    section.replaceChildren(
      el('div', { class: 'empty-art', 'aria-hidden': 'true' }, el('i'), el('i'), el('i')),
      el('h3', { text: `Say hello to ${name}` }),
      el('p', { text: 'You write as a customer. Parley gets a signed webhook, and the agent’s answer appears here.' }),
      el('div', { class: 'chips' }, ...suggestions.map((text) =>
        el('button', { type: 'button', class: 'chip', text, onclick: () => this.suggest(text) }))));
  }
}
