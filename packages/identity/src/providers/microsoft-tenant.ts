// Microsoft’s shared endpoints answer for every directory: which one, only the token says.
import type { CustomFetch } from 'openid-client'
import { boundedFetch } from './bounded-fetch.ts'
import { UnacceptableAnswer } from './provider-failure.ts'

const directory = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/**
 * The `tid` of a token that nobody has checked yet: it only chooses which issuer the token must have, and is signed by that
 * issuer or refused. A text that is no identifier would be a part of an address.
 */
export async function tenantOf(response: Response): Promise<string> {
  const answer: unknown = await response.json().catch(() => undefined)
  const token = field(answer, 'id_token')
  // The library will say what is wrong with an answer that has none.
  if (typeof token !== 'string') return '00000000-0000-0000-0000-000000000000'
  const tid = field(decoded(token.split('.')[1] ?? ''), 'tid')
  if (typeof tid !== 'string' || !directory.test(tid)) throw new UnacceptableAnswer('claim_tid')
  return tid
}

/** Gives the answer that is there already to whoever asks the endpoint, once: a code is redeemed a single time. */
export function answerOnce(endpoint: string, response: Response): CustomFetch {
  let unread: Response | undefined = response
  return async (url, options) => {
    if (url !== new URL(endpoint).href) return boundedFetch(url, options)
    const answer = unread
    unread = undefined
    if (!answer) throw new UnacceptableAnswer('answer')
    return answer
  }
}

function decoded(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
  } catch {
    return undefined
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
