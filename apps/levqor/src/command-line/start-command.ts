// `levqor start`: one process, one port, until it is told to stop.
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
    announce(server, config.url, terminal)
    await stopSignal()
    // A second signal means now: the default action ends the process.
    terminal.error('Stopping: finishing requests, handing jobs back …')
    await server.stop()
    return 0
  },
}

function announce({ firstRun, port }: RunningServer, url: string, { error, isInteractive }: Terminal): void {
  if (firstRun) {
    error('')
    error('Welcome. This installation is new; its first administrator and key have been made.')
    if (isInteractive) {
      error(`  Sign in (once, within 24 hours): ${firstRun.sign_in_link}`)
      error(`  First API key:                   ${firstRun.api_key}`)
    }
    error('  Both are in first-run.json in the data folder, readable by you only.')
    error('')
  }
  error(
    port === undefined
      ? 'Levqor is ready (no port: this process only works).'
      : `Levqor is ready at ${url} (port ${port}).`,
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
