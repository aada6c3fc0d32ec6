// How long something is still to be waited for: never shorter than it is.

/** `42 s`, and `15 min` from a minute and a half on. */
export function formatWait(seconds: number): string {
  return seconds < 90 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`
}
