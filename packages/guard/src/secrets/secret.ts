// Secrets as values that do not print themselves: a secret in a log line, an error or a JSON answer shows its name.
import { inspect } from 'node:util'
import { deflateRawSync } from 'node:zlib'
import { guardError } from '../errors.ts'
import type { PolicyProblem } from '../policy/policy.ts'

/** A secret with a name. Only {@link Secret.reveal} gives the text. */
export interface Secret {
  readonly name: string
  reveal(): string
  toString(): string
  toJSON(): string
}

/** Settings of {@link createSecret}. */
export interface SecretOptions {
  readonly name: string
  /** Least estimated entropy in bits (default 128). */
  readonly minimumBits?: number
}

/**
 * Wraps a secret text.
 * @throws GuardError `weak_secret` (the message names the secret, never its text)
 * @example
 * const secret = createSecret(process.env.LEVQOR_SECRET ?? '', { name: 'LEVQOR_SECRET' })
 */
export function createSecret(text: string, options: SecretOptions): Secret {
  const { name, minimumBits = 128 } = options
  if (estimateEntropyBits(text) < minimumBits) {
    throw guardError('weak_secret', `${name} ${weaknessOf(text)}. Make one: npx guard secrets`)
  }
  const redacted = `[secret ${name}]`
  return Object.freeze({
    name,
    reveal: () => text,
    toString: () => redacted,
    toJSON: () => redacted,
    [inspect.custom]: () => redacted,
  })
}

/** A secret that is too weak as one problem among others; undefined for one that holds. */
export function secretProblem(text: string, path: string, minimumBits = 128): PolicyProblem | undefined {
  if (estimateEntropyBits(text) >= minimumBits) return undefined
  return { code: 'secret_weak', path, fix: `It ${weaknessOf(text)}. Make one: npx guard secrets` }
}

/** Texts of tutorials and samples, as people leave them in place. */
const knownDefaults =
  /change[-_ ]?(?:me|this|it)|pass(?:word|phrase)|secret|default|example|placeholder|replace|your[-_ ]|letmein|qwerty|12345|test/i

/** What is wrong with a text that is too easy to guess, without a letter of it. */
export function weaknessOf(text: string): string {
  const { length } = [...text]
  if (text.trim() === '') return 'is empty'
  if (knownDefaults.test(text)) return 'is a well-known default or made of words'
  if (length < 32) return `has ${length} ${length === 1 ? 'character' : 'characters'}, needs 32`
  if (/^(.{1,16}?)\1+.{0,16}$/s.test(text)) return 'repeats itself'
  return 'is too easy to guess: it is no random text'
}

/**
 * A cautious estimate: the smaller of the character statistics and what compression leaves, not counting characters
 * that repeat or continue a run ("aaaa", "abcd", "4321"). Good at finding weak secrets, not at measuring strong ones.
 */
export function estimateEntropyBits(text: string): number {
  const counts = new Map<string, number>()
  let surprising = 0
  let previous = -2
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0
    if (Math.abs(point - previous) > 1) surprising++
    previous = point
    counts.set(character, (counts.get(character) ?? 0) + 1)
  }
  const length = text.length
  let perCharacter = 0
  for (const count of counts.values()) perCharacter -= (count / length) * Math.log2(count / length)
  const compressedBits = (deflateRawSync(text).length - 2) * 8
  return Math.max(0, Math.min(perCharacter * surprising, compressedBits))
}
