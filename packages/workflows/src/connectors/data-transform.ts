// data.transform: a JSONata expression over earlier results, in the sandbox.
import { defineConnector } from './connector.ts'

interface Input {
  readonly expression: string
  readonly data?: unknown
}

export const dataTransform = defineConnector<Input>({
  id: 'data.transform',
  title: 'Transform data',
  description: 'Computes a value with JSONata. The expression is written as it is, without templates.',
  effect: 'idempotent',
  parameters: {
    type: 'object',
    required: ['expression'],
    additionalProperties: false,
    properties: {
      expression: {
        type: 'string',
        minLength: 1,
        maxLength: 20_000,
        description: 'JSONata, or one lone {{ path }} to a text that holds JSONata.',
      },
      data: { description: 'What the expression sees as its root. Default: { payload, steps }.' },
    },
  },
  languages: { expression: 'jsonata' },
  result: { '': 'The value of the expression itself; null when there is none.' },
  async run({ sandbox, workspaceId, readable }, { expression, data }) {
    const root = data === undefined ? readable([expression]) : data
    return { output: await sandbox.run('evaluate', { expression, data: root }, { key: workspaceId }) }
  },
})
