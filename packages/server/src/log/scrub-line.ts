// The last wall between a secret and the log: every finished line passes through here, whoever wrote it.
// A line without anything suspicious costs two searches; only a suspicious one is parsed and rewritten.

const redacted = '[redacted]'

const sensitiveKey =
  /^(.*_)?(authorization|cookies?|token|secret|password|passwd|passphrase|api_?key|private_?key|(smtp|database)_?url|e?mail|body|payload)$/i
const camel = /([a-z0-9])([A-Z])/g

const mention =
  /authorization|cookie|token|secret|passw|api[_-]?key|private[_-]?key|smtp|database|mail|body|payload|@|lvk_|whsec_|bearer|basic/i

const shapes: readonly (readonly [RegExp, string])[] = [
  [/lvk_[a-z]+_[A-Za-z0-9]+/g, 'lvk_[redacted]'],
  [/whsec_[A-Za-z0-9+/=_-]+/g, 'whsec_[redacted]'],
  [/\b(Bearer|Basic)\s+[A-Za-z0-9+/=._~-]+/gi, '$1 [redacted]'],
  [/([?&#;](?:token|code|key|secret|signature)=)[^&\s"'#]+/gi, '$1[redacted]'],
  [
    /\b(authorization|cookie|token|secret|password|api[_-]?key)(["']?\s*[:=]\s*["']?)[^\s"',;&}]+/gi,
    '$1$2[redacted]',
  ],
  [/([a-z][a-z0-9+.-]*:\/\/)[^\s/@"']+@/gi, '$1[redacted]@'],
  [/[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+/g, '[e-mail]'],
]

/** Takes a JSON line (with or without its line feed) and returns it without secrets and personal data. */
export function scrubLine(line: string): string {
  if (!mention.test(line)) return line
  try {
    return `${JSON.stringify(scrubValue(JSON.parse(line)))}\n`
  } catch {
    // Not JSON: the shapes of secrets can still be removed.
    return scrubText(line)
  }
}

/** Removes everything that has the shape of a secret or an e-mail address. */
export function scrubText(text: string): string {
  let clean = text
  for (const [shape, replacement] of shapes) clean = clean.replace(shape, replacement)
  return clean
}

function scrubValue(value: unknown): unknown {
  if (typeof value === 'string') return scrubText(value)
  if (Array.isArray(value)) return value.map(scrubValue)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      isSensitive(key) && item !== null && typeof item !== 'boolean' ? redacted : scrubValue(item),
    ]),
  )
}

function isSensitive(key: string): boolean {
  return sensitiveKey.test(key.replace(camel, '$1_$2').replaceAll('-', '_'))
}
