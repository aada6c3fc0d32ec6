// An installation with people and their authenticators, for the tests of passkeys.
import { type Lies, type SoftAuthenticator, softAuthenticator, type TestStore } from '@levqor/testing'
import { type Answer, testInstallation } from '../test-installation.ts'
import { type Person, testPeople } from '../workspaces/test-people.ts'

const path = '/api/auth/passkeys'
export const origin = 'http://levqor.test'

export async function testPasskeys(store: TestStore, options?: Parameters<typeof testInstallation>[1]) {
  const installation = await testInstallation(store, options)
  const people = await testPeople(installation)
  const { call, rows } = installation

  /** Adds a passkey of the authenticator to the person's account. */
  async function add(
    person: Pick<Person, 'call'>,
    authenticator: SoftAuthenticator,
    { name, ...lies }: Lies & { readonly name?: string } = {},
  ): Promise<Answer> {
    const started = await person.call('POST', `${path}/register/start`)
    if (started.status !== 200) return started
    const response = authenticator.create(started.body.options, lies)
    return person.call('POST', `${path}/register/finish`, {
      response,
      ...(name === undefined ? {} : { name }),
    })
  }

  const start = (jar: Map<string, string>) => call('POST', `${path}/sign-in/start`, { jar })
  const finish = (jar: Map<string, string>, response: unknown) =>
    call('POST', `${path}/sign-in/finish`, { jar, body: { response } })

  /** Signs in with the authenticator's last passkey. */
  async function signIn(
    authenticator: SoftAuthenticator,
    lies?: Lies,
    jar = new Map<string, string>(),
  ): Promise<Answer> {
    const { body } = await start(jar)
    return finish(jar, authenticator.get(body.options, lies))
  }

  /** Somebody with a passkey. */
  async function personWithPasskey(email = 'ada@example.com', synced = false) {
    const person = await people.person(email)
    const authenticator = softAuthenticator({ origin, synced })
    const { body } = await add(person, authenticator)
    const id: string = body.id
    return { person, authenticator, id }
  }

  /** The causes of failures among the security events, oldest first. */
  const causes = () =>
    installation.events.filter(({ event }) => event === 'auth.failed').map(({ details }) => details?.cause)

  const sessions = () =>
    rows<{ method: string; second_factor: string }>(
      `SELECT method, second_factor FROM sessions WHERE method = 'passkey'`,
    )

  return {
    ...installation,
    ...people,
    /** Another session of somebody. */
    signInElsewhere: people.signIn,
    path,
    add,
    start,
    finish,
    signIn,
    personWithPasskey,
    causes,
    sessions,
  }
}

export type TestPasskeys = Awaited<ReturnType<typeof testPasskeys>>
