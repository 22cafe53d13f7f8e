// One message as a bubble: its content by type, the quote above, what can be tapped below, and what became of it.
import { el, icon } from './dom.js';
import { formatted, isWebAddress, summary } from './format.js';

const clockFormat = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' });

function paragraph(text, name = 'body') {
  return text ? el('div', { class: name }, ...formatted(text)) : null;
}

function card(shape, title, lines, url, linkText) {
  return el('div', { class: 'card' },
    el('span', { class: 'card-icon' }, icon(shape)),
    el('div', { class: 'card-text' },
      el('strong', { text: title }),
      ...lines.filter(Boolean).map((line) => el('span', { text: line })),
      isWebAddress(url) && el('a', { href: url, target: '_blank', rel: 'noopener noreferrer', text: linkText ?? hostOf(url) })));
}

function hostOf(url) {
  try {
    return new URL(url).host;
  } catch {
    return url;
  }
}

function mediaCard(type, media = {}) {
  const titles = { image: 'Image', video: 'Video', audio: 'Audio', document: media.filename ?? 'Document', sticker: 'Sticker' };
  const shape = type === 'image' || type === 'video' || type === 'sticker' ? 'image' : 'file';
  const lines = [media.id && `media id ${media.id}`, media.link && 'shown as a placeholder'];
  return [card(shape, titles[type], lines, media.link), paragraph(media.caption)];
}

function locationCard(location = {}) {
  const place = `${location.latitude}, ${location.longitude}`;
  const map = `https://www.openstreetmap.org/?mlat=${encodeURIComponent(location.latitude)}&mlon=${encodeURIComponent(location.longitude)}`;
  return card('pin', location.name ?? 'Location', [location.address, place], map, 'Open map');
}

function templateCard(template = {}) {
  const lines = [`language ${template.language?.code ?? '?'}`];
  for (const component of template.components ?? []) {
    for (const parameter of component.parameters ?? []) {
      lines.push(`${component.type}: ${parameter.text ?? parameter.payload ?? parameter.type}`);
    }
  }
  return card('file', `Template ${template.name}`, lines);
}

function contactsCard(contacts = []) {
  return contacts.map((contact) =>
    card('contact', contact.name?.formatted_name ?? 'Contact', (contact.phones ?? []).map((phone) => phone.phone)));
}

function interactiveContent(interactive = {}) {
  const reply = interactive.button_reply ?? interactive.list_reply;
  if (reply) return [paragraph(reply.title), paragraph(reply.description, 'footer')];
  const header = interactive.header ?? {};
  return [
    header.type === 'text' && el('div', { class: 'header', text: header.text }),
    header.type && header.type !== 'text' && mediaCard(header.type, header[header.type]),
    paragraph(interactive.body?.text),
    paragraph(interactive.footer?.text, 'footer'),
  ].flat();
}

function contentNodes(content) {
  switch (content.type) {
    case 'text': return [paragraph(content.text?.body) ?? el('div', { class: 'footer', text: '(no text)' })];
    case 'button': return [paragraph(content.button?.text)];
    case 'interactive': return interactiveContent(content.interactive);
    case 'location': return [locationCard(content.location)];
    case 'template': return [templateCard(content.template)];
    case 'contacts': return contactsCard(content.contacts);
    case 'image':
    case 'video':
    case 'audio':
    case 'document':
    case 'sticker': return mediaCard(content.type, content[content.type]);
    default: return [card('file', content.type ?? 'Message', ['the phone page cannot show this type'])];
  }
}

function tapButton(text, shape, act, chosen, disabled) {
  return el('button', { type: 'button', class: chosen ? 'tap chosen' : 'tap', disabled, onclick: act },
    shape && icon(shape), el('span', { text }));
}

