// What each part of a policy looks like. The compiler holds every table against its type: a field that is added,
// renamed or made optional there must be here too.
import type {
  AbusePolicy,
  AnomalyRule,
  DeviceAllowance,
  DevicePolicy,
  SignUpPolicy,
  SignUpQuota,
} from '../abuse/abuse-policy.ts'
import type { ClientAddressPolicy } from '../address/resolve-client.ts'
import type { OriginPolicy } from '../browser/check-origin.ts'
import type { CorsPolicy } from '../browser/cors-policy.ts'
import type { PageCspOptions } from '../headers/csp.ts'
import type { HeaderPolicy } from '../headers/header-policy.ts'
import type { ByPlan, LimitRule } from '../limits/limit.ts'
import type { LockoutPolicy, LockoutRule, SprayRule } from '../lockout/lockout-policy.ts'
import type { PenaltyLevel, PenaltyPolicy } from '../penalty/penalty-policy.ts'
import type { SocketEventRule, SocketPolicy, SocketThrottle } from '../sockets/socket-policy.ts'
import type { TokenCookiePolicy, TokenPolicy } from '../tokens/token-policy.ts'
import type { WebhookPolicy, WebhookSender } from '../webhooks/webhook-policy.ts'
import type { DoorRule, Policy, TransportPolicy } from './policy.ts'
import {
  boolean,
  either,
  hiddenText,
  list,
  nothing,
  number,
  object,
  optional,
  record,
  type Shape,
  text,
  textOf,
  variant,
} from './shape.ts'

const door = textOf('the name of a door')
const origins = list(textOf('an origin such as "https://app.example"'))
const texts = list(text)

// A limit with a default is one per plan; `default` is what the type asks of the record.
const byPlan: Shape<ByPlan> = either(number, record(number, { needs: ['default'] }))

const limit = object<LimitRule>({
  name: text,
  by: either(textOf('what it counts by'), texts),
  quota: byPlan,
  windowMs: number,
  burst: optional(byPlan),
  cost: optional(number),
  algorithm: optional(text),
})

/** More beside each other at one door is a mistake, and comparing them costs their square. */
const mostLimits = 32

const doorRule = object<DoorRule>({
  authentication: textOf('who may pass, such as "session"'),
  strangers: list(limit, mostLimits),
  actors: optional(list(limit, mostLimits)),
  unlimited: optional(textOf('the reason as a text')),
  scopes: optional(texts),
  serves: optional(text),
  crossSite: optional(text),
  transport: optional(text),
  onStoreFailure: textOf('"deny", "local" or "allow"'),
})

const clientAddress = object<ClientAddressPolicy>({
  trustedProxies: list(textOf('an address, a range or a set such as "loopback"')),
  header: optional(text),
  ipv6Prefix: optional(number),
})

const browser = object<OriginPolicy>({ origins, unknown: optional(text) })

const transport = object<TransportPolicy>({
  plainHttp: textOf('"require-https" or "allow"'),
  publicOrigin: optional(text),
})

const headers = object<HeaderPolicy>({
  pageCsp: optional(
    object<PageCspOptions>({
      add: optional(record(texts)),
      trustedTypes: optional(texts),
      reportTo: optional(text),
      upgradeInsecureRequests: optional(boolean),
      development: optional(boolean),
    }),
  ),
  hstsMaxAgeSeconds: optional(number),
  referrerPolicy: optional(text),
  permissions: optional(record(text)),
  // Addresses of services and headers hold keys now and then.
  reportingEndpoints: optional(record(hiddenText)),
  override: optional(record(either(hiddenText, nothing))),
})

const cors = object<CorsPolicy>({
  origins,
  credentials: optional(boolean),
  methods: optional(texts),
  headers: optional(texts),
  exposedHeaders: optional(texts),
  maxAgeSeconds: optional(number),
})

const penalties = object<PenaltyPolicy>({
  levels: optional(
    list(
      object<PenaltyLevel>({
        strikes: number,
        windowMs: number,
        lastsMs: number,
        cost: optional(number),
        demand: optional(text),
      }),
    ),
  ),
  humanMs: optional(number),
  pardonMs: optional(number),
  onChallengeUnavailable: optional(text),
  maxAddresses: optional(number),
})

