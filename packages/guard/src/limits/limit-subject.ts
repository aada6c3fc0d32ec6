// Subjects as a store may keep them. Whoever chooses a subject's text (an id, a name) chooses neither how much memory
// a count takes nor what stays alive with it.
import { hash } from 'node:crypto'

const longest = 128

/** The subject itself, or its digest when it is long. */
export function boundedSubject(subject: string): string {
  return subject.length <= longest ? subject : `#${hash('sha256', subject, 'base64url')}`
}

/** A copy that is no slice: a slice of a header would keep the whole header in memory (measured: 8 KB per key). */
export function ownSubject(subject: string): string {
  return Buffer.from(subject, 'utf16le').toString('utf16le')
}
