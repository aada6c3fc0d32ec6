// html.extract: values out of a page by CSS selectors, in the sandbox.
import type { SelectSpec } from '../sandbox/extract-html.ts'
import { defineConnector } from './connector.ts'

interface Input {
  readonly html: string
  readonly select: Readonly<Record<string, SelectSpec>>
  readonly baseUrl?: string
}

const selector = { type: 'string', minLength: 1, maxLength: 500 }
const one = (name: string) => ({
  type: 'object',
  required: [name],
  additionalProperties: false,
  properties: { [name]: selector },
})

export const htmlExtract = defineConnector<Input>({
  id: 'html.extract',
  title: 'Extract from HTML',
  description:
    'Reads texts, attributes, counts and word counts out of a page. "h1" is the text of the first match, "a@href" the attribute of every match, ["h2"] the text of every match; {first}, {all}, {count} and {words} say it in full.',
  effect: 'idempotent',
  parameters: {
    type: 'object',
    required: ['html', 'select'],
    additionalProperties: false,
    properties: {
      html: { type: 'string' },
      select: {
        type: 'object',
        minProperties: 1,
        maxProperties: 50,
        description: 'Name of the result → selector.',
        additionalProperties: {
          anyOf: [
            selector,
            { type: 'array', minItems: 1, maxItems: 1, items: selector },
            one('first'),
            one('all'),
            one('count'),
            one('words'),
          ],
        },
      },
      baseUrl: {
        type: 'string',
        format: 'uri',
        description: 'Address of the page: makes href, src, action, poster and cite absolute.',
      },
    },
  },
  result: { '<name>': 'Text or null, list of texts, number, or { total, unique, top } for words.' },
  async run({ sandbox, workspaceId }, input) {
    return { output: await sandbox.run('extractHtml', input, { key: workspaceId }) }
  },
})
