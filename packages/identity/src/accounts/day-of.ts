// A day as mails name it: in UTC, because a mail does not know where it is read.
const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' })

/** `21 December 2026 at 17:00 UTC` */
export function dayOf(ms: number): string {
  return `${day.format(ms)} UTC`
}
