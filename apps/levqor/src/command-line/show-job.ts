// `levqor job <id>`: one job with its steps and attempts.
import { getJob, getJobSteps } from '@levqor/client'
import { type Command, requiredArgument } from './command.ts'
import { connect, connectionHelp, connectionOptions } from './connect.ts'
import { duration, errorLine, printable, table, time } from './show.ts'

export const showJob: Command = {
  name: 'job',
  words: 1,
  usage: 'levqor job <id>',
  summary: 'Show one job: status, steps, attempts, result',
  details: ['--json               everything as JSON', ...connectionHelp],
  options: { ...connectionOptions, json: { type: 'boolean' } },
  async run(input) {
    const id = requiredArgument(input, 'the id of a job, such as job_0193…')
    const { client } = await connect(input)
    const [job, steps] = await Promise.all([
      client.call(getJob, { params: { id } }),
      client.call(getJobSteps, { params: { id } }),
    ])
    if (input.options.json === true) {
      input.terminal.out(JSON.stringify({ ...job, steps: steps.items }, null, 2))
      return 0
    }
    const { out } = input.terminal
    out(`${job.job_id}  ${job.workflow}  ${job.status}  ${job.progress} %`)
    out(`created ${time(job.created_at)}  started ${time(job.started_at)}  finished ${time(job.finished_at)}`)
    if (job.error) out(printable(errorLine(job.error)))
    out('')
    out(
      table(
        ['STEP', 'USES', 'STATE', 'TRIES', 'TOOK'],
        steps.items.map((step) => [
          step.id,
          step.use,
          step.state,
          String(step.attempts),
          duration(step.duration_ms),
        ]),
      ),
    )
    out('')
    out(
      table(
        ['ATTEMPT', 'OUTCOME', 'STARTED', 'ENDED', 'ERROR'],
        job.attempt_log.map((one) => [
          String(one.number),
          one.state,
          time(one.started_at),
          time(one.finished_at),
          errorLine(one.error),
        ]),
      ),
    )
    if (job.status === 'succeeded') out(`\n${JSON.stringify(job.result, null, 2)}`)
    return 0
  },
}
