// How large a mail may be. Mail servers commonly refuse more than 10 MB; nobody reads that much anyway.
export const mailLimits = {
  subjectLength: 200,
  /** Characters of a workflow's own text. */
  textLength: 100_000,
  tableColumns: 50,
  tableRows: 1_000,
  cellLength: 1_000,
  /** UTF-8 octets of text and HTML together. */
  bodyBytes: 1_000_000,
  dedupeKeyLength: 200,
} as const
