// Reads what the headers of a delivery claim, strictly and in bounded work; nothing is believed yet.
import type { SignatureForm, WebhookHeaderNames, WebhookProvider } from './webhook-providers.ts'
import type { WebhookRefusal } from './webhook-refusal.ts'

/** Headers as Node gives them: names in lower case. */
export type DeliveryHeaders = Readonly<Record<string, string | readonly string[] | undefined>>

/** What a delivery says about itself. */
export interface WebhookClaim {
  /** Signatures as they were written; none for a provider that sends the secret itself. */
  readonly signatures: readonly string[]
  /** The header as it came: the secret, for a provider that sends it. */
  readonly header: string
  /** Seconds, as they were written; empty without a signed time. */
  readonly time: string
  /** The signed id; empty without one. */
  readonly id: string
}

const longestHeader = 4_096
/** An attacker's list of signatures is read this far and no further. */
const mostEntries = 16

/** The claim of a delivery, or the reason why it makes none. */
export function readClaim(
  headers: DeliveryHeaders,
  provider: WebhookProvider,
): WebhookClaim | WebhookRefusal {
  const names = presentNames(headers, provider)
  const fields = { signature: '', time: '', id: '' }
  for (const [field, name] of Object.entries(names)) {
    const value = headers[name]
    if (value === undefined || value === '') return 'header_missing'
    if (typeof value !== 'string') return 'header_repeated'
    if (value.length > longestHeader) return 'header_too_long'
    fields[field as keyof typeof fields] = value // the fields of WebhookHeaderNames
  }
  const header = fields.signature
  if (names.id !== undefined && !isWebhookId(fields.id)) return 'id_bad'
  const form = provider.signature
  if (form === undefined) return { signatures: [], header, time: '', id: fields.id }
  const entries = form.separator === undefined ? [header] : header.split(form.separator, mostEntries)
  const time = form.timePrefix === undefined ? fields.time : timeAmong(entries, form.timePrefix)
  if (provider.trust === 'signed-and-timed' && !/^[1-9]\d{0,11}$/.test(time)) return 'timestamp_bad'
  const signatures = readSignatures(entries, form)
  return signatures.length === 0 ? 'signature_malformed' : { signatures, header, time, id: fields.id }
}

/**
 * Whether a text can be a signed id: 1 to 256 visible ASCII characters. Dots are fine unless what stands between two
 * of them, or after the last, could be read as a time: then "a.1.2.x" would be two different messages with one
 * signature. So the signed text has one reading: the time is the first run of digits between dots after the id began.
 */
export function isWebhookId(id: string): boolean {
  return /^[\x21-\x7e]{1,256}$/.test(id) && !/\.\d+(\.|$)/.test(id)
}

function presentNames(headers: DeliveryHeaders, provider: WebhookProvider): WebhookHeaderNames {
  const present = provider.headers.find((names) =>
    Object.values(names).some((name) => headers[name] !== undefined),
  )
  return present ?? provider.headers[0]
}

/** A second time is refused: two readers could each believe another one. */
function timeAmong(entries: readonly string[], prefix: string): string {
  const times = entries.filter((entry) => entry.startsWith(prefix))
  return times.length === 1 ? (times[0] ?? '').slice(prefix.length) : ''
}

/**
 * The signatures among the entries; other schemes are passed over. One entry that is not written as it should be
 * (two headers joined into one, for instance) spoils the whole header.
 */
function readSignatures(entries: readonly string[], { prefix, encoding }: SignatureForm): string[] {
  const signatures: string[] = []
  for (const entry of entries) {
    if (entry === '' || entry.includes(' ')) return []
    if (!entry.startsWith(prefix)) continue
    const text = entry.slice(prefix.length)
    // As long as 32 bytes are.
    if (text.length !== (encoding === 'hex' ? 64 : 44)) return []
    signatures.push(text)
  }
  return signatures
}
