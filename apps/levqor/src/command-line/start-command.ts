// `levqor start`: one process, one port, until it is told to stop.
import type { Config } from '@levqor/server'
import type { RunningServer } from '../start/start-server.ts'
import type { Command, Terminal } from './command.ts'

export const startCommand: Command = {
  name: 'start',
  usage: 'levqor start',
  summary: 'Start the server (also: npm start)',
  details: [
    'Settings come from the environment; .env.example lists them all. The main ones:',
    'PORT (3000), LEVQOR_DATA_DIR (./.levqor), DATABASE_URL (SQLite in the data folder),',
    'LEVQOR_ROLES (api,worker,scheduler,web), LEVQOR_EGRESS_ALLOW (private addresses workflows may call).',
  ],
  async run({ env, terminal }) {
    // Loaded here, so that commands that only talk to a server start quickly.
    const { createLogger, loadConfig } = await import('@levqor/server')
    const { startServer } = await import('../start/start-server.ts')
    const config = loadConfig(env)
    // A person at a terminal wants to read the address, not every request; pipes and services get it all.
    const level =
      terminal.isInteractive && !env.LOG_LEVEL && config.mode === 'development' ? 'warn' : config.logLevel
    const log = createLogger({ level, base: { roles: [...config.roles].join(',') } })
    for (const warning of config.warnings) log.warn(warning)
    const server = await startServer(config, log, (text) => terminal.error(text))
    announce(server, config, terminal)
    await stopSignal()
    // A second signal means now: the default action ends the process.
    terminal.error('Stopping: finishing requests, handing jobs back … (once more to stop at once)')
    await server.stop()
    return 0
  },
}

function announce(
  { firstRun, port }: RunningServer,
  config: Config,
  { error, isInteractive }: Terminal,
): void {
  const { made, isUnused } = firstRun
  const file = `first-run.json in ${config.dataDir}`
  if (made) {
    error('')
    error('Welcome. This installation is new; its first administrator and key have been made.')
    if (isInteractive) {
      error(`  Sign in (once, within 24 hours): ${made.sign_in_link}`)
      error(`  First API key:                   ${made.api_key}`)
    }
    error(`  Both are in ${file}, readable by you only.`)
    error('')
  } else if (isUnused) {
    error(`Nobody has signed in yet. Link and key are in ${file}; a new link: npx levqor sign-in-link`)
  }
  error(
    port === undefined
      ? 'Levqor is ready (no port: this process only works).'
      : `Levqor is ready at ${config.url} (port ${port}).`,
  )
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    const signals = ['SIGINT', 'SIGTERM'] as const
    const onSignal = () => {
      for (const signal of signals) process.off(signal, onSignal)
      process.off('disconnect', onSignal)
      resolve()
    }
    for (const signal of signals) process.on(signal, onSignal)
    // The launcher that started this process has gone, however it ended.
    if (process.connected) process.on('disconnect', onSignal)
  })
}
