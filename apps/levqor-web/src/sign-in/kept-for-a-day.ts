// What has to outlive a mail: its link opens in a tab of its own, so the storage of one tab would not do.

// As long as the slowest of the mails holds: the one that confirms a new account.
const keptMs = 24 * 60 * 60_000

/** @param text null forgets it */
export function keepForADay(name: string, text: string | null): void {
  try {
    if (text === null) localStorage.removeItem(name)
    else localStorage.setItem(name, JSON.stringify([text, Date.now()]))
  } catch {
    // Storage may be switched off; then nothing waits.
  }
}

/** What is kept under the name, unless its day is over. */
export function keptForADay(name: string): string | undefined {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(name) ?? 'null')
    if (!Array.isArray(stored)) return undefined
    const [text, at]: unknown[] = stored
    const fresh = typeof at === 'number' && Date.now() - at < keptMs
    if (fresh && typeof text === 'string') return text
    keepForADay(name, null)
  } catch {
    // Switched off or garbled: as if nothing were there.
  }
  return undefined
}
