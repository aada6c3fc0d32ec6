// A secret on its way to being replaced: the new one signs, the old one still verifies until its end, so that nobody is
// signed out and no webhook is refused on the day of a rotation.
import { guardError } from '../errors.ts'
import type { PolicyProblem } from '../policy/policy.ts'
import { createSecret, type Secret, secretProblem } from './secret.ts'

/** Rotation slots. */
export interface RotatingSecret {
  readonly name: string
  /** Signs and derives. */
  readonly current: Secret
  /** What verifies at a time (epoch milliseconds): the current secret first, then the previous one until its end. */
  accepted(nowMs: number): readonly [Secret, ...Secret[]]
}

/** Settings of {@link createRotatingSecret}. */
export interface RotatingSecretOptions {
  readonly name: string
  readonly current: string
  /** `untilMs` in epoch milliseconds: from then on the old text is worthless. There is no slot without an end. */
  readonly previous?: { readonly text: string; readonly untilMs: number }
  /** Least estimated entropy of both in bits (default 128). */
  readonly minimumBits?: number
}

/**
 * Puts a secret and the one before it in their slots.
 * @throws GuardError `weak_secret` with every problem in `details`; no text of a secret is repeated
 * @example
 * const secret = createRotatingSecret({ name: 'GUARD_SECRET', current, previous: { text: old, untilMs } })
 * verifyWebhook({ headers, body, secrets: secret.accepted(Date.now()).map((it) => it.reveal()), nowMs: Date.now() })
 */
export function createRotatingSecret(options: RotatingSecretOptions): RotatingSecret {
  const { name, previous, minimumBits = 128 } = options
  const problems: PolicyProblem[] = []
  const judge = (text: string, path: string) => {
    const problem = secretProblem(text, path, minimumBits)
    if (problem) problems.push(problem)
  }
  judge(options.current, name)
  if (previous !== undefined) {
    judge(previous.text, `${name}_PREVIOUS`)
    if (previous.text === options.current) {
      const fix = 'It is the current secret: a rotation needs a new one.'
      problems.push({ code: 'secret_unchanged', path: `${name}_PREVIOUS`, fix })
    }
    if (!Number.isFinite(previous.untilMs)) {
      const fix = 'Say until when the previous secret is accepted, such as 2027-01-31T12:00:00Z.'
      problems.push({ code: 'secret_without_end', path: `${name}_PREVIOUS_UNTIL`, fix })
    }
  }
  if (problems.length > 0) {
    const lines = problems.map(({ path, code, fix }) => `${path}: ${code}. ${fix}`)
    throw guardError('weak_secret', `This secret cannot be used:\n${lines.join('\n')}`, problems)
  }
  const current = createSecret(options.current, { name, minimumBits })
  const old = previous && createSecret(previous.text, { name: `${name}_PREVIOUS`, minimumBits })
  const untilMs = previous?.untilMs ?? 0
  return Object.freeze({
    name,
    current,
    accepted: (nowMs: number) =>
      old !== undefined && nowMs < untilMs ? ([current, old] as const) : ([current] as const),
  })
}

/**
 * Reads `NAME`, and for a rotation `NAME_PREVIOUS` and `NAME_PREVIOUS_UNTIL` (RFC 3339), from the environment.
 * @throws GuardError `weak_secret`, also when `NAME` is not set
 * @example
 * const secret = readRotatingSecret(process.env, 'GUARD_SECRET')
 */
export function readRotatingSecret(
  env: Readonly<Record<string, string | undefined>>,
  name: string,
  options: { readonly minimumBits?: number } = {},
): RotatingSecret {
  const text = env[`${name}_PREVIOUS`]
  const until = env[`${name}_PREVIOUS_UNTIL`] ?? ''
  return createRotatingSecret({
    name,
    current: env[name] ?? '',
    ...(text === undefined || text === '' ? {} : { previous: { text, untilMs: Date.parse(until) } }),
    ...options,
  })
}
