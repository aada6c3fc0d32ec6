// What each provider of webhooks can prove, in one table: which headers it sends, how its signature is written, which
// bytes are signed, and what tells one message from another. Everything below reads this table and lists no provider.

/**
 * How far a verified message can be trusted. `signed-and-timed`: its bytes and its age; `signed`: its bytes, but a
 * recorded copy never ages; `shared-secret`: only that whoever sent it knew a secret that travels with every message;
 * `unverified`: nothing, a lowered protection let it in.
 */
export type WebhookTrust = 'signed-and-timed' | 'signed' | 'shared-secret' | 'unverified'

/** How a signature is written in its header. */
export interface SignatureForm {
  readonly prefix: string
  readonly encoding: 'hex' | 'base64'
  /** Between several entries; without it the header is one signature. */
  readonly separator?: ' ' | ','
  /** The signed time stands among the entries, after this. */
  readonly timePrefix?: string
}

/** Names of the headers that are read, lower case. */
export interface WebhookHeaderNames {
  readonly signature: string
  readonly time?: string
  readonly id?: string
}

/** One row. */
export interface WebhookProvider {
  readonly trust: Exclude<WebhookTrust, 'unverified'>
  /** Some providers send under two sets of names: the first set of which any header is present counts. */
  readonly headers: readonly [WebhookHeaderNames, ...WebhookHeaderNames[]]
  /** Absent: the header holds the secret itself. */
  readonly signature?: SignatureForm
  /** The signed bytes are this text and then the raw body. */
  readonly signedBefore: (time: string, id: string) => string
  /** The bytes of the key, or `undefined` when the text is no secret of this provider. */
  readonly keyOf: (secret: string) => Buffer | undefined
  /** What a secret looks like, for whoever configured a wrong one. */
  readonly secretForm: string
  /**
   * The id inside the body, which stays the same when the sender repeats a message. Without one, the signed bytes
   * themselves are what is remembered; an id that is not signed never is.
   */
  readonly idIn?: (body: unknown) => string | undefined
  /** A message without an id is refused: nothing else in it could be remembered. */
  readonly idRequired?: true
  readonly documentation: string
}

export type WebhookProviderName =
  | 'stripe'
  | 'slack'
  | 'standard-webhooks'
  | 'github'
  | 'notion'
  | 'telegram'
  | 'hmac'

const anyText = 'the text that the provider shows, at least 8 characters'

/** The table. */
export const webhookProviders: Readonly<Record<WebhookProviderName, WebhookProvider>> = {
  stripe: {
    trust: 'signed-and-timed',
    headers: [{ signature: 'stripe-signature' }],
    signature: { prefix: 'v1=', encoding: 'hex', separator: ',', timePrefix: 't=' },
    signedBefore: (time) => `${time}.`,
    keyOf: textKey,
    secretForm: anyText,
    idIn: (body) => textAt(body, 'id'),
    documentation: 'https://docs.stripe.com/webhooks/signature',
  },
  slack: {
    trust: 'signed-and-timed',
    headers: [{ signature: 'x-slack-signature', time: 'x-slack-request-timestamp' }],
    signature: { prefix: 'v0=', encoding: 'hex' },
    signedBefore: (time) => `v0:${time}:`,
    keyOf: textKey,
    secretForm: anyText,
    // Events have one and are repeated with a new time. Commands and clicks have none and are never repeated.
    idIn: (body) => textAt(body, 'event_id'),
    documentation: 'https://docs.slack.dev/authentication/verifying-requests-from-slack',
  },
  'standard-webhooks': {
    trust: 'signed-and-timed',
    headers: [
      { signature: 'webhook-signature', time: 'webhook-timestamp', id: 'webhook-id' },
      { signature: 'svix-signature', time: 'svix-timestamp', id: 'svix-id' },
    ],
    signature: { prefix: 'v1,', encoding: 'base64', separator: ' ' },
    signedBefore: (time, id) => `${id}.${time}.`,
    keyOf: standardKey,
    secretForm: 'whsec_ and 24 to 75 bytes in base64',
    documentation:
      'https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md',
  },
  github: {
    trust: 'signed',
    headers: [{ signature: 'x-hub-signature-256' }],
    signature: { prefix: 'sha256=', encoding: 'hex' },
    signedBefore: () => '',
    keyOf: textKey,
    secretForm: anyText,
    // X-GitHub-Delivery and X-GitHub-Event are not signed: whoever recorded a message can change them.
    documentation: 'https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries',
  },
  notion: {
    trust: 'signed',
    headers: [{ signature: 'x-notion-signature' }],
    signature: { prefix: 'sha256=', encoding: 'hex' },
    signedBefore: () => '',
    keyOf: textKey,
    secretForm: anyText,
    // The body of a repeat differs by its attempt_number; its id does not.
    idIn: (body) => textAt(body, 'id'),
    documentation: 'https://developers.notion.com/reference/webhooks',
  },
  telegram: {
    trust: 'shared-secret',
    headers: [{ signature: 'x-telegram-bot-api-secret-token' }],
    signedBefore: () => '',
    keyOf: (secret) => (/^[A-Za-z0-9_-]{8,256}$/.test(secret) ? textKey(secret) : undefined),
    secretForm: '8 to 256 letters, digits, _ and -',
    idIn: (body) => wholeNumberAt(body, 'update_id'),
    idRequired: true,
    documentation: 'https://core.telegram.org/bots/api#setwebhook',
  },
  hmac: {
    trust: 'signed',
    // The sender's own header and form take the place of these two.
    headers: [{ signature: 'x-signature' }],
    signature: { prefix: '', encoding: 'hex' },
    signedBefore: () => '',
    keyOf: textKey,
    secretForm: anyText,
    documentation: 'https://www.rfc-editor.org/rfc/rfc2104',
  },
}

/** The key behind `whsec_`. Svix lets its users choose up to 75 bytes; the standard itself says 64. */
export function standardKey(secret: string): Buffer | undefined {
  if (!/^whsec_([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(secret)) return undefined
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
  return key.length >= 24 && key.length <= 75 ? key : undefined
}

/** Whether a text can be the name of a header, in lower case (RFC 9110 section 5.6.2). */
export function isHeaderName(text: unknown): boolean {
  return typeof text === 'string' && /^[a-z0-9!#$%&'*+.^_`|~-]{1,64}$/.test(text)
}

function textKey(secret: string): Buffer | undefined {
  return secret.length >= 8 ? Buffer.from(secret) : undefined
}

function textAt(body: unknown, name: string): string | undefined {
  const value = memberOf(body, name)
  return typeof value === 'string' && value !== '' ? value : undefined
}

function wholeNumberAt(body: unknown, name: string): string | undefined {
  const value = memberOf(body, name)
  return Number.isSafeInteger(value) ? String(value) : undefined
}

function memberOf(body: unknown, name: string): unknown {
  if (typeof body !== 'object' || body === null || !Object.hasOwn(body, name)) return undefined
  return (body as Readonly<Record<string, unknown>>)[name] // an object that has this member
}
