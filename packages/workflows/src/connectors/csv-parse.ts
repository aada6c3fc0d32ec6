// csv.parse: CSV text to rows, in the sandbox.
import { defineConnector } from './connector.ts'

interface Input {
  readonly text: string
  readonly delimiter?: string
  readonly header?: boolean
  readonly numbers?: boolean
}

export const csvParse = defineConnector<Input>({
  id: 'csv.parse',
  title: 'Parse CSV',
  description: 'Reads CSV text into rows. A row is an object by column name, or a list without a header.',
  effect: 'idempotent',
  parameters: {
    type: 'object',
    required: ['text'],
    additionalProperties: false,
    properties: {
      text: { type: 'string' },
      delimiter: {
        type: 'string',
        minLength: 1,
        maxLength: 1,
        description: 'Default: the most frequent of , ; tab | in the first line.',
      },
      header: { type: 'boolean', description: 'The first line holds the column names. Default true.' },
      numbers: {
        type: 'boolean',
        description: 'Plain decimal numerals (12, -3.50; not 007 or 1,000) become numbers. Default false.',
      },
    },
  },
  result: {
    columns: 'Names of the columns.',
    rows: 'The rows without the header.',
    count: 'Number of rows.',
  },
  async run({ sandbox, workspaceId }, { text, delimiter, header = true, numbers = false }) {
    const input = { text, header, numbers, ...(delimiter === undefined ? {} : { delimiter }) }
    return { output: await sandbox.run('parseCsv', input, { key: workspaceId }) }
  },
})