const lockoutFields = { failures: number, windowMs: number, lockMs: number, maxLockMs: number }
const lockoutRule = object<LockoutRule>(lockoutFields)

export const lockoutShape = object<LockoutPolicy>({
  account: lockoutRule,
  accountAddress: lockoutRule,
  device: lockoutRule,
  address: lockoutRule,
  global: object<SprayRule>({ ...lockoutFields, strangerFailures: number }),
  waitMs: optional(number),
  reservationMs: optional(number),
})

/** Secrets are given beside these parts, and by mistake in them. */
const beside = { hides: true }

export const tokenShape = object<TokenPolicy>(
  {
    issuer: text,
    audience: text,
    accessLifetimeMs: optional(number),
    refreshLifetimeMs: optional(number),
    reuseWindowMs: optional(number),
    cookies: optional(
      object<TokenCookiePolicy>({ access: optional(text), refresh: optional(text), refreshPath: text }),
    ),
  },
  beside,
)

type HmacSender = Extract<WebhookSender, { readonly provider: 'hmac' }>

const sender: Shape<WebhookSender> = variant(
  object<Exclude<WebhookSender, HmacSender>>(
    {
      provider: textOf('who sends, such as "stripe"'),
      maxBodyBytes: optional(number),
    },
    beside,
  ),
  'provider',
  'hmac',
  object<HmacSender>({
    provider: text,
    maxBodyBytes: optional(number),
    header: textOf('the name of a header'),
    prefix: optional(text),
    encoding: textOf('"hex" or "base64"'),
  }),
)

export const webhookShape = object<WebhookPolicy>(
  {
    senders: record(sender),
    toleranceMs: optional(number),
    claimLeaseMs: optional(number),
    timedMemoryMs: optional(number),
    untimedMemoryMs: optional(number),
    withoutSecret: optional(text),
  },
  beside,
)

const throttle = object<SocketThrottle>({ quota: number, windowMs: number })

const sockets = object<SocketPolicy>({
  door,
  events: record(
    object<SocketEventRule>({
      perUser: optional(throttle),
      perSocket: optional(throttle),
      unlimited: optional(textOf('the reason as a text')),
      maxBytes: optional(number),
      onStoreFailure: optional(text),
    }),
  ),
  maxFrameBytes: optional(number),
  framesPerSecond: optional(number),
  connections: optional(throttle),
  openPerAddress: optional(number),
  openPerUser: optional(number),
  floods: optional(throttle),
  checkEveryMs: optional(number),
})

const allowance: Shape<DeviceAllowance> = either(
  textOf('"unlimited"'),
  object<Exclude<DeviceAllowance, string>>({ changes: number, atLimit: text }),
)
const signUpQuota = object<SignUpQuota>({ quota: number, windowMs: number })

export const abuseShape = object<AbusePolicy>({
  devices: optional(
    object<DevicePolicy>({
      plans: record(allowance, { needs: ['default'] }),
      windowMs: number,
      rememberMs: number,
    }),
  ),
  signUps: optional(
    object<SignUpPolicy>({
      perReferralAndNetwork: signUpQuota,
      perAddress: signUpQuota,
      disposableMail: text,
      heldPerAddress: number,
    }),
  ),
  anomalies: optional(
    list(
      object<AnomalyRule>({
        name: text,
        events: texts,
        by: text,
        distinct: optional(text),
        threshold: number,
        windowMs: number,
      }),
    ),
  ),
})

export const policyShape = object<Policy>({
  doors: record(doorRule),
  unmatched: door,
  credentialGuesses: limit,
  clientAddress,
  browser,
  headers: optional(headers),
  transport,
  routes: optional(record(door, { paths: (route) => `["${route}"]` })),
  cors: optional(cors),
  penalties: optional(penalties),
  lockout: optional(lockoutShape),
  tokens: optional(tokenShape),
  webhooks: optional(webhookShape),
  sockets: optional(sockets),
  abuse: optional(abuseShape),
})
