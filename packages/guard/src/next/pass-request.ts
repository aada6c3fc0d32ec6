// A Fetch request on its way through a door.
import { randomUUID } from 'node:crypto'
import {
  type Decision,
  type Door,
  type Guard,
  guardError,
  type Identify,
  type Passage,
  renderDecision,
} from '../index.ts'
import { type Connection, stampedConnection } from './connection.ts'

/** What both adapters need to know about the application. */
export interface GuardNextOptions<R extends Request = Request> {
  /** Who a request comes from. Not called for doors with authentication `none`; required by all others. */
  readonly identify?: Identify<R>
  /**
   * The connection a request arrived on, where {@link stampConnections} cannot see it: hosted platforms, other
   * servers. It must come from something that no client can write, such as a header that the platform always sets.
   */
  readonly connection?: (request: R) => Connection
}

/** A request that may pass, or the answer that refuses it. `headers` belong to the answer either way. */
export type Passed =
  | { readonly passage: Passage; readonly headers: Headers; readonly refusal?: never }
  | { readonly passage: Passage; readonly headers: Headers; readonly refusal: Response }

/** Takes a request through a door; where nothing was named the answer is 404. Its body is not touched. */
export async function passRequest<R extends Request>(
  guard: Guard,
  { door, named }: { readonly door: Door; readonly named: boolean },
  request: R,
  options: GuardNextOptions<R>,
): Promise<Passed> {
  const { identify = nobody, connection = stampedConnection } = options
  const requestId = randomUUID()
  const url = new URL(request.url)
  const passage = guard.open(door, {
    method: request.method,
    url: `${url.pathname}${url.search}`,
    ...connection(request),
    headers: Object.fromEntries(request.headers),
    requestId,
  })
  const decision = await guard.pass(passage, identify, request)
  const headers = new Headers(guard.headersFor(passage))
  if (decision.outcome === 'deny' || !named) {
    const refusal: Decision =
      decision.outcome === 'deny' ? decision : { ...decision, outcome: 'deny', reason: 'not_found' }
    return { passage, headers, refusal: refuse(guard, refusal, headers, requestId, url.pathname) }
  }
  if (decision.limits.length > 0) {
    headers.set(guard.rateLimitFields.policyName, passage.policyField)
    headers.set(guard.rateLimitFields.stateName, guard.rateLimitFields.state(decision.limits))
  }
  return { passage, headers }
}

/**
 * The door of that name.
 * @throws GuardError `door_unknown`, `identify_missing`
 */
export function requireDoor(guard: Guard, name: string, identify: unknown): Door {
  const door = guard.door(name)
  if (door === undefined) {
    throw guardError('door_unknown', `The policy has no door "${name}".`)
  }
  if (door.identifies && identify === undefined) {
    throw guardError('identify_missing', `The door "${name}" asks who it is: give the option "identify".`)
  }
  return door
}

function refuse(
  guard: Guard,
  decision: Decision,
  headers: Headers,
  requestId: string,
  instance: string,
): Response {
  const rendered = renderDecision(decision, { requestId, instance, fields: guard.rateLimitFields })
  for (const [name, value] of Object.entries(rendered.headers)) headers.set(name, value)
  return new Response(rendered.body, { status: rendered.status, headers })
}

/** Never asked: {@link requireDoor} sees to it. */
const nobody = () => ({ outcome: 'missing' }) as const
