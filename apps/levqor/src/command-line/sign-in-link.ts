// `levqor sign-in-link`: a new link for somebody who can use this machine. Works on the database, not over HTTP.

import { type Command, usageError } from './command.ts'

export const signInLink: Command = {
  name: 'sign-in-link',
  words: 1,
  usage: 'levqor sign-in-link [email]',
  summary: 'Make a new sign-in link on this machine (24 hours)',
  details: [
    'Without an address: the first administrator. An earlier link made this way stops working.',
    'Uses the same environment as levqor start.',
  ],
  async run({ positionals, env, terminal }) {
    const { createLogger, loadConfig, runVerb } = await import('@levqor/server')
    const { renewSignInLink } = await import('@levqor/identity')
    const { openPlatform } = await import('../start/open-platform.ts')
    const { readFirstRun, updateFirstRun } = await import('../first-run-file.ts')
    const config = loadConfig(env)
    const known = await readFirstRun(config.dataDir)
    const log = createLogger({ level: 'silent' })
    const email = (positionals[0] ?? known?.admin_email ?? config.adminEmail).toLowerCase()
    if (!/^[^@\s]+@[^@\s]+$/.test(email)) throw usageError(`${email} is not an e-mail address.`)
    const platform = await openPlatform(config, log)
    try {
      const { database, services } = platform
      const runtime = { database, clock: database.clock, ids: database.ids, services }
      const call = { actor: { kind: 'system', id: 'command-line' }, requestId: 'command-line', log } as const
      const made = await runVerb(runtime, renewSignInLink, call, { email }).catch((error: unknown) => {
        if (!(error instanceof Error && 'code' in error && error.code === 'user_not_found')) throw error
        return undefined
      })
      if (!made) {
        terminal.error(`Nobody here has the address ${email}.`)
        return 1
      }
      const { link, expiresAt } = made
      // The server may listen elsewhere than this command's environment says; its last start has noted where.
      const url = env.LEVQOR_URL || !known ? link : link.replace(config.url, known.url)
      if (known?.admin_email === email) {
        await updateFirstRun(config.dataDir, (file) => ({ ...file, sign_in_link: url }))
      }
      terminal.error(`Works once, in any browser, until ${new Date(expiresAt).toISOString()}:`)
      terminal.out(url)
      return 0
    } finally {
      await platform.close()
    }
  },
}
