// `levqor audit verify`: walks every chain of the audit log.
import { type Command, usageError } from './command.ts'

export const auditVerify: Command = {
  name: 'audit',
  words: 1,
  usage: 'levqor audit verify [--json]',
  summary: 'Verify the hash chains and signatures of the audit log',
  details: [
    'Reads the database of this environment; the server may be running.',
    '--public-key         print the key that checkpoints are signed with, to be kept elsewhere',
    'Exit status 0 when every chain holds, 1 otherwise.',
  ],
  options: { json: { type: 'boolean' }, 'public-key': { type: 'boolean' } },
  async run({ positionals, options, env, terminal }) {
    const { openDatabase, verifyAudit } = await import('@levqor/database')
    const { asSystem } = await import('@levqor/database/system')
    const { createIds, loadConfig } = await import('@levqor/server')
    const { levqorSchemas } = await import('../start/schemas.ts')
    const { auditSigner } = await import('../start/audit-signer.ts')
    const config = loadConfig(env)
    const signer = auditSigner(config)
    if (options['public-key'] === true) {
      terminal.out(signer.publicKey)
      return 0
    }
    if (positionals[0] !== 'verify') throw usageError('Say what to do: levqor audit verify')
    const database = await openDatabase({
      ...config.database,
      schemas: levqorSchemas,
      clock: { now: Date.now },
      ids: createIds(),
    })
    try {
      const report = await verifyAudit(asSystem(database), signer)
      if (options.json === true) terminal.out(JSON.stringify(report, null, 2))
      else {
        terminal.out(
          `${report.rows} rows in ${report.chains} chains, ${report.checkpoints} signed checkpoints, ${report.unsealed} rows not sealed yet.`,
        )
        for (const { code, workspaceId, seq } of report.problems)
          terminal.out(`BROKEN ${code} in chain ${workspaceId} at row ${seq}`)
        terminal.out(report.ok ? 'Every chain holds.' : 'The log has been changed outside Levqor.')
      }
      return report.ok ? 0 : 1
    } finally {
      await database.close()
    }
  },
}
