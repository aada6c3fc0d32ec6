// `levqor sign-in-link`: a new link for somebody who can use this machine. Works on the database, not over HTTP.

import type { Command } from './command.ts'

export const signInLink: Command = {
  name: 'sign-in-link',
  usage: 'levqor sign-in-link [email]',
  summary: 'Make a new sign-in link on this machine (24 hours)',
  details: [
    'Without an address: the administrator of LEVQOR_ADMIN_EMAIL.',
    'Uses the same environment as levqor start.',
  ],
  async run({ positionals, env, terminal }) {
    const { createLogger, loadConfig, runVerb } = await import('@levqor/server')
    const { renewSignInLink } = await import('@levqor/identity')
    const { openPlatform } = await import('../start/open-platform.ts')
    const config = loadConfig(env)
    const log = createLogger({ level: 'silent' })
    const platform = await openPlatform(config, log)
    try {
      const { database, services } = platform
      const runtime = { database, clock: database.clock, ids: database.ids, services }
      const call = { actor: { kind: 'system', id: 'command-line' }, requestId: 'command-line', log } as const
      const { link, expiresAt } = await runVerb(runtime, renewSignInLink, call, {
        email: positionals[0] ?? config.adminEmail,
      })
      terminal.error(`Works once, in any browser, until ${new Date(expiresAt).toISOString()}:`)
      terminal.out(link)
      return 0
    } finally {
      await platform.close()
    }
  },
}
