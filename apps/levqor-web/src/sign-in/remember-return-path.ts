// A mailed link opens in a tab of its own; the page to return to waits in this browser until then.
import { safeReturnPath } from './return-path.ts'

const storageKey = 'levqor.return-path'
// As long as the slowest of the mails holds: the one that confirms a new account.
const keptMs = 24 * 60 * 60_000

export function rememberReturnPath(path: string | null): void {
  try {
    if (path === null) localStorage.removeItem(storageKey)
    else localStorage.setItem(storageKey, JSON.stringify([safeReturnPath(path), Date.now()]))
  } catch {
    // Storage may be switched off; then signing in simply leads to the jobs.
  }
}

/** Reads and forgets it. */
export function takeReturnPath(): string {
  const path = rememberedReturnPath()
  rememberReturnPath(null)
  return path
}

export function rememberedReturnPath(): string {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(storageKey) ?? 'null')
    if (!Array.isArray(stored)) return safeReturnPath(undefined)
    const [path, at]: unknown[] = stored
    const fresh = typeof at === 'number' && Date.now() - at < keptMs
    return safeReturnPath(fresh && typeof path === 'string' ? path : undefined)
  } catch {
    // Switched off or garbled: the usual place.
    return safeReturnPath(undefined)
  }
}
