// Where the runner says what it does. pino fits.

type Line = (facts: object, message: string) => void

export interface RunnerLog {
  readonly debug: Line
  readonly info: Line
  readonly warn: Line
  readonly error: Line
}

export const silentLog: RunnerLog = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
}
