// What the row of a one-time token keeps, for each purpose: written and read through the same schema, so that a row holds
// nothing else and whoever reads one knows what is in it.
import { providerId, signInMethods } from '@levqor/client'
import { decodeJson, encodeJson } from '@levqor/database'
import { z } from 'zod'
import type { TokenPurpose } from '../schema/identity-tables.ts'

const schemas = {
  /** A registration that waits for its mailbox to answer. */
  'verify-email': z.object({
    passwordHash: z.string(),
    name: z.string().nullable(),
    /** Digest of the mark of the browser that asked. */
    browser: z.string(),
  }),
  'reset-password': z.object({}),
  /** One of the two mailboxes of a change of address. */
  'change-email': z.object({
    /** Ties the two together. */
    change: z.string(),
    mailbox: z.enum(['old', 'new']),
    from: z.string(),
    to: z.string(),
    /** The session that asked: it goes on when the others end. */
    session: z.string(),
    withdrawn: z.literal(true).exactOptional(),
  }),
  /** A person on the way to a provider and back: what their browser set out with. */
  oidc: z.object({
    provider: providerId,
    /** Digest of the cookie of the browser that set out. */
    browser: z.string(),
    nonce: z.string(),
    verifier: z.string(),
    /** A safe path. */
    next: z.string(),
    /** Whose account the identity is to be linked to, and the session that proved it. */
    link: z.object({ userId: z.string(), sessionId: z.string() }).exactOptional(),
  }),
  /** A challenge of a passkey's ceremony. */
  passkey: z.object({
    ceremony: z.enum(['registration', 'sign-in', 'second-factor', 'proof']),
    /** Digest of the cookie, or of the session's id, of whoever asked. */
    holder: z.string(),
  }),
  /** The first factor of a sign-in that waits for its second. */
  'second-factor': z.object({
    email: z.string(),
    method: z.enum(signInMethods),
    device: z.string(),
    network: z.string(),
    provesMailbox: z.boolean(),
    transport: z.literal('bearer').optional(),
    details: z.record(z.string(), z.unknown()).exactOptional(),
  }),
  /** A mailed code that proves again who somebody is. */
  proof: z.object({
    /** The session that asked. */
    session: z.string(),
  }),
} satisfies Record<TokenPurpose, z.ZodType>

type Kept = { readonly [P in TokenPurpose]: z.output<(typeof schemas)[P]> }
export type TokenData<P extends TokenPurpose> = Kept[P]

// Spelled as a mapped type, so that the compiler follows a purpose to its data.
const schemaOf: { readonly [P in TokenPurpose]: z.ZodType<Kept[P]> } = schemas

export function encodeTokenData<P extends TokenPurpose>(purpose: P, data: TokenData<P>): string {
  return encodeJson(schemaOf[purpose].parse(data))
}

/** @throws ZodError for a row that was not written here, or that was used and keeps nothing any more */
export function decodeTokenData<P extends TokenPurpose>(purpose: P, text: string): TokenData<P> {
  return schemaOf[purpose].parse(decodeJson(text))
}
