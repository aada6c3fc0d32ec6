// The first steps of every request, before anybody is asked who they are: address, transport, origin.
// Nothing here waits and nothing throws, whatever the request contains.
import type { ClientAddressResolver } from '../address/resolve-client.ts'
import { isUnsafeMethod, type OriginJudge } from '../browser/check-origin.ts'
import type { Cors } from '../browser/cors.ts'
import type { SecurityEvents } from '../events/event-pipeline.ts'
import { createNonce } from '../headers/csp.ts'
import type { Policy } from '../policy/policy.ts'
import type { Switches } from '../switches/switches.ts'
import type { Door } from './compile-door.ts'
import type { Exchange, OpenPassage } from './passage.ts'
import type { Refuse } from './refuse.ts'

/** What the first steps need. */
export interface OpeningParts {
  readonly policy: Policy
  readonly resolveClient: ClientAddressResolver
  readonly judgeOrigin: OriginJudge
  readonly cors: Cors | undefined
  readonly switches: Switches
  readonly refuse: Refuse
  readonly events: SecurityEvents
}

/** Compiles the first steps. A refused passage has its decision already. */
export function createOpening(parts: OpeningParts): (door: Door, exchange: Exchange) => OpenPassage {
  const { policy, resolveClient, switches, refuse, cors } = parts
  return (door, exchange) => {
    const client = resolveClient(exchange)
    const passage: OpenPassage = {
      door,
      clientIp: client.ip,
      https: client.https,
      nonce: door.serves === 'page' ? createNonce() : undefined,
      actor: undefined,
      decision: undefined,
      exchange,
      client,
      degraded: undefined,
      originPending: false,
      cost: 1,
      policyField: '',
      cors: door.serves === 'page' ? undefined : cors?.find(exchange.method, exchange.headers),
    }
    if (!client.https) checkTransport(passage)
    if (passage.decision === undefined && isUnsafeMethod(exchange.method)) {
      if (door.takesHeader && carriesHeader(exchange)) passage.originPending = true
      else checkOrigin(parts, passage)
    }
    return passage
  }

  function checkTransport(passage: OpenPassage): void {
    if (policy.transport.plainHttp === 'allow' || passage.door.rule.transport === 'any') return
    const mode = switches.mode('transport')
    if (mode === 'off') return
    if (passage.door.serves === 'api' || isUnsafeMethod(passage.exchange.method)) {
      // Redirecting would teach clients to send their secrets in the clear first.
      refuse(passage, mode, 'https_required', 'transport.refused')
      return
    }
    const url = passage.exchange.url
    const location = `${policy.transport.publicOrigin ?? ''}${url.startsWith('/') ? url : '/'}`
    // A redirect is nothing to report, a page that was let pass over plain HTTP is.
    refuse(passage, mode, 'https_redirect', mode === 'observe' ? 'transport.refused' : undefined, {
      location,
    })
  }
}

/** Judges the origin of an unsafe request. Also used after identification, when a header was shown but not used. */
export function checkOrigin(parts: OpeningParts, passage: OpenPassage): void {
  const { door } = passage
  passage.originPending = false
  if (!door.judgesOrigin) return
  const mode = parts.switches.mode('origin')
  if (mode === 'off') return
  const finding = parts.judgeOrigin(passage.exchange.headers)
  if (finding === 'own') return
  const cookies = passage.exchange.headers.cookie !== undefined
  // Without a cookie there is nothing to abuse: the caller is told to authenticate instead. Doors that set a cookie
  // (signing in) still refuse other sites' pages, but not programs, which send neither header.
  if (door.takesCookie ? !cookies : finding === 'unknown') return
  if (finding === 'unknown' && parts.policy.browser.unknown === 'allow') return
  parts.refuse(passage, mode, 'origin_denied', 'origin.denied', { details: { finding } })
}

function carriesHeader(exchange: Exchange): boolean {
  return exchange.headers.authorization !== undefined || exchange.headers['x-api-key'] !== undefined
}
