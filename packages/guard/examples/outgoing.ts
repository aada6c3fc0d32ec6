// Fetching what a user asked for, and calling back with a signature. Neither can be aimed at our own network.
import { createEgress, isEgressError, readAllowList } from '@levqor/guard/egress'
import { signWebhook } from '@levqor/guard/webhooks'

const egress = createEgress({ allow: readAllowList(process.env.LEVQOR_EGRESS_ALLOW) })

export async function titleOf(url: string): Promise<string> {
  try {
    const page = await egress.fetch(url, { timeoutMs: 5000, maxBytes: 500_000 })
    return /<title>([^<]*)/.exec(new TextDecoder().decode(page.body))?.[1] ?? '(no title)'
  } catch (error) {
    // A stable code, such as egress_blocked or egress_timeout, and a short reason.
    if (isEgressError(error)) return `${error.code}: ${error.details.reason}`
    throw error
  }
}

export async function callBack(url: string, id: string, result: unknown, secret: string): Promise<number> {
  const body = JSON.stringify(result)
  const headers = signWebhook({ id, timestampMs: Date.now(), body }, secret)
  const answer = await egress.fetch(url, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body,
    maxRedirects: 0,
  })
  return answer.status
}
