// The origins a policy trusts, made ready: loopback ones are development's and are dropped where HTTPS is required,
// because there any program on a visitor's machine could be behind them.
import type { Policy } from '../policy/policy.ts'
import { type Cors, createCors } from './cors.ts'
import { isLoopbackOrigin } from './origins.ts'

/** What the kernel asks about origins. */
export interface SiteOrigins {
  /** Whose pages may send unsafe requests: our own, and those CORS lists with credentials. */
  readonly own: readonly string[]
  readonly cors: Cors | undefined
  /** Listed, but without effect. */
  readonly dropped: readonly string[]
}

/** Reads the origins of a checked policy. */
export function readSiteOrigins({ browser, cors, transport }: Policy): SiteOrigins {
  const production = transport.plainHttp === 'require-https'
  const keep = (origin: string) => !(production && isLoopbackOrigin(origin))
  const own = browser.origins.filter(keep)
  const listed = cors?.origins.filter(keep) ?? []
  return {
    own: cors?.credentials === true ? [...own, ...listed] : own,
    cors: cors === undefined ? undefined : createCors({ ...cors, origins: listed }),
    dropped: [...new Set([...browser.origins, ...(cors?.origins ?? [])])].filter((origin) => !keep(origin)),
  }
}
