// One thing that is wrong with a document a person wrote, said so that the person can mend it.

/** Where (RFC 6901 pointer into the document), what (stable code), and what to change. */
export interface Problem {
  readonly pointer: string
  readonly code: string
  readonly message: string
}

/** A longer list helps nobody and would let a hostile document produce a huge answer. */
export const maxProblems = 100

/** Appends one segment to a JSON pointer (RFC 6901 section 3). */
export function pointerTo(parent: string, ...segments: readonly (string | number)[]): string {
  return segments.reduce<string>(
    (pointer, segment) => `${pointer}/${String(segment).replaceAll('~', '~0').replaceAll('/', '~1')}`,
    parent,
  )
}
