// What the page knows: numbers, people, messages of all chats, who is typing. Tells one listener of changes.

const savedPeople = 'parley.people';
const mostGuests = 40;
const mostInChat = 1000;
const firstPeople = [
  { name: 'Asha Rao', user: '919876543210' },
  { name: 'Rahul Mehta', user: '919812345678' },
  { name: 'Test User', user: '919800000003' },
];

function load(key, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

function save(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // A browser without storage forgets; the chat works all the same.
  }
}

export function phone(number) {
  return `+${number.display_phone_number.replace(/\D/g, '')}`;
}

export class Store {
  constructor() {
    this.numbers = [];
    this.codes = [];
    this.people = load(savedPeople, firstPeople);
    this.messages = new Map();
    this.chats = new Map();  // "number/user" to its messages, in order
    this.typing = new Map();
    this.webhook = {};
    this.lost = false;
    this.number = load('parley.number', null);
    this.user = load('parley.user', this.people[0].user);
    this.readUpTo = load('parley.read', {});
  }

  apply(changes, restarted) {
    if (restarted) this.forget();
    this.numbers = changes.numbers;
    this.webhook = changes.webhook;
    this.codes = changes.codes.filter((code) => code.state === 'waiting');
    if (!this.numbers.some((number) => number.phone_number_id === this.number)) {
      this.number = this.numbers[0]?.phone_number_id ?? null;
    }
    for (const message of changes.messages) this.put(message);
    const now = performance.now();
    this.typing.clear();
    for (const typing of changes.typing) {
      this.typing.set(`${typing.phone_number_id}/${typing.user}`, now + typing.for_ms);
    }
  }

  put(message) {
    const known = this.messages.has(message.id);
    this.messages.set(message.id, message);
    const key = `${message.phone_number_id}/${message.user}`;
    const chat = this.chats.get(key) ?? [];
    this.chats.set(key, chat);
    if (known) {
      chat[chat.findIndex((other) => other.id === message.id)] = message;
      return;
    }
    const at = chat.findLastIndex((other) => other.order < message.order) + 1;
    chat.splice(at, 0, message);
    this.meet(message);
    if (chat.length > mostInChat) this.messages.delete(chat.shift().id);
  }

  forget() {
    this.messages.clear();
    this.chats.clear();
    this.people = this.people.filter((person) => !person.guest || person.user === this.user);
  }

  // Somebody who wrote through curl or a test gets a place in the list, the newest of them first in line to stay.
  meet(message) {
    const known = this.people.find((person) => person.user === message.user);
    if (known) {
      if (known.guest && message.user_name) known.name = message.user_name;
      return;
    }
    this.people.push({ name: message.user_name || `+${message.user}`, user: message.user, guest: true });
    const guests = this.people.filter((person) => person.guest && person.user !== this.user);
    if (guests.length > mostGuests) this.people.splice(this.people.indexOf(guests[0]), 1);
  }

  addPerson(name, user) {
    const known = this.people.find((person) => person.user === user);
    if (known) Object.assign(known, { name, guest: false });
    else this.people.push({ name, user });
    save(savedPeople, this.people.filter((person) => !person.guest));
    this.choose(user);
  }

  choose(user) {
    this.user = user;
    save('parley.user', user);
  }

  chooseNumber(number) {
    this.number = number;
    save('parley.number', number);
  }

  person() {
    return this.people.find((person) => person.user === this.user) ?? this.people[0];
  }

  business() {
    return this.numbers.find((number) => number.phone_number_id === this.number);
  }

  chat(user = this.user, number = this.number) {
    return this.chats.get(`${number}/${user}`) ?? [];
  }

  isTyping() {
    return (this.typing.get(`${this.number}/${this.user}`) ?? 0) > performance.now();
  }

  unread(user) {
    const seen = this.readUpTo[`${this.number}/${user}`] ?? 0;
    return this.chat(user).filter((m) => !m.from_user && m.state !== 'refused' && m.at_unix_ms > seen).length;
  }

  markRead() {
    const newest = this.chat().at(-1);
    if (!newest) return;
    const key = `${this.number}/${this.user}`;
    if ((this.readUpTo[key] ?? 0) >= newest.at_unix_ms) return;
    this.readUpTo[key] = newest.at_unix_ms;
    save('parley.read', this.readUpTo);
  }
}
