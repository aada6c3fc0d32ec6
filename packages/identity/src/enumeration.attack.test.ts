// Nobody finds out who has an account. At every door that takes an address, every kind of account and no account at all give
// the same status, headers and body, after the same statements and the same hashing in the same order. That the time is the
// same, too, is measured by enumeration.evidence.ts.
import { eachStore, recordStatements } from '@levqor/testing'
import { afterEach, expect, it } from 'vitest'
import { identityRoutes } from './routes.ts'
import { addressDoors, addressesOf, doorsOfOperators, knownPassword } from './test-address-doors.ts'
import { type Answer, type TestInstallation, testInstallation } from './test-installation.ts'
import { bodiesOf, pathOf } from './test-route-inputs.ts'
import { testPeople } from './workspaces/test-people.ts'

/** Everything an asker can see, without what is another for every request. */
function visible({ status, headers, body }: Answer, email: string) {
  const plain = (text: string) =>
    text
      .replaceAll(email, '<address>')
      .replace(/\b([a-z]+)_[0-9a-f]{32}\b/g, '$1_<id>')
      .replace(/=[A-Za-z0-9_-]{43}(?=;|$)/g, '=<token>')
  const own = new Set(['date', 'x-request-id', 'ratelimit', 'ratelimit-remaining'])
  return {
    status,
    headers: [...headers].map(([name, value]) => `${name}: ${own.has(name) ? '…' : plain(value)}`),
    body: plain(JSON.stringify(body?.request_id ? { ...body, request_id: '…' } : body)),
  }
}

it('every route that takes an address is in the table of doors, or for operators only', () => {
  const taking = identityRoutes.filter(
    (route) =>
      bodiesOf(route).some((body) => 'email' in body || 'account' in body) ||
      (route.contract.query &&
        !route.contract.query.safeParse({ email: {} }).success &&
        route.contract.query.safeParse({ email: 'a@example.com' }).success),
  )
  const ids = taking.map(({ contract }) => contract.id).sort()
  expect(ids).toEqual([...Object.keys(addressDoors), ...doorsOfOperators].sort())
  for (const { contract, verb } of taking) {
    if (doorsOfOperators.includes(contract.id)) expect(verb.access.actors, contract.id).toEqual(['operator'])
  }
})

eachStore((store) => {
  let installation: TestInstallation
  let stopRecording = () => {}
  afterEach(async () => {
    stopRecording()
    await installation.stop()
  })

  it.each([
    ...Object.keys(addressDoors).map((door) => [door, 'open'] as const),
    ['auth.register', 'invited'] as const,
    ['auth.forgot-password', 'invited'] as const,
    ['auth.magic-link', 'invited'] as const,
  ])('%s answers every address alike, by the same path (registration: %s)', async (door, registration) => {
    installation = await testInstallation(store, { policy: { registration } })
    const people = await testPeople(installation)
    const { call, identity } = installation
    const addresses = await addressesOf(installation)
    const route = identityRoutes.find(({ contract }) => contract.id === door)
    if (!route) throw new Error(`There is no route ${door}.`)
    const asker = addressDoors[door]?.asker === 'signed in' ? people.owner.jar : undefined
    const path = pathOf(route, { id: people.ws })
    // The mail is made after the answer, and so is no part of it.
    Object.assign(identity.services.identity, { deliverLater: () => undefined })
    const record = recordStatements()
    stopRecording = record.stop
    const { passwords } = identity.services.identity
    const { verify, hash } = passwords
    Object.assign(passwords, {
      verify: (...values: Parameters<typeof verify>) => {
        record.statements.push('verify a password')
        return verify(...values)
      },
      hash: (...values: Parameters<typeof hash>) => {
        record.statements.push('hash a password')
        return hash(...values)
      },
    })
    const ask = async (email: string, password?: string) => {
      record.statements.length = 0
      const answer = await call('POST', path, {
        body: addressDoors[door]?.body(email, password),
        from: '203.0.113.7',
        ...(asker ? { jar: new Map(asker) } : {}),
      })
      // Every process asks for revocations now and then, whoever knocks.
      const statements = record.statements.filter((sql) => !sql.includes('revocation'))
      return { ...visible(answer, email), statements }
    }
    // The first of all makes what the following find: the credential that is remembered, the counter of the address.
    await ask('0000000000@example.com')
    const unknown = await ask('unknown000@example.com')
    expect(unknown.statements.length, 'something is recorded').toBeGreaterThan(1)
    expect(unknown.status).toBe(addressDoors[door]?.status)
    for (const [kind, { email, password }] of Object.entries(addresses)) {
      expect(await ask(email, password), kind).toEqual(unknown)
    }
    if (door === 'auth.login') {
      expect(unknown.statements).toContain('verify a password')
      // The control: the right password of an open account is something else.
      const right = await ask(addresses['with a password']?.email ?? '', knownPassword)
      expect(right).not.toEqual(unknown)
    }
  })
})
