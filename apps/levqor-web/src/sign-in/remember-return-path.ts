// A mailed link opens in a tab of its own; the page to return to waits in this browser until then.
import { keepForADay, keptForADay } from './kept-for-a-day.ts'
import { safeReturnPath } from './return-path.ts'

const name = 'levqor.return-path'

export function rememberReturnPath(path: string | null): void {
  keepForADay(name, path === null ? null : safeReturnPath(path))
}

/** Reads and forgets it. */
export function takeReturnPath(): string {
  const path = rememberedReturnPath()
  rememberReturnPath(null)
  return path
}

export function rememberedReturnPath(): string {
  return safeReturnPath(keptForADay(name))
}
