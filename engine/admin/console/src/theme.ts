// Light, dark, or as the system; remembered.
export const themes = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const place = 'parley.theme';

export function storedTheme(): Theme {
  try {
    const stored = localStorage.getItem(place);
    return themes.find((one) => one === stored) ?? 'auto';
  } catch {
    return 'auto';
  }
}

export function applyTheme(theme: Theme) {
  document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem(place, theme);
  } catch {
    // Not remembered without storage.
  }
}
