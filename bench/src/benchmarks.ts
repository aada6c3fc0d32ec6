// Every benchmark by name.
import { guardExpressBenchmark } from './guard-express/guard-express.ts'
import { guardHttp } from './guard-http/guard-http.ts'
import { guardLimits } from './guard-limits/guard-limits.ts'
import { guardRedis } from './guard-redis/guard-redis.ts'
import { guardRevocation } from './guard-revocation/guard-revocation.ts'
import { guardTokens } from './guard-tokens/guard-tokens.ts'
import { guardWebhooks } from './guard-webhooks/guard-webhooks.ts'
import type { Benchmark } from './harness/benchmark.ts'
import { identitySession } from './identity-session/identity-session.ts'
import { identitySignIn } from './identity-signin/identity-signin.ts'
import { intakeHttp } from './intake-http/intake-http.ts'
import { jobsEmbedded } from './jobs-embedded/jobs-embedded.ts'

export const benchmarks: readonly Benchmark[] = [
  jobsEmbedded(),
  intakeHttp(),
  guardWebhooks(),
  guardHttp(),
  guardExpressBenchmark(),
  guardLimits(),
  guardRedis(),
  guardTokens(),
  guardRevocation(),
  identitySignIn(),
  identitySession(),
]
