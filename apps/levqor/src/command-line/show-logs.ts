// `levqor logs <id>`: the lines a job has written.
import { getJobLogs } from '@levqor/client'
import { type Command, requiredArgument } from './command.ts'
import { connect, connectionHelp, connectionOptions } from './connect.ts'
import { printable, time } from './show.ts'

export const showLogs: Command = {
  name: 'logs',
  words: 1,
  usage: 'levqor logs <id>',
  summary: 'Print the log lines of a job',
  details: ['--json               one JSON object per line', ...connectionHelp],
  options: { ...connectionOptions, json: { type: 'boolean' } },
  async run(input) {
    const id = requiredArgument(input, 'the id of a job, such as job_0193…')
    const { client } = await connect(input)
    let after = 0
    for (;;) {
      const { items } = await client.call(getJobLogs, { params: { id }, query: { after } })
      for (const line of items) {
        input.terminal.out(
          input.options.json === true
            ? JSON.stringify(line)
            : printable(
                `${time(line.time)}  ${line.level.padEnd(5)} ${line.step ? `[${line.step}] ` : ''}${line.message}`,
              ),
        )
      }
      const last = items.at(-1)
      if (!last) break
      after = last.seq
    }
    if (after === 0) input.terminal.error('This job has written no log lines.')
    return 0
  },
}
