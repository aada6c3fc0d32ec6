// Verifying access tokens: ours, with every check and the question whether it was ended, against jose with a prepared key.
import { createSecretKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'
import { createSecret } from '@levqor/guard'
import {
  type AccessTokens,
  createAccessTokens,
  createMemoryRevocationStore,
  createRevocations,
  createTokenKeys,
  inProcessRevocationBus,
  type TokenKeyOptions,
} from '@levqor/guard/tokens'
import { type CryptoKey, jwtVerify } from 'jose'
import type { Benchmark, Contestant, Figures } from '../harness/benchmark.ts'

/** Verifications of one measurement. */
export interface TokenCounts {
  /** Tokens that were never seen before. */
  readonly fresh: number
  /** Verifications of a hundred tokens that were seen. */
  readonly repeated: number
}

const usual: TokenCounts = { fresh: 2_000, repeated: 20_000 }
const policy = { issuer: 'https://app.example', audience: 'https://api.example' }
/** Where jose is fastest: its signatures are checked in a pool of threads, and less time is lost between them. */
const inFlight = 64
const revoked = 1_000

/** @param counts smaller ones for tests; rates of tiny counts mean nothing */
export function guardTokens(counts: TokenCounts = usual): Benchmark {
  return {
    name: 'guard-tokens',
    about: 'verifying access tokens, new and repeated, against jose',
    async prepare() {
      const sides = await Promise.all([hmacKeys(), signatureKeys()].map((keys) => prepareSides(keys, counts)))
      return {
        contestants: sides.flatMap(({ contestants }) => contestants),
        ratios: [
          ratio('vs_jose', 'hs256', 'repeated_per_cpu_second'),
          ratio('vs_jose_new', 'hs256', 'new_per_cpu_second'),
          ratio('vs_jose_eddsa', 'eddsa', 'repeated_per_cpu_second'),
          ratio('vs_jose_new_eddsa', 'eddsa', 'new_per_cpu_second'),
          ratio('vs_jose_new_by_the_clock', 'hs256', 'new_per_second'),
          ratio('vs_jose_new_eddsa_by_the_clock', 'eddsa', 'new_per_second'),
        ],
        notes: [
          `${counts.fresh} tokens that were never seen, then ${counts.repeated} verifications of a hundred that were; each token is a text of its own, as it comes from a socket.`,
          `Ours: strict parse, signature, claims, and the question whether any of five ids was ended, with ${revoked} revocations in memory. jose: jwtVerify with a prepared CryptoKey, algorithm, type, issuer and audience given, ${inFlight} at a time; it remembers nothing and asks nobody.`,
          'Per second of CPU time of this process, threads included; by the clock jose may use a second core, ours one.',
        ],
        close: async () => {
          for (const { close } of sides) await close()
        },
      }
    },
  }
}

interface Keys {
  readonly name: 'hs256' | 'eddsa'
  readonly options: TokenKeyOptions
  readonly verifies: KeyObject
}

function hmacKeys(): Keys {
  const text = randomBytes(32).toString('base64url')
  const current = { kid: 'key-1', key: createSecret(text, { name: 'TOKEN_SECRET' }) }
  const verifies = createSecretKey(Buffer.from(text))
  return { name: 'hs256', options: { algorithm: 'HS256', current }, verifies }
}

function signatureKeys(): Keys {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const current = { kid: 'key-1', key: privateKey }
  return { name: 'eddsa', options: { algorithm: 'EdDSA', current }, verifies: publicKey }
}

async function prepareSides(keys: Keys, counts: TokenCounts) {
  const store = createMemoryRevocationStore()
  const revocations = createRevocations({ store, bus: inProcessRevocationBus() })
  while (!revocations.alive) await new Promise((resolve) => setImmediate(resolve))
  const forgetAtMs = Date.now() + 3_600_000
  for (let i = 0; i < revoked; i++) {
    await revocations.revoke({ kind: 'session', id: `ended_${i}`, cause: 'signed_out', forgetAtMs })
  }
  const accessTokens = createAccessTokens({ policy, keys: createTokenKeys(keys.options), revocations })
  const cryptoKey = await joseKey(keys)
  const expected = { ...policy, algorithms: [keys.options.algorithm], typ: 'at+jwt' }
  const contestants: Contestant[] = [
    side(`levqor_${keys.name}`, accessTokens, counts, async (tokens) => {
      for (const token of tokens) {
        const verdict = accessTokens.verify(token)
        if (verdict instanceof Promise || !verdict.valid) throw new Error('Refused.')
      }
    }),
    side(`jose_${keys.name}`, accessTokens, counts, async (tokens) => {
      let next = 0
      const lane = async () => {
        while (next < tokens.length) await jwtVerify(tokens[next++] ?? '', cryptoKey, expected)
      }
      await Promise.all(Array.from({ length: inFlight }, lane))
    }),
  ]
  return { contestants, close: () => revocations.stop() }
}

function side(
  name: string,
  issuer: AccessTokens,
  counts: TokenCounts,
  verifyAll: (tokens: readonly string[]) => Promise<void>,
): Contestant {
  return {
    name,
    async measure(): Promise<Figures> {
      const fresh = await issue(issuer, counts.fresh)
      const first = await timed(() => verifyAll(fresh))
      const known = fresh.slice(-100)
      // Copies, because two requests never share one text.
      const again = Array.from({ length: counts.repeated }, (_, i) => copyOf(known[i % known.length] ?? ''))
      const later = await timed(() => verifyAll(again))
      return {
        new_per_cpu_second: counts.fresh / first.cpuSeconds,
        repeated_per_cpu_second: counts.repeated / later.cpuSeconds,
        new_per_second: counts.fresh / first.seconds,
        repeated_per_second: counts.repeated / later.seconds,
      }
    },
  }
}

async function issue(issuer: AccessTokens, count: number): Promise<string[]> {
  const tokens: string[] = []
  for (let i = 0; i < count; i++) {
    tokens.push(copyOf(await issuer.issue({ sub: `user_${i}`, sid: randomBytes(16).toString('base64url') })))
  }
  return tokens
}

function joseKey({ name, verifies }: Keys): Promise<CryptoKey> {
  return name === 'hs256'
    ? crypto.subtle.importKey('raw', verifies.export(), { name: 'HMAC', hash: 'SHA-256' }, false, ['verify'])
    : crypto.subtle.importKey('spki', verifies.export({ type: 'spki', format: 'der' }), 'Ed25519', false, [
        'verify',
      ])
}

async function timed(work: () => Promise<void>) {
  const cpu = process.cpuUsage()
  const started = performance.now()
  await work()
  const seconds = (performance.now() - started) / 1000
  const { user, system } = process.cpuUsage(cpu)
  return { seconds, cpuSeconds: (user + system) / 1_000_000 }
}

function copyOf(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1')
}

function ratio(name: string, keys: Keys['name'], figure: string) {
  return { name, of: `levqor_${keys}.${figure}`, to: `jose_${keys}.${figure}` }
}
