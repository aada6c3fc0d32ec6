// Jobs for the chaos: several steps, a wait in the middle, a completion message; submitted until they are accepted.
import { type Client, fromPublicId, intake, LevqorError, saveWorkflow } from '@levqor/client'

export interface Accepted {
  /** UUID of the job. */
  readonly id: string
  /** How the site recognises it. */
  readonly tag: string
}

export interface Submitter {
  submit(count: number): Promise<Accepted[]>
}

export interface SubmitterOptions {
  readonly client: Client
  readonly siteUrl: string
  readonly random: () => number
  readonly seed: number
}

const definition = {
  name: 'chaos',
  input: {
    type: 'object',
    required: ['url', 'tag', 'pause'],
    properties: { url: { type: 'string' }, tag: { type: 'string' }, pause: { type: 'number' } },
    additionalProperties: false,
  },
  steps: [
    { id: 'first', use: 'http.request', with: { url: '{{ payload.url }}/first?tag={{ payload.tag }}' } },
    { id: 'pause', use: 'flow.wait', with: { seconds: '{{ payload.pause }}' } },
    { id: 'slow', use: 'http.request', with: { url: '{{ payload.url }}/slow?tag={{ payload.tag }}' } },
    { id: 'sum', use: 'data.transform', with: { data: '{{ steps.slow.status }}', expression: '$ + 1' } },
  ],
  output: '{{ steps.sum }}',
}

export async function createSubmitter(options: SubmitterOptions): Promise<Submitter> {
  const { client, siteUrl, random, seed } = options
  await client.call(saveWorkflow, { body: definition })
  let number = 0

  async function submitOne(): Promise<Accepted> {
    const tag = `s${seed}n${number++}`
    const body = {
      workflow: 'chaos',
      payload: { url: siteUrl, tag, pause: Math.round(random() * 5) / 10 },
      callback_url: `${siteUrl}/done?tag=${tag}`,
    }
    // As a careful caller does: the same key until there is an answer, so that a lost answer is no second job.
    for (let tries = 1; ; tries++) {
      try {
        const { job_id } = await client.call(intake, { headers: { 'idempotency-key': tag }, body })
        return { id: fromPublicId('job', job_id) ?? '', tag }
      } catch (error) {
        const again = error instanceof LevqorError && (error.status === 0 || error.status === 503)
        if (!again || tries > 300) throw error
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
    }
  }

  return { submit: (count) => Promise.all(Array.from({ length: count }, submitOne)) }
}
