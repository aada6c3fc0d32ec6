// `levqor jobs`: the newest jobs as a table.
import { jobState, listJobs } from '@levqor/client'
import { type Command, textOption, usageError } from './command.ts'
import { connect, connectionHelp, connectionOptions } from './connect.ts'
import { table, time } from './show.ts'

export const listJobsCommand: Command = {
  name: 'jobs',
  usage: 'levqor jobs [--status <state>] [--workflow <name>] [--limit <n>]',
  summary: 'List jobs, newest first',
  details: [
    `--status <state>     ${jobState.options.join(', ')}`,
    '--workflow <name>    only jobs of this workflow',
    '--limit <n>          1 to 100 (default 20)',
    '--json               the page as JSON',
    ...connectionHelp,
  ],
  options: {
    ...connectionOptions,
    status: { type: 'string' },
    workflow: { type: 'string' },
    limit: { type: 'string' },
    json: { type: 'boolean' },
  },
  async run(input) {
    const status = jobState.optional().safeParse(textOption(input, 'status'))
    if (!status.success) throw usageError(`A status is one of ${jobState.options.join(', ')}.`)
    const limit = listJobs.query.shape.limit.safeParse(textOption(input, 'limit'))
    if (!limit.success) throw usageError('A limit is a whole number from 1 to 100.')
    const workflow = textOption(input, 'workflow')
    const { client } = await connect(input)
    const page = await client.call(listJobs, { query: { status: status.data, workflow, limit: limit.data } })
    if (input.options.json === true) input.terminal.out(JSON.stringify(page, null, 2))
    else if (page.items.length === 0) {
      input.terminal.error(
        status.data === undefined && workflow === undefined
          ? `No jobs yet. Try: levqor run page-digest --payload '{"url":"https://example.com"}'`
          : 'No job is like that.',
      )
    } else {
      const rows = page.items.map((job) => [
        job.job_id,
        job.workflow,
        job.status,
        `${job.progress} %`,
        String(job.attempts),
        time(job.created_at),
      ])
      input.terminal.out(table(['JOB', 'WORKFLOW', 'STATUS', 'DONE', 'ATTEMPTS', 'CREATED'], rows))
      if (page.has_more) input.terminal.error('There are more: raise --limit.')
    }
    return 0
  },
}
