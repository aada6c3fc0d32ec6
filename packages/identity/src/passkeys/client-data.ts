// What the browser says about a ceremony, and the authenticator has signed. Read before anything is verified, because it
// names the challenge; nothing of it is believed before.
import { z } from 'zod'

const clientData = z.object({
  challenge: z.string().max(100),
  origin: z.string(),
  /** From a frame inside another origin's page: none of ours. */
  crossOrigin: z.literal(false).optional(),
})

export type ClientData = z.infer<typeof clientData>

/** Undefined: it is none, or one of a page inside another origin. */
export function readClientData(base64url: string): ClientData | undefined {
  try {
    const parsed = clientData.safeParse(JSON.parse(Buffer.from(base64url, 'base64url').toString('utf8')))
    return parsed.data
  } catch {
    // No JSON at all: refused like everything else that is no client data.
    return undefined
  }
}
