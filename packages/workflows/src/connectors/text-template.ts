// text.template: a text with Liquid templates, for use by several later steps.
import { defineConnector } from './connector.ts'

interface Input {
  readonly text: string | number | boolean
}

export const textTemplate = defineConnector<Input>({
  id: 'text.template',
  title: 'Write a text',
  description: 'Renders a Liquid template once, so that several steps can use the text.',
  effect: 'idempotent',
  parameters: {
    type: 'object',
    required: ['text'],
    additionalProperties: false,
    properties: { text: { type: ['string', 'number', 'boolean'], description: 'The template.' } },
  },
  result: { text: 'The rendered text.' },
  run: async (_context, { text }) => ({ output: { text: String(text) } }),
})
