// The command line of Levqor. `bin/levqor.js` starts it on the pinned Node.
import { existsSync } from 'node:fs'
import { auditVerify } from './command-line/audit-verify.ts'
import { dispatch } from './command-line/dispatch.ts'
import { listJobsCommand } from './command-line/list-jobs.ts'
import { runWorkflow } from './command-line/run-workflow.ts'
import { showJob } from './command-line/show-job.ts'
import { showLogs } from './command-line/show-logs.ts'
import { signInLink } from './command-line/sign-in-link.ts'
import { startCommand } from './command-line/start-command.ts'
import { version } from './version.ts'

// What the environment itself says counts more.
if (existsSync('.env')) process.loadEnvFile('.env')
// `levqor jobs | head` closes the pipe early, which is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
})

process.exitCode = await dispatch(process.argv.slice(2), {
  commands: [startCommand, runWorkflow, listJobsCommand, showJob, showLogs, signInLink, auditVerify],
  version,
  env: process.env,
  terminal: {
    out: (text) => void process.stdout.write(`${text}\n`),
    error: (text) => void process.stderr.write(`${text}\n`),
    isInteractive: process.stderr.isTTY === true,
    columns: process.stderr.columns ?? 80,
  },
})
