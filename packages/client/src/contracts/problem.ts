// The one shape of every error: RFC 9457 with our extensions.
import { z } from 'zod'

export const validationProblem = z.object({
  pointer: z.string().describe('RFC 6901 JSON Pointer into the body, or the name of a parameter'),
  code: z.string(),
  message: z.string(),
})

export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  instance: z.string().optional(),
  code: z.string(),
  request_id: z.string(),
  /** Every problem of an invalid request at once. */
  errors: z.array(validationProblem).optional(),
  /** Seconds, on 429 and 503. */
  retry_after: z.number().optional(),
})

export type ValidationProblem = z.infer<typeof validationProblem>
export type ProblemDocument = z.infer<typeof problem>
