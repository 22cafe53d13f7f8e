// Goes round: as the system, light, dark.
import { useEffect, useState } from 'preact/hooks';
import { applyTheme, storedTheme, themes } from '../theme';
import { Icon } from './icon';

const says = { auto: 'as the system', light: 'light', dark: 'dark' };
const shape = { auto: 'auto', light: 'sun', dark: 'moon' } as const;

export function ThemeSwitch() {
  const [theme, setTheme] = useState(storedTheme);
  useEffect(() => applyTheme(theme), []);
  const choose = () => {
    const next = themes[(themes.indexOf(theme) + 1) % themes.length]!;
    applyTheme(next);
    setTheme(next);
  };
  const label = `Theme: ${says[theme]}`;
  return (
    <button class="icon-button theme" type="button" title={label} aria-label={label} onClick={choose}>
      <Icon name={shape[theme]} />
    </button>
  );
}
