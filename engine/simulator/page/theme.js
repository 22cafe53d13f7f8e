// Light, dark, or as the system; remembered.
import { icon } from './dom.js';

const order = ['auto', 'light', 'dark'];
const shape = { auto: 'auto', light: 'sun', dark: 'moon' };
const says = { auto: 'as the system', light: 'light', dark: 'dark' };

function stored() {
  try {
    const theme = localStorage.getItem('parley.theme');
    return order.includes(theme) ? theme : 'auto';
  } catch {
    return 'auto';
  }
}

export function setUpTheme(button) {
  let theme = stored();
  const show = () => {
    document.documentElement.dataset.theme = theme;
    button.replaceChildren(icon(shape[theme]));
    button.title = `Theme: ${says[theme]}`;
    button.setAttribute('aria-label', button.title);
  };
  button.addEventListener('click', () => {
    theme = order[(order.indexOf(theme) + 1) % order.length];
    try {
      localStorage.setItem('parley.theme', theme);
    } catch {
      // Not remembered without storage.
    }
    show();
  });
  show();
}
