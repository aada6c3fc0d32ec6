// A provider of human checks that speaks siteverify as the real ones do: form in, JSON out, every token once.
import { type HttpFixture, httpFixture } from '../http-fixture.ts'

/** Which provider is played. */
export type SiteverifyProvider = 'turnstile' | 'hcaptcha' | 'recaptcha' | 'recaptcha-v3'

/** How the provider is doing: `down` answers 502 with a page, `silent` never answers, `huge` without end. */
export type SiteverifyState = 'up' | 'down' | 'silent' | 'huge' | 'garbage'

/** What a token was given for. */
export interface SolvedCheck {
  /** The site that showed the widget. */
  readonly hostname: string
  readonly action?: string
  /** For `recaptcha-v3`. */
  readonly score?: number
}

export interface TestSiteverify {
  /** The address to ask, with the provider's own path. */
  readonly endpoint: string
  /** Every question that arrived, as its form. */
  readonly questions: readonly URLSearchParams[]
  /** What the widget would hand to a page whose visitor passed the check. Valid once. */
  solve(check: SolvedCheck): string
  state: SiteverifyState
  close(): Promise<void>
}

const paths: Readonly<Record<SiteverifyProvider, string>> = {
  turnstile: '/turnstile/v0/siteverify',
  hcaptcha: '/siteverify',
  recaptcha: '/recaptcha/api/siteverify',
  'recaptcha-v3': '/recaptcha/api/siteverify',
}
const usedBefore: Readonly<Record<SiteverifyProvider, string>> = {
  turnstile: 'timeout-or-duplicate',
  hcaptcha: 'already-seen-response',
  recaptcha: 'timeout-or-duplicate',
  'recaptcha-v3': 'timeout-or-duplicate',
}

/**
 * Starts the provider on a free loopback port.
 * @example const provider = await siteverifyForTests('turnstile', 'the-secret')
 */
export async function siteverifyForTests(
  provider: SiteverifyProvider,
  secret: string,
): Promise<TestSiteverify> {
  const open = new Map<string, SolvedCheck>()
  const used = new Set<string>()
  const questions: URLSearchParams[] = []
  let made = 0

  const fixture: HttpFixture = await httpFixture((hit, response) => {
    if (hit.method !== 'POST' || hit.url !== paths[provider]) return { status: 404 }
    questions.push(new URLSearchParams(hit.body))
    switch (fake.state) {
      case 'down':
        return { status: 502, body: '<html>Bad gateway</html>' }
      case 'garbage':
        return json('true')
      case 'silent':
        return undefined
      case 'huge':
        response.writeHead(200, { 'content-type': 'application/json' })
        response.write(`{"success":true,"padding":"${'x'.repeat(100_000)}`)
        return undefined
      case 'up':
        return json(answer(hit.headers['content-type'], new URLSearchParams(hit.body)))
    }
  })

  const fake: TestSiteverify = {
    endpoint: `${fixture.url}${paths[provider]}`,
    questions,
    solve(check) {
      made += 1
      const token = `${provider}-token-${made}`
      open.set(token, check)
      return token
    },
    state: 'up',
    close: fixture.close,
  }
  return fake

  function answer(contentType: string | undefined, form: URLSearchParams): string {
    if (contentType?.startsWith('application/x-www-form-urlencoded') !== true) return refusal('bad-request')
    const response = form.get('response')
    if (form.get('secret') === null) return refusal('missing-input-secret')
    if (form.get('secret') !== secret) return refusal('invalid-input-secret')
    if (response === null || response === '') return refusal('missing-input-response')
    if (used.has(response)) return refusal(usedBefore[provider])
    const check = open.get(response)
    if (check === undefined) return refusal('invalid-input-response')
    used.add(response)
    open.delete(response)
    const { hostname, action, score } = check
    return JSON.stringify({
      success: true,
      challenge_ts: '2026-01-05T12:00:00.000Z',
      hostname,
      ...(provider === 'turnstile' ? { 'error-codes': [], action: action ?? '', cdata: '' } : {}),
      ...(provider === 'hcaptcha' ? { credit: false } : {}),
      ...(provider === 'recaptcha-v3' ? { score: score ?? 0.9, action: action ?? '' } : {}),
    })
  }
}

function refusal(code: string): string {
  return JSON.stringify({ success: false, 'error-codes': [code] })
}

function json(body: string) {
  return { headers: { 'content-type': 'application/json; charset=utf-8' }, body }
}
