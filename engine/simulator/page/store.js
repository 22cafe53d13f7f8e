// What the page knows: numbers, people, messages of all chats, who is typing. Tells one listener of changes.

const savedPeople = 'parley.people';
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
    this.people = load(savedPeople, firstPeople);
    this.messages = new Map();
    this.typing = new Map();
    this.webhook = {};
    this.lost = false;
    this.number = load('parley.number', null);
    this.user = load('parley.user', this.people[0].user);
    this.readUpTo = load('parley.read', {});
  }

  apply(changes, restarted) {
    if (restarted) this.messages.clear();
    this.numbers = changes.numbers;
    this.webhook = changes.webhook;
    if (!this.numbers.some((number) => number.phone_number_id === this.number)) {
      this.number = this.numbers[0]?.phone_number_id ?? null;
    }
    for (const message of changes.messages) {
      this.messages.set(message.id, message);
      this.meet(message);
    }
    const now = performance.now();
    this.typing.clear();
    for (const typing of changes.typing) {
      this.typing.set(`${typing.phone_number_id}/${typing.user}`, now + typing.for_ms);
    }
  }

  // Somebody who wrote through curl or a test gets a place in the list.
  meet(message) {
    const known = this.people.find((person) => person.user === message.user);
    if (!known) this.people.push({ name: message.user_name || `+${message.user}`, user: message.user, guest: true });
    else if (known.guest && message.user_name) known.name = message.user_name;
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
    return [...this.messages.values()]
      .filter((message) => message.user === user && message.phone_number_id === number)
      .sort((a, b) => a.order - b.order);
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
