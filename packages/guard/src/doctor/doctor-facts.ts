// What the doctor must be told, because neither the policy nor the guard can know it.
import type { RotatingSecret } from '../secrets/rotating-secret.ts'
import type { Secret } from '../secrets/secret.ts'

/** About Redis or Valkey and the client. */
export interface RedisFacts {
  /** `maxmemory-policy` of the server; undefined when it does not tell. */
  readonly maxmemoryPolicy: string | undefined
  /** 0: none, so memory ends with the machine's. Undefined when the server does not tell. */
  readonly maxmemoryBytes: number | undefined
  /** After how long the client gives up a connection that stays silent, milliseconds; 0 for never. */
  readonly socketTimeoutMs: number | undefined
}

/** Facts about an installation. What is left out is not judged, and the report says so. */
export interface DoctorFacts {
  /** Judge as in production. Default: `NODE_ENV` is `production`, or an own origin leads to another machine. */
  readonly production?: boolean
  /** Processes that answer the same clients. */
  readonly processes?: number
  /** Where limits are counted. */
  readonly limitStore?: 'memory' | 'shared'
  /** What `readRedisFacts` of `@levqor/guard/redis` finds out about the shared store and the way there. */
  readonly redis?: RedisFacts
  /** Where failed sign-ins are counted. */
  readonly lockoutStore?: 'memory' | 'durable'
  /** Where ended sessions and tokens are kept and how processes hear of them. */
  readonly revocations?: 'memory' | 'shared'
  /** Where processed webhooks are remembered. */
  readonly replayStore?: 'memory' | 'shared'
  /** Every secret by its variable; `undefined` or an empty text is one that is not set. */
  readonly secrets?: Readonly<Record<string, Secret | RotatingSecret | string | undefined>>
  /** How many secrets each sender of webhooks has now. */
  readonly webhookSecrets?: Readonly<Record<string, number>>
  /** What outgoing requests may reach beyond the public internet. */
  readonly egressAllow?: readonly string[]
  /** Requests have arrived with X-Forwarded-For, Forwarded or X-Forwarded-Proto. */
  readonly forwardedHeadersSeen?: boolean
  /** Distance of this machine's clock from a trusted one. */
  readonly clockSkewMs?: number
  /** Algorithms that the verifier of tokens accepts; an empty list means any. */
  readonly tokenAlgorithms?: readonly string[]
  /** Length of the HMAC key that signs tokens. */
  readonly hmacKeyBits?: number
  /** Default: the version of this process. */
  readonly nodeVersion?: string
}
