// Headers put on a Fastify reply at the price of an assignment. Fastify keeps them in an object of its own and leads
// every single one there by a method that lowers its name first; for the dozen of a guarded answer that is a tenth of
// what the whole request costs (measured: 2 of 20 µs). The guard's names are in lower case already, so they are written
// where Fastify keeps them. Where that is, the first reply shows; should a release keep them elsewhere, Fastify's own
// methods are used.
import type { FastifyReply } from 'fastify'
import type { HeaderSet } from '../headers/header-policy.ts'

/** Puts headers on a reply, in the place of older ones of the same names. Names in lower case, never `set-cookie`. */
export interface ReplyHeaders {
  set(reply: FastifyReply, name: string, value: string): void
  setAll(reply: FastifyReply, headers: HeaderSet): void
}

type Kept = Record<string, unknown>

/** A reply as the keeper of its headers. */
type Keeper = FastifyReply & Record<symbol, Kept | undefined>

/** For the replies of one server. */
export function createReplyHeaders(): ReplyHeaders {
  let place: symbol | undefined
  let looked = false
  return {
    set(reply, name, value) {
      const kept = place === undefined ? undefined : (reply as Keeper)[place]
      if (kept === undefined) reply.header(name, value)
      else kept[name] = value
    },
    setAll(reply, headers) {
      const kept = place === undefined ? undefined : (reply as Keeper)[place]
      if (place === undefined || kept === undefined) {
        reply.headers(headers)
        if (!looked && !isEmpty(headers)) {
          looked = true
          place = placeOf(reply as Keeper, headers)
        }
        return
      }
      // A copy of the whole is made in one step; names that are added to an object are added one by one.
      if (isEmpty(kept)) (reply as Keeper)[place] = { ...headers }
      else Object.assign(kept, headers)
    },
  }
}

/** The property of the reply that holds what was just put on it. */
function placeOf(reply: Keeper, headers: HeaderSet): symbol | undefined {
  return Object.getOwnPropertySymbols(reply).find((symbol) => {
    const kept: unknown = reply[symbol]
    if (typeof kept !== 'object' || kept === null) return false
    return Object.entries(headers).every(([name, value]) => Reflect.get(kept, name) === value)
  })
}

function isEmpty(kept: object): boolean {
  for (const _ in kept) return false
  return true
}
