// The sheet of a list message: sections and rows; choosing one sends a list_reply.
import { byId, el, icon } from './dom.js';

export function openList(message, send) {
  const sheet = byId('sheet');
  const { action } = message.content.interactive;
  const choose = (row) => {
    sheet.close();
    const reply = { id: row.id, title: row.title };
    if (row.description) reply.description = row.description;
    send({
      message: { type: 'interactive', interactive: { type: 'list_reply', list_reply: reply } },
      reply_to: message.id,
    });
  };
  sheet.replaceChildren(
    el('header', {},
      el('h3', { id: 'sheet-title', text: action.button }),
      el('button', { type: 'button', class: 'icon-button', 'aria-label': 'Close', onclick: () => sheet.close() }, icon('close'))),
    ...action.sections.map((section) => el('section', {},
      section.title && el('h4', { text: section.title }),
      el('ul', {}, ...section.rows.map((row) => el('li', {},
        el('button', { type: 'button', class: 'list-row', onclick: () => choose(row) },
          el('span', { class: 'list-title', text: row.title }),
          row.description && el('span', { class: 'list-description', text: row.description }))))))));
  sheet.showModal();
  sheet.querySelector('.list-row')?.focus();
}

// A tap beside the sheet closes it.
export function closeOnBackdrop(dialog) {
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close();
  });
}
