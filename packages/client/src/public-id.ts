// Identifiers at the edge: a prefix that says what the thing is, and the UUID without its dashes.

export const idPrefixes = [
  'job',
  'wf',
  'wfv',
  'key',
  'ws',
  'usr',
  'ses',
  'stp',
  'mail',
  'evt',
  'sev',
  'inv',
  'psk',
  'idn',
] as const
export type IdPrefix = (typeof idPrefixes)[number]

/** `('job', '0193a1b2-…')` → `job_0193a1b2…` */
export function toPublicId(prefix: IdPrefix, uuid: string): string {
  return `${prefix}_${uuid.replaceAll('-', '')}`
}

/** The UUID inside, or undefined when the text is not an identifier of that kind. */
export function fromPublicId(prefix: IdPrefix, text: string): string | undefined {
  const match = /^([a-z]+)_([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/.exec(text)
  return match && match[1] === prefix ? match.slice(2).join('-') : undefined
}
