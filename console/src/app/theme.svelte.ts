// Light, dark, or as the machine has it. Kept in this browser: it is about the screen, not the person.
export type Theme = 'auto' | 'light' | 'dark';
const KEY = 'focal.theme';
const dark = typeof matchMedia === 'undefined' ? undefined : matchMedia('(prefers-color-scheme: dark)');

class ThemeState {
  chosen = $state<Theme>('auto');

  choose(theme: Theme): void {
    localStorage.setItem(KEY, theme);
    apply_theme();
  }
}
export const theme = new ThemeState();

export function apply_theme(): void {
  const kept = localStorage.getItem(KEY);
  theme.chosen = kept === 'light' || kept === 'dark' ? kept : 'auto';
  const shown = theme.chosen === 'auto' ? (dark?.matches ? 'dark' : 'light') : theme.chosen;
  document.documentElement.dataset['theme'] = shown;
}
dark?.addEventListener('change', apply_theme);
