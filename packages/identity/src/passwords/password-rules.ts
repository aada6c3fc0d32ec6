// Which passwords are accepted. By default what NIST SP 800-63B-4 section 3.1.1 asks for: long, not known to everybody,
// and no rules about which characters. Another application may add those.
import type { Problem } from '@levqor/server'

/** The rules, as data. Lengths in characters (code points). */
export interface PasswordRules {
  /** Where the password is all there is. */
  readonly minAlone: number
  /** Where a second factor is asked for as well. */
  readonly minWithSecondFactor: number
  readonly max: number
  /** Kinds of characters of which at least one must be there. */
  readonly kinds: readonly CharacterKind[]
}

export type CharacterKind = 'upper' | 'lower' | 'digit' | 'special'

/** Levqor's: long. */
export const longPasswords: PasswordRules = { minAlone: 15, minWithSecondFactor: 8, max: 256, kinds: [] }

/** Lugn & Trygg's: 8 to 128 with every kind of character. */
export const mixedPasswords: PasswordRules = {
  minAlone: 8,
  minWithSecondFactor: 8,
  max: 128,
  kinds: ['upper', 'lower', 'digit', 'special'],
}

const kinds: Readonly<Record<CharacterKind, { readonly pattern: RegExp; readonly words: string }>> = {
  upper: { pattern: /\p{Lu}/u, words: 'a capital letter' },
  lower: { pattern: /\p{Ll}/u, words: 'a small letter' },
  digit: { pattern: /\p{Nd}/u, words: 'a digit' },
  special: { pattern: /[^\p{L}\p{N}\s]/u, words: 'a special character' },
}

/** Whether a password is on the list of those that everybody tries first; in lower case. */
export type IsCommonPassword = (password: string) => boolean

/**
 * One spelling of each password, whatever keyboard it comes from: NFC, every space a plain one (RFC 8265 section 4.2,
 * OpaqueString).
 */
export function preparePassword(text: string): string {
  return text.normalize('NFC').replace(/\p{Zs}/gu, ' ')
}

/** Everything that is wrong with a prepared password; an empty list means that it is accepted. */
export function passwordProblems(
  password: string,
  facts: {
    readonly rules: PasswordRules
    readonly isCommon: IsCommonPassword
    readonly hasSecondFactor: boolean
    /** What may not be the password itself: the person's address, the product's name. */
    readonly context: readonly string[]
    readonly pointer: string
  },
): Problem[] {
  const { rules, isCommon, hasSecondFactor, context, pointer } = facts
  const problems: Problem[] = []
  const say = (code: string, message: string) => problems.push({ pointer, code, message })
  const length = [...password].length
  const least = hasSecondFactor ? rules.minWithSecondFactor : rules.minAlone
  if (/\p{Cc}/u.test(password)) say('password_characters', 'Leave out control characters.')
  if (length < least) say('password_too_short', `Use at least ${least} characters; a few words will do.`)
  if (length > rules.max) {
    say('password_too_long', `Use at most ${rules.max} characters.`)
    return problems
  }
  const missing = rules.kinds.filter((kind) => !kinds[kind].pattern.test(password))
  if (missing.length > 0) {
    say('password_kinds', `Add ${missing.map((kind) => kinds[kind].words).join(', ')}.`)
  }
  const plain = password.toLowerCase()
  if (isCommon(plain) || isRepetition(plain)) {
    say('password_common', 'Choose another one: this is among the first that anybody tries.')
  } else if (context.some((word) => word.length >= 4 && isMadeOf(plain, word.toLowerCase()))) {
    say('password_guessable', 'Choose another one: this is made of your address or of our name.')
  }
  return problems
}

/** Whether a prepared password that was accepted beside a second factor would be too short without. */
export function needsSecondFactor(password: string, rules: PasswordRules): boolean {
  return [...password].length < rules.minAlone
}

/** `aaaaaaaaaaaaaaa`, `abcabcabcabcabc`, `passwordpassword`: a short piece again and again. */
function isRepetition(text: string): boolean {
  return text.length >= 8 && /^(.{1,8}?)\1+$/su.test(text)
}

/** Whether little but the word is in the text. */
function isMadeOf(text: string, word: string): boolean {
  return text.includes(word) && text.replaceAll(word, '').length < 6
}
