// WhatsApp's text formatting as elements: *bold* _italic_ ~struck~ `code` ```block```, links, and line breaks.
import { el } from './dom.js';

const link = /https?:\/\/[^\s<>"'*~`]+[^\s<>"'*~`.,;:!?)\]}]/;

// A mark opens before a non-space at the start of a word and closes after a non-space at the end of one.
function emphasis(mark) {
  const m = mark === '*' ? '\\*' : mark;
  return new RegExp(`(?<![\\p{L}\\p{N}${m}])${m}(?=\\S)([^\\n]*?\\S)${m}(?![\\p{L}\\p{N}${m}])`, 'u');
}

const rules = [
  { find: /```([\s\S]+?)```\n?/, make: (match) => el('code', { class: 'block', text: match[1].replace(/^\n/, '') }) },
  { find: /`([^`\n]+)`/, make: (match) => el('code', { text: match[1] }) },
  {
    find: link,
    make: (match) => el('a', { href: match[0], target: '_blank', rel: 'noopener noreferrer', text: match[0] }),
  },
  { find: emphasis('*'), make: (match) => el('strong', {}, ...formatted(match[1])) },
  { find: emphasis('_'), make: (match) => el('em', {}, ...formatted(match[1])) },
  { find: emphasis('~'), make: (match) => el('s', {}, ...formatted(match[1])) },
];

// Nodes for a text. The earliest match wins; of two at one place the rule that stands first.
export function formatted(text) {
  const nodes = [];
  let rest = text;
  while (rest) {
    let best = null;
    for (const rule of rules) {
      const match = rule.find.exec(rest);
      if (match && (!best || match.index < best.match.index)) best = { rule, match };
    }
    if (!best) break;
    if (best.match.index > 0) nodes.push(document.createTextNode(rest.slice(0, best.match.index)));
    nodes.push(best.rule.make(best.match));
    rest = rest.slice(best.match.index + best.match[0].length);
  }
  if (rest) nodes.push(document.createTextNode(rest));
  return nodes;
}

export function isWebAddress(url) {
  return typeof url === 'string' && /^https?:\/\//i.test(url);
}

// One line for lists and quotes, without marks.
export function summary(content) {
  return plain(content).replace(/```|(?<![\p{L}\p{N}])[*_~](?=\S)|(?<=\S)[*_~](?![\p{L}\p{N}])/gu, '');
}

function plain(content) {
  const interactive = content.interactive ?? {};
  switch (content.type) {
    case 'text': return content.text?.body ?? '';
    case 'interactive':
      return interactive.button_reply?.title ?? interactive.list_reply?.title ?? interactive.body?.text ?? 'Interactive';
    case 'button': return content.button?.text ?? '';
    case 'template': return `Template ${content.template?.name ?? ''}`;
    case 'reaction': return `Reacted ${content.reaction?.emoji ?? ''}`;
    case 'location': return content.location?.name ?? 'Location';
    case 'image':
    case 'video':
    case 'document': return content[content.type]?.caption ?? content.type[0].toUpperCase() + content.type.slice(1);
    default: return content.type ?? '';
  }
}
