// Signing in: a lockout around the secret, then an access token for minutes and a refresh token that is used once.
import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto'
import {
  systemClock as clock,
  createPseudonyms,
  createSecret,
  createSecurityEvents,
  stdoutSink,
} from '@levqor/guard'
import { checkSecret, createLockout, createMemoryLockoutStore } from '@levqor/guard/lockout'
import { levqorLockout } from '@levqor/guard/presets'
import {
  createAccessTokens,
  createMemoryRefreshStore,
  createMemoryRevocationStore,
  createRefreshTokens,
  createRevocations,
  createTokenKeys,
  identifyByToken,
  inProcessRevocationBus,
} from '@levqor/guard/tokens'

// Two secrets, both made by `npx guard secrets`: one hides names in logs and stores, the other signs.
const secretOf = (name: string) =>
  createSecret(process.env[name] ?? randomBytes(32).toString('base64url'), { name })
const secret = secretOf('GUARD_SECRET')
const signingKey = secretOf('GUARD_SESSION_KEY')
const pseudonyms = createPseudonyms({ secret, clock })
const events = createSecurityEvents({ sinks: [stdoutSink()], clock, pseudonyms })

// 5 wrong passwords in 10 minutes lock an account for 15. 200 guesses at once are still 5 checks.
const store = createMemoryLockoutStore({ clock })
const lockout = createLockout({ policy: levqorLockout, store, secret, events, pseudonyms })

const policy = { issuer: 'https://notes.example', audience: 'https://notes.example/api' }
const revocations = createRevocations({
  store: createMemoryRevocationStore(),
  bus: inProcessRevocationBus(),
  events,
})
const keys = createTokenKeys({ algorithm: 'HS256', current: { kid: '2026-01', key: signingKey } })
const accessTokens = createAccessTokens({ policy, keys, revocations })
const refreshTokens = createRefreshTokens({
  policy,
  store: createMemoryRefreshStore(),
  secret,
  revocations,
  events,
})

const hash = (password: string) => scryptSync(password, 'a salt per user in real life', 32)
const users = new Map([['ann@example.test', { id: 'user_ann', password: hash('correct horse') }]])
const dummy = { id: '', password: hash(randomBytes(16).toString('hex')) }

export async function signIn(email: string, password: string, address: string) {
  const attempt = await lockout.attempt(
    { account: email, address },
    checkSecret({
      find: async () => users.get(email),
      verify: async (user) => timingSafeEqual(user.password, hash(password)),
      dummy, // Nobody learns from the time of an answer whether an account exists.
    }),
  )
  if (attempt.outcome !== 'succeeded') return { refused: attempt.decision.reason }
  const { token, familyId } = await refreshTokens.start(attempt.value.id)
  return { access: await accessTokens.issue({ sub: attempt.value.id, sid: familyId }), refresh: token }
}

/** The old token becomes the new one. Shown again after ten seconds, it ends everything that came of that sign-in. */
export const renew = (refresh: string) => refreshTokens.rotate(refresh)

export const signOut = (familyId: string) => refreshTokens.end(familyId, 'signed_out')

/** For any adapter: guardFastify(guard, { identify }). */
export const identify = identifyByToken({
  accessTokens,
  toActor: ({ sub }) => ({ kind: 'user', id: sub, accountId: sub }),
})
