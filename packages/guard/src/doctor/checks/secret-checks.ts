// Secrets: whoever guesses one needs no other weakness.
import type { RotatingSecret } from '../../secrets/rotating-secret.ts'
import { estimateEntropyBits, type Secret } from '../../secrets/secret.ts'
import { type ConfigurationChecks, ifTold, type Patient, type Sign, sign } from '../check.ts'

type ToldSecrets = NonNullable<Patient['facts']['secrets']>

interface Named {
  readonly name: string
  readonly text: string
}

/** Longest overlap of a rotation that is no forgotten one. */
const longestOverlapMs = 90 * 86_400_000

export const secretChecks: ConfigurationChecks = {
  'GUARD-001': {
    title: 'A secret is missing',
    severity: 'critical',
    explanation:
      'What is signed or keyed with an empty secret can be made by anybody: tokens, pseudonyms, webhook signatures.',
    fix: 'Make one with `guard secrets` and set the variable in the environment of every process.',
    run: ({ facts }) =>
      ifTold('secrets', facts.secrets, (secrets) =>
        Object.entries(secrets)
          .filter(([, secret]) => secret === undefined || secret === '')
          .map(([name]) => sign(name, 'It is not set.')),
      ),
  },
  'GUARD-002': {
    title: 'A secret is weak or a default',
    severity: 'critical',
    explanation:
      'Secrets of examples, words and short texts are tried first, offline and billions of times a second, against any one token or signature.',
    fix: 'Replace it by 32 random bytes: `guard secrets`. Keep the old one in NAME_PREVIOUS for the overlap only.',
    run: ({ facts, nowMs }) =>
      ifTold('secrets', facts.secrets, (secrets) =>
        textsOf(secrets, nowMs)
          .filter(({ text }) => estimateEntropyBits(text) < 128)
          .map(({ name }) => sign(name, 'It is too easy to guess.')),
      ),
  },
  'GUARD-003': {
    title: 'One secret serves two purposes',
    severity: 'warning',
    explanation:
      'What leaks from one place opens the other, and something signed for one purpose may be accepted for the other.',
    fix: 'Give each purpose a secret of its own, or derive one per purpose (HKDF).',
    run: ({ facts, nowMs }) => ifTold('secrets', facts.secrets, (secrets) => shared(textsOf(secrets, nowMs))),
  },
  'GUARD-004': {
    title: 'A replaced secret is accepted for too long',
    severity: 'warning',
    explanation:
      'A rotation ends when the old secret is worthless. Until then whoever has it can sign as before.',
    fix: 'Set the end of the overlap (NAME_PREVIOUS_UNTIL) to days, not months.',
    run: ({ facts, nowMs }) =>
      ifTold('secrets', facts.secrets, (secrets) =>
        Object.entries(secrets)
          .filter(([, secret]) => isRotating(secret) && secret.accepted(nowMs + longestOverlapMs).length > 1)
          .map(([name]) => sign(`${name}_PREVIOUS_UNTIL`, 'The old secret still counts in 90 days.')),
      ),
  },
}

function shared(all: readonly Named[]): Sign[] {
  const seen = new Map<string, string>()
  const signs: Sign[] = []
  for (const { name, text } of all) {
    const before = seen.get(text)
    if (before !== undefined) signs.push(sign(name, `It is the same as ${before}.`))
    seen.set(text, name)
  }
  return signs
}

/** Every text that counts now; what is not set has a row of its own. */
function textsOf(secrets: ToldSecrets, nowMs: number): Named[] {
  return Object.entries(secrets).flatMap(([name, secret]): Named[] => {
    if (secret === undefined || secret === '') return []
    if (typeof secret === 'string') return [{ name, text: secret }]
    if (!isRotating(secret)) return [{ name, text: secret.reveal() }]
    return secret.accepted(nowMs).map((it) => ({ name: it.name, text: it.reveal() }))
  })
}

function isRotating(secret: Secret | RotatingSecret | string | undefined): secret is RotatingSecret {
  return typeof secret === 'object' && 'accepted' in secret
}
