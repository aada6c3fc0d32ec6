// The definition's own JSON Schema: checks uploads, and tells editors what may be written.
import { definitionLimits } from './definition.ts'

// Names of things that every object has could confuse a reader of `steps.<id>`, so they are not offered as ids.
const stepId = '^(?!(?:constructor|prototype|hasOwnProperty|toString|valueOf)$)[A-Za-z][A-Za-z0-9_]{0,39}$'

/** JSON Schema 2020-12 of a workflow definition. */
export const definitionSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Workflow definition',
  type: 'object',
  required: ['name', 'steps'],
  additionalProperties: false,
  properties: {
    name: {
      description: 'A small letter, then small letters, digits and dashes; at most 63.',
      type: 'string',
      pattern: '^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$',
    },
    title: { type: 'string', minLength: 1, maxLength: 100 },
    description: { type: 'string', maxLength: 1_000 },
    input: { description: 'JSON Schema 2020-12 of the payload.', type: 'object' },
    steps: {
      type: 'array',
      minItems: 1,
      maxItems: definitionLimits.steps,
      items: {
        type: 'object',
        required: ['id', 'use'],
        additionalProperties: false,
        properties: {
          id: {
            description: 'A letter, then letters, digits and underscores; at most 40.',
            type: 'string',
            pattern: stepId,
          },
          use: { description: 'Id of a connector.', type: 'string', maxLength: 64 },
          with: { description: 'Parameters of the connector, with templates.', type: 'object' },
          when: {
            description: 'JSONata; the step is skipped unless it is true.',
            type: 'string',
            minLength: 1,
            maxLength: 10_000,
          },
          timeoutMs: {
            description: 'Longest time of one try, milliseconds.',
            type: 'integer',
            minimum: 100,
            maximum: definitionLimits.longestStepTimeoutMs,
          },
        },
      },
    },
    output: { description: 'The result: any JSON with templates. Default: the output of the last step.' },
  },
} as const
