// The reader's choice of light or dark: a cookie, so that the server can render the right page without a script.

export const themeChoices = ['system', 'light', 'dark'] as const
export type ThemeChoice = (typeof themeChoices)[number]

export const themeCookie = 'levqor_theme'

/** Anything unknown means: follow the system. */
export function parseThemeChoice(text: string | undefined): ThemeChoice {
  return themeChoices.find((choice) => choice === text) ?? 'system'
}

/** Shows the choice at once and remembers it for a year. Browser only. */
export function applyThemeChoice(choice: ThemeChoice): void {
  if (choice === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = choice
  const secure = location.protocol === 'https:' ? '; secure' : ''
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in some current browsers
  document.cookie = `${themeCookie}=${choice}; path=/; max-age=31536000; samesite=lax${secure}`
}
