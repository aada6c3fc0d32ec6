// Each of these tests leaks something and must fail by it; scripts/canary.test.ts runs them. `clean` must pass.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, it } from 'vitest'
import { policy } from '../../packages/guard/src/command-line/test-policy.ts'
import {
  createGuard,
  createMemoryLimitStore,
  createPseudonyms,
  createSecret,
  createSecurityEvents,
  type IdentifyResult,
  type SecurityEventInput,
  type SecurityEventSink,
  stdoutSink,
  systemClock,
} from '../../packages/guard/src/index.ts'

const text = 'q8Zr1vYc0Lw5sKx9Tn2Jb7Ue4Gd6Ha3MpQfWiRoVzX'
const secret = createSecret(text, { name: 'KEY' })
const token = `${'eyJhbGciOiJIUzI1NiJ9'}.${'eyJzdWIiOiJ1c2VyXzEifQ'}.c2lnbmF0dXJl`

/** The kernel reports a refused credential with the cause that the application gave. */
async function reported(cause: string, sinks: readonly SecurityEventSink[] = []): Promise<void> {
  const pseudonyms = createPseudonyms({ secret, clock: systemClock })
  const events = createSecurityEvents({ sinks, clock: systemClock, pseudonyms })
  await pass(cause, events)
  await events.flush(1000)
}

async function pass(cause: string, events: { emit(input: SecurityEventInput): void }): Promise<void> {
  const store = createMemoryLimitStore({ clock: systemClock })
  const whole = { state: () => ({}), flush: async () => true, ...events }
  const guard = createGuard({ policy, store, events: whole })
  const { door } = guard.routes.find('POST', '/notes/1')
  const headers = { authorization: 'Bearer x' }
  const exchange = {
    method: 'POST',
    url: '/notes/1',
    remoteAddress: '198.51.100.7',
    encrypted: true,
    headers,
  }
  const refused: IdentifyResult = { outcome: 'invalid', cause }
  await guard.pass(guard.open(door, exchange), () => refused, undefined)
}

it('clean', async () => {
  await reported('unknown', [stdoutSink()])
  console.log(secret, { secret }, `${secret}`)
})
it('event with a secret', () => reported(`wrong secret ${text}`))
it('event with an e-mail address', () => reported('no account anna@example.com'))
it('event with a raw address', () => reported('from 203.0.113.9'))
it('event with a token', () => reported(token))
it('event with random text', () => reported(Buffer.from(text).toString('base64url')))
it('event to a listener that is no pipeline', () => pass('anna@example.com', { emit: () => {} }))
it('console with a secret', () => console.log('the secret is', secret.reveal()))
it('standard output with a raw address', () => void process.stdout.write('client 2001:db8::1\n'))
it('standard error with a token', () => void process.stderr.write(`${token}\n`))
it('child process with an e-mail address', async () => {
  const child = spawn(process.execPath, ['-e', 'console.log("mail for anna@example.com")'])
  child.stdout.resume()
  await once(child, 'close')
})

afterAll(() => void process.stdout.write('after all tests: 192.0.2.1\n'))
