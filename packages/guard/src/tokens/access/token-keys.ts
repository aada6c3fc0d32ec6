// Keys of access tokens in rotation slots: one signs, the next is already accepted, the previous still are for a while.
// A token chooses among them by `kid`, a name that is compared and never used as a path or a query.
import { createPublicKey, createSecretKey, type KeyObject } from 'node:crypto'
import { guardError } from '../../errors.ts'
import type { PolicyProblem } from '../../policy/policy.ts'
import type { Secret } from '../../secrets/secret.ts'
import { checkStrongSecret } from '../strong-secret.ts'
import { type TokenAlgorithm, tokenAlgorithms } from './token-algorithms.ts'

interface Slot<K> {
  /** 1 to 64 letters, digits, `_` and `-`. */
  readonly kid: string
  readonly key: K
}

interface PreviousSlot<K> extends Slot<K> {
  /** Epoch milliseconds. From then on tokens of this key are refused. */
  readonly untilMs: number
}

interface Slots<A extends TokenAlgorithm, Signing, Verifying> {
  readonly algorithm: A
  readonly current: Slot<Signing>
  /** Accepted, not signing yet: give it to every process before the first one signs with it. */
  readonly next?: Slot<Verifying>
  readonly previous?: readonly PreviousSlot<Verifying>[]
}

/** HS256 takes secrets of 256 bits; EdDSA an Ed25519 private key to sign and public (or private) keys to verify. */
export type TokenKeyOptions = Slots<'HS256', Secret, Secret> | Slots<'EdDSA', KeyObject, KeyObject>

/** A key that tokens may name. */
export interface AcceptedKey {
  readonly kid: string
  /** Epoch milliseconds; Infinity while the slot has no end. */
  readonly untilMs: number
  /** Whether `signature` is this key's over `text`. */
  verifies(text: string, signature: Buffer): boolean
}

/** The keys of one application. */
export interface TokenKeys {
  readonly algorithm: TokenAlgorithm
  /** The `kid` that signs. */
  readonly kid: string
  sign(text: string): Buffer
  find(kid: string): AcceptedKey | undefined
}

const kidForm = /^[A-Za-z0-9_-]{1,64}$/

/** Whether a text can be a key's name at all. */
export function isKeyId(text: string): boolean {
  return kidForm.test(text)
}

/**
 * Checks the keys and puts them in their slots.
 * @throws GuardError `bad_token_policy` with every problem: weak secrets, wrong kinds of key, names used twice
 * @example
 * const keys = createTokenKeys({ algorithm: 'HS256', current: { kid: '2026-01', key: secret } })
 */
export function createTokenKeys(options: TokenKeyOptions): TokenKeys {
  const problems = checkTokenKeys(options)
  if (problems.length > 0) {
    const lines = problems.map(({ path, code, fix }) => `${path}: ${code}. ${fix}`)
    throw guardError('bad_token_policy', `These token keys cannot be used:\n${lines.join('\n')}`, problems)
  }
  const { algorithm } = options
  const { sign, verify } = tokenAlgorithms[algorithm]
  const signing = keyObject(options.current.key)
  const accepted = new Map<string, AcceptedKey>()
  for (const { slot, untilMs } of slotsOf(options)) {
    const key = verifying(slot.key)
    accepted.set(slot.kid, {
      kid: slot.kid,
      untilMs,
      verifies: (text, signature) => verify(key, text, signature),
    })
  }
  return {
    algorithm,
    kid: options.current.kid,
    sign: (text) => sign(signing, text),
    find: (kid) => accepted.get(kid),
  }
}

interface PlacedSlot {
  readonly slot: Slot<Secret | KeyObject>
  readonly path: string
  readonly untilMs: number
}

function slotsOf({ current, next, previous = [] }: TokenKeyOptions): PlacedSlot[] {
  return [
    { slot: current, path: 'current', untilMs: Number.POSITIVE_INFINITY },
    ...(next === undefined ? [] : [{ slot: next, path: 'next', untilMs: Number.POSITIVE_INFINITY }]),
    ...previous.map((slot, i) => ({ slot, path: `previous[${i}]`, untilMs: slot.untilMs })),
  ]
}

/** Every problem of the keys, each with its place and its fix. */
function checkTokenKeys(options: TokenKeyOptions): PolicyProblem[] {
  const problems: PolicyProblem[] = []
  if (!Object.hasOwn(tokenAlgorithms, options.algorithm)) {
    const fix = `Use one of: ${Object.keys(tokenAlgorithms).join(', ')}.`
    return [{ code: 'token_algorithm', path: 'algorithm', fix }]
  }
  const names = new Set<string>()
  const materials = new Set<string>()
  for (const { slot, path, untilMs } of slotsOf(options)) {
    const { kid, key } = slot
    if (!isKeyId(kid)) {
      const fix = 'Use 1 to 64 letters, digits, "_" and "-".'
      problems.push({ code: 'token_kid', path: `${path}.kid`, fix })
    }
    if (names.has(kid)) {
      problems.push({
        code: 'token_kid_twice',
        path: `${path}.kid`,
        fix: 'Give every key a name of its own.',
      })
    }
    names.add(kid)
    if (Number.isNaN(untilMs)) {
      problems.push({ code: 'token_key_until', path: `${path}.untilMs`, fix: 'Use epoch milliseconds.' })
    }
    const wrong = checkKey(options.algorithm, key, `${path}.key`, path === 'current')
    problems.push(...wrong)
    if (wrong.length > 0) continue
    const material = materialOf(key)
    if (materials.has(material)) {
      const fix = 'This key stands in another slot already: a rotation needs a new one.'
      problems.push({ code: 'token_key_twice', path: `${path}.key`, fix })
    }
    materials.add(material)
  }
  return problems
}

function checkKey(
  algorithm: TokenAlgorithm,
  key: Secret | KeyObject,
  path: string,
  signs: boolean,
): PolicyProblem[] {
  if (algorithm === 'HS256') {
    if ('reveal' in key) return checkStrongSecret(key, path)
    return [{ code: 'token_key_kind', path, fix: 'HS256 takes a secret made by createSecret.' }]
  }
  if ('reveal' in key || key.asymmetricKeyType !== 'ed25519' || (signs && key.type !== 'private')) {
    const fix = signs
      ? 'EdDSA signs with an Ed25519 private key: openssl genpkey -algorithm ed25519'
      : 'EdDSA verifies with an Ed25519 key.'
    return [{ code: 'token_key_kind', path, fix }]
  }
  return []
}

function keyObject(key: Secret | KeyObject): KeyObject {
  return 'reveal' in key ? createSecretKey(Buffer.from(key.reveal())) : key
}

function verifying(key: Secret | KeyObject): KeyObject {
  const object = keyObject(key)
  return object.type === 'private' ? createPublicKey(object) : object
}

/** Equal for equal keys. Never leaves this file. */
function materialOf(key: Secret | KeyObject): string {
  return 'reveal' in key ? key.reveal() : JSON.stringify(verifying(key).export({ format: 'jwk' }))
}
