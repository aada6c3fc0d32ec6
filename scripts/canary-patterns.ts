// What must never stand in a log line or a security event: secrets, tokens, e-mail addresses, raw network addresses.

const patterns: readonly (readonly [string, RegExp])[] = [
  ['a token', /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*/],
  ['a webhook secret', /\bwhsec_[\w+/=-]{16,}/],
  ['an API key', /\blvk_[a-z]+_[\w-]{12,}/],
  ['a credential', /\b(?:bearer|basic)\s+[\w.~+/=-]{12,}/i],
  ['a private key', /-----BEGIN [A-Z ]*PRIVATE KEY|\bMC4CAQAwBQYDK2Vw/],
  ['an e-mail address', /[\w.%+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}/i],
  // Documentation networks (RFC 5737, RFC 3849): the clients of tests, and nothing else.
  ['a raw address', /\b(?:192\.0\.2|198\.51\.100|203\.0\.113)\.\d{1,3}\b|\b2001:db8:[\da-f:]*/i],
]

/** What a text holds that it must not, in words; `secrets` are the texts that were made secrets in this process. */
export function leakIn(text: string, secrets: Iterable<string> = []): string | undefined {
  for (const secret of secrets) {
    if (secret.length >= 8 && text.includes(secret)) return 'a secret'
  }
  for (const [what, pattern] of patterns) {
    if (pattern.test(text)) return what
  }
  return undefined
}

/** The same for one value of an event, which is short and never random: random text is somebody's credential. */
export function leakInValue(value: string, secrets: Iterable<string>): string | undefined {
  const found = leakIn(value, secrets)
  if (found !== undefined) return found
  const looksRandom = (text: string) => /\d/.test(text) && /[a-z]/.test(text) && /[A-Z]/.test(text)
  const long = /[\w-]{40,}/.exec(value)?.[0] ?? ''
  return looksRandom(long) || /[0-9a-f]{40,}/i.test(value) ? 'random text as long as a token' : undefined
}
