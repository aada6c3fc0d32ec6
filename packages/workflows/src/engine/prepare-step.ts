// What a step will be called with: its condition, its rendered parameters, checked and digested.
import { digestJson } from '@levqor/database'
import type { StepEffect } from '@levqor/jobs'
import type { Connector } from '../connectors/connector.ts'
import type { StepDefinition } from '../definition/definition.ts'
import { jsonBytes } from '../json.ts'
import { workflowError } from '../workflow-error.ts'
import { pickScope, type RenderOptions, renderValues } from './render-values.ts'

/** A larger value belongs into a store of its own, not into the timeline of a job. */
export const maxStepBytes = 1_000_000

export interface PreparedStep {
  readonly effect: StepEffect
  readonly input: Readonly<Record<string, unknown>>
  readonly inputDigest: string
}

/**
 * Undefined when the step's condition is not true.
 * @throws WorkflowError `bad_step_input`, `step_too_large` and the sandbox's codes
 */
export async function prepareStep(
  step: StepDefinition,
  connector: Connector,
  options: Omit<RenderOptions, 'languages'>,
): Promise<PreparedStep | undefined> {
  const { sandbox, scope, workspaceId } = options
  if (step.when !== undefined) {
    const data = pickScope(scope, [step.when])
    const request = { expression: step.when, data, as: 'boolean' } as const
    const isTrue = await sandbox.run('evaluate', request, { key: workspaceId })
    if (isTrue !== true) return undefined
  }
  const rendered = await renderValues(step.with ?? {}, {
    ...options,
    ...(connector.languages ? { languages: connector.languages } : {}),
  })
  checkSize('input', rendered)
  const { problems } = connector.checkInput(rendered)
  if (problems.length > 0) {
    const list = problems.map(({ pointer, message }) => `${pointer || '/'}: ${message}`).join(' ')
    throw workflowError('bad_step_input', `The parameters do not fit ${connector.id}. ${list}`, {
      details: { problems },
      final: true,
    })
  }
  // The connector's schema describes an object.
  const input = rendered as Readonly<Record<string, unknown>>
  const effect = typeof connector.effect === 'function' ? connector.effect(input) : connector.effect
  return { effect, input, inputDigest: digestJson(input) }
}

/** @throws WorkflowError `step_too_large` */
export function checkSize(what: 'input' | 'output' | 'result', value: unknown): void {
  const bytes = jsonBytes(value)
  if (bytes <= maxStepBytes) return
  const message = `The ${what} has ${bytes} bytes; at most ${maxStepBytes} are kept. Select less of it.`
  throw workflowError('step_too_large', message, { final: true })
}
