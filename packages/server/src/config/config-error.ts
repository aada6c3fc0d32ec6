// A configuration that cannot be used: every problem at once, each with how to mend it.

export interface ConfigProblem {
  readonly variable: string
  readonly message: string
  readonly mend: string
}

/** `code` is `bad_configuration`. The message lists all problems and never contains a value. */
export interface ConfigError extends Error {
  readonly code: 'bad_configuration'
  readonly problems: readonly ConfigProblem[]
}

export function configError(problems: readonly ConfigProblem[]): ConfigError {
  const lines = problems.map(({ variable, message, mend }) => `  ${variable}: ${message} ${mend}`)
  const error = new Error(`The configuration cannot be used:\n${lines.join('\n')}`)
  return Object.assign(error, { code: 'bad_configuration' as const, problems })
}
