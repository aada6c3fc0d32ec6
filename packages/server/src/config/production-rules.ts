// What a server that strangers can reach must have before it starts.
import { estimateEntropyBits } from '@levqor/guard'
import type { ConfigProblem } from './config-error.ts'
import { minimumSecretBits, minimumSecretCharacters } from './installation-secret.ts'
import { isLoopbackHost } from './loopback.ts'
import { type Values, variables } from './variables.ts'

/** Judges the variables that could be parsed; those that could not have their problem already. */
export function productionProblems(values: Partial<Values>): ConfigProblem[] {
  const problems: ConfigProblem[] = []
  const refuse = (variable: 'LEVQOR_SECRET' | 'LEVQOR_URL' | 'TRUSTED_PROXIES', message: string) =>
    problems.push({ variable, message, mend: variables[variable].mend })

  const secret = values.LEVQOR_SECRET
  if (secret === undefined) {
    if ('LEVQOR_SECRET' in values) refuse('LEVQOR_SECRET', 'Production needs a secret of its own.')
  } else if (secret.length < minimumSecretCharacters || estimateEntropyBits(secret) < minimumSecretBits) {
    refuse('LEVQOR_SECRET', 'The secret is too short or too easy to guess.')
  }

  if (!('LEVQOR_URL' in values)) return problems
  if (values.LEVQOR_URL === undefined) {
    refuse('LEVQOR_URL', 'Production needs the public address: links in mail and origin checks use it.')
    return problems
  }
  const { protocol, hostname } = new URL(values.LEVQOR_URL)
  // On this machine alone nobody can listen in; anywhere else cookies and keys need TLS.
  const local = isLoopbackHost(hostname) && isLoopbackHost(values.HOST ?? '')
  if (local) return problems
  if (protocol !== 'https:') {
    problems.push({
      variable: 'LEVQOR_URL',
      message: 'Plain HTTP would send keys and cookies in the clear.',
      mend: 'Put a TLS proxy in front and give its https:// address.',
    })
  } else if (values.TRUSTED_PROXIES?.length === 0) {
    refuse('TRUSTED_PROXIES', 'The server itself speaks plain HTTP, so the TLS proxy in front must be named.')
  }
  return problems
}
