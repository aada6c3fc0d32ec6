// JSON lines for machines, without secrets whatever is logged. One logger per process, one child per request.
import { type DestinationStream, destination, type Logger as PinoLogger, pino } from 'pino'
import { scrubLine } from './scrub-line.ts'

export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent'

/** What programs write to. Facts first, then the message. */
export type Logger = PinoLogger

export interface LoggerOptions {
  readonly level: LogLevel
  /** On every line, such as the process's roles. */
  readonly base?: Readonly<Record<string, string>>
  /** Default: standard output, written asynchronously and flushed when the process ends. */
  readonly stream?: DestinationStream
}

/**
 * Makes the process's logger.
 * @example createLogger({ level: 'info' }).info({ job_id }, 'Job settled.')
 */
export function createLogger(options: LoggerOptions): Logger {
  return pino(
    {
      level: options.level,
      base: options.base ?? null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      hooks: { streamWrite: scrubLine },
    },
    options.stream ?? destination({ dest: 1, sync: false }),
  )
}
