// The people one can be, the number one writes to, and the dialog for a new person.
import { byId, el, initials } from './dom.js';
import { summary } from './format.js';
import { phone } from './store.js';

const clockFormat = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' });

const hues = 8;  // that the style sheet has

export class PeopleView {
  constructor(store, acts) {
    this.store = store;
    this.acts = acts;
    this.looks = '';
    this.list = byId('people-list');
    this.list.addEventListener('keydown', (event) => this.move(event));
    byId('new-person').addEventListener('click', () => this.open());
    byId('person-cancel').addEventListener('click', () => byId('person-dialog').close());
    byId('person-form').addEventListener('submit', (event) => {
      event.preventDefault();
      this.add();
    });
    byId('number').addEventListener('change', (event) => this.acts.chooseNumber(event.target.value));
  }

  move(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const buttons = [...this.list.querySelectorAll('button')];
    buttons[buttons.indexOf(document.activeElement) + step]?.focus();
  }

  render() {
    const rows = this.store.people.map((person, index) => {
      const last = this.store.chat(person.user).at(-1);
      const chosen = person.user === this.store.user;
      return {
        ...person, chosen, hue: `hue-${index % hues}`,
        line: last ? summary(last.content) : `+${person.user}`,
        time: last ? clockFormat.format(new Date(last.at_unix_ms)) : '',
        unread: chosen ? 0 : this.store.unread(person.user),
      };
    });
    const looks = JSON.stringify([rows, this.store.numbers, this.store.number]);
    if (looks === this.looks) return;
    this.looks = looks;
    const focused = this.list.contains(document.activeElement) ? document.activeElement.dataset.user : null;
    this.list.replaceChildren(...rows.map((row) => this.row(row)));
    if (focused) this.list.querySelector(`[data-user="${CSS.escape(focused)}"]`)?.focus();
    this.renderNumbers();
  }

  row(person) {
    return el('li', {},
      el('button', {
        type: 'button', class: 'person', 'data-user': person.user,
        'aria-current': person.chosen ? 'true' : false, onclick: () => this.acts.choose(person.user),
      },
      el('span', { class: `face ${person.hue}`, 'aria-hidden': 'true', text: initials(person.name.replace(/^\+/, '')) }),
      el('span', { class: 'person-text' },
        el('span', { class: 'person-name', text: person.name }),
        el('span', { class: 'person-line', text: person.line })),
      el('span', { class: 'person-side' },
        el('time', { text: person.time }),
        person.unread > 0 && el('b', { class: 'badge', 'aria-label': `${person.unread} unread`, text: String(person.unread) }))));
  }

  renderNumbers() {
    byId('number-picker').hidden = this.store.numbers.length < 2;
    byId('number').replaceChildren(...this.store.numbers.map((number) =>
      el('option', {
        value: number.phone_number_id, selected: number.phone_number_id === this.store.number,
        text: `${number.verified_name} · ${phone(number)}`,
      })));
  }

  open() {
    byId('person-name').value = '';
    byId('person-number').value = `+9198${String(crypto.getRandomValues(new Uint32Array(1))[0] % 1e8).padStart(8, '0')}`;
    byId('person-error').hidden = true;
    byId('person-dialog').showModal();
    byId('person-name').focus();
  }

  add() {
    const name = byId('person-name').value.trim();
    const user = byId('person-number').value.replace(/[\s()+-]/g, '');
    const error = byId('person-error');
    if (!/^\d{5,15}$/.test(user)) {
      error.textContent = 'A number has 5 to 15 digits, with its country code.';
      error.hidden = false;
      return;
    }
    byId('person-dialog').close();
    this.acts.addPerson(name, user);
  }
}