// What the user may tap: every entry sends a message through `acts`.
function taps(message, answer, acts) {
  const { interactive, template } = message.content;
  const action = interactive?.action ?? {};
  if (message.state === 'refused' || message.from_user) return [];
  const quoting = (content) => acts.sendQuietly({ message: content, reply_to: message.id });
  if (interactive?.type === 'button') {
    return (action.buttons ?? []).map(({ reply }) =>
      tapButton(reply.title, answer === reply.id ? 'tick' : 'reply', () =>
        quoting({ type: 'interactive', interactive: { type: 'button_reply', button_reply: { id: reply.id, title: reply.title } } }),
      answer === reply.id, answer !== undefined));
  }
  if (interactive?.type === 'list') {
    return [tapButton(action.button, 'list', () => acts.openList(message), false, false)];
  }
  if (interactive?.type === 'cta_url' && isWebAddress(action.parameters?.url)) {
    return [el('a', { class: 'tap', href: action.parameters.url, target: '_blank', rel: 'noopener noreferrer' },
      icon('open'), el('span', { text: action.parameters.display_text }))];
  }
  if (interactive?.type === 'location_request_message') {
    return [tapButton('Send location', 'pin', () =>
      quoting({ type: 'location', location: { latitude: 19.076, longitude: 72.8777, name: 'Mumbai', address: 'Mumbai, India' } }))];
  }
  const quick = (template?.components ?? []).filter((c) => c.type === 'button' && c.sub_type === 'quick_reply');
  return quick.map((component) => {
    const payload = component.parameters?.[0]?.payload ?? `button ${component.index}`;
    return tapButton(payload, 'reply', () => quoting({ type: 'button', button: { payload, text: payload } }));
  });
}

const userStates = {
  waiting: ['clock', 'On its way to the webhook'],
  accepted: ['tick', 'The webhook answered 200'],
  read: ['ticks', 'Marked as read by the business'],
  retrying: ['clock', 'Not accepted yet'],
  given_up: ['warning', 'Given up'],
};

function ticks(message) {
  const [shape, label] = userStates[message.state] ?? userStates.waiting;
  return el('span', { class: `ticks ${message.state}`, title: label }, icon(shape, label));
}

function failure(message) {
  if (message.from_user && (message.state === 'retrying' || message.state === 'given_up')) {
    const { http_status: status, reason, tries } = message.delivery;
    const what = status ? `The webhook answered ${status}` : 'The webhook cannot be reached';
    const next = message.state === 'retrying' ? `Trying again (${tries} so far).` : `Given up after ${tries} tries.`;
    return el('div', { class: 'failure', role: 'note' }, icon('warning'),
      el('span', {}, el('strong', { text: what }), reason ? `: ${reason.replace(/[.\s]*$/, '')}. ` : '. ', next));
  }
  if (!message.from_user && (message.state === 'refused' || message.state === 'failed')) {
    const { code, message: text, details, error_data: data } = message.error ?? {};
    const what = message.state === 'refused' ? 'Graph refused this message' : `Not delivered (${code})`;
    return el('div', { class: 'failure', role: 'note' }, icon('warning'),
      el('span', {}, el('strong', { text: what }), `: ${text} `, details ?? data?.details ?? ''));
  }
  return null;
}

function quote(quoted) {
  if (!quoted) return null;
  return el('div', { class: 'quoted' },
    el('strong', { text: quoted.from_user ? 'You' : 'Business' }),
    el('span', { text: summary(quoted.content) }));
}

// `context`: { quoted: the message it answers, answer: the id of the reply already given, reaction: an emoji on it }.
export function bubble(message, context, acts) {
  const side = message.from_user ? 'mine' : 'theirs';
  const when = new Date(message.at_unix_ms);
  const buttons = taps(message, context.answer, acts);
  return el('li', { class: `row ${side} state-${message.state}`, 'data-id': message.id },
    el('div', { class: 'bubble-stack' },
      el('div', { class: 'bubble' },
        quote(context.quoted),
        ...contentNodes(message.content),
        el('div', { class: 'meta' },
          el('time', { datetime: when.toISOString(), text: clockFormat.format(when) }),
          message.from_user && ticks(message)),
        context.reaction && el('span', { class: 'reaction', text: context.reaction })),
      buttons.length > 0 && el('div', { class: 'taps' }, ...buttons),
      failure(message)),
    el('div', { class: 'row-actions' },
      el('button', { type: 'button', class: 'mini', title: 'Reply', 'aria-label': 'Reply to this message', onclick: () => acts.quote(message) }, icon('reply')),
      el('button', { type: 'button', class: 'mini', title: 'Show JSON', 'aria-label': 'Show the JSON of this message', onclick: () => acts.inspect(message) }, icon('inspect'))));
}
