// The command line `guard`. `bin/guard.js` starts it.
import { existsSync } from 'node:fs'
import { dispatch } from './dispatch.ts'
import { doctorCommand } from './doctor-command.ts'
import { explainCommand } from './explain-command.ts'
import { headersCommand } from './headers-command.ts'
import { listens } from './load-app.ts'
import { secretsCommand } from './secrets-command.ts'
import { isListenError } from './without-listening.ts'

// What the environment itself says counts more.
if (existsSync('.env')) process.loadEnvFile('.env')
// `guard doctor | head` closes the pipe early, which is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
})
// What a loaded application throws later, from a timer or a promise of its own: the message without a trace.
const startled = (error: unknown) => {
  const message = error instanceof Error ? error.message : String(error)
  process.stderr.write(`${isListenError(error) ? listens('The application') : message}\n`)
  process.exit(isListenError(error) ? 2 : 1)
}
process.on('uncaughtException', startled).on('unhandledRejection', startled)

const status = await dispatch(process.argv.slice(2), {
  commands: [doctorCommand, explainCommand, headersCommand, secretsCommand],
  env: process.env,
  folder: process.cwd(),
  terminal: {
    out: (text) => void process.stdout.write(`${text}\n`),
    error: (text) => void process.stderr.write(`${text}\n`),
  },
})
// An application that was loaded may hold connections and timers open. First what was written must be out.
process.stdout.write('', () => process.stderr.write('', () => process.exit(status)))
