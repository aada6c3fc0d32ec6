// An installation with a real provider in front of it, and somebody who walks there and back.
import { asSystem } from '@levqor/database/system'
import type { ProviderConfig } from '@levqor/server'
import {
  type OidcPerson,
  type OidcProviderOptions,
  startOidcProvider,
  type TestOidcProvider,
  type TestStore,
  until,
} from '@levqor/testing'
import type { IdentityPolicy } from '../identity-policy.ts'
import { type Answer, type TestInstallation, testInstallation } from '../test-installation.ts'
import { type People, testPeople } from '../workspaces/test-people.ts'

type Jar = Map<string, string>

export interface ProviderInstallation extends TestInstallation {
  readonly provider: TestOidcProvider
  readonly people: People
  /** Sets out. */
  start(jar: Jar, body?: object, id?: string): Promise<Answer>
  /** Comes back to the address that the provider sent the browser to. */
  comeBack(address: URL, jar: Jar, id?: string): Promise<Answer>
  /** All the way there and back. */
  walk(person: OidcPerson | 'declines', options?: WalkOptions): Promise<Answer>
  /** Causes of all refusals, once so many have been told. */
  causes(count: number): Promise<unknown[]>
  count(table: string): Promise<number>
  /** Rows in the audit log. */
  audited(action: string): Promise<Record<string, unknown>[]>
}

export interface WalkOptions {
  readonly jar?: Jar
  readonly body?: object
  readonly id?: string
}

export interface ProviderSetup extends Partial<OidcProviderOptions> {
  readonly policy?: Partial<IdentityPolicy>
  readonly providers?: (provider: TestOidcProvider) => readonly ProviderConfig[]
}

export const ada: OidcPerson = {
  sub: 'ada-1815',
  email: 'Ada@Example.com',
  email_verified: true,
  name: 'Ada',
}

export async function providerInstallation(
  store: TestStore,
  setup: ProviderSetup = {},
): Promise<ProviderInstallation> {
  const provider = await startOidcProvider({
    redirectUris: ['google', 'microsoft', 'oidc'].map(
      (id) => `http://levqor.test/api/auth/oauth/${id}/callback`,
    ),
    ...setup,
  })
  const installation = await testInstallation(store, {
    ...(setup.policy ? { policy: setup.policy } : {}),
    providers: setup.providers?.(provider) ?? [googleAt(provider)],
  })
  const { call, rows, events, database } = installation
  const shape = setup.shape === 'microsoft' ? 'microsoft' : 'google'

  const start = (jar: Jar, body: object = {}, id: string = shape) =>
    call('POST', `/api/auth/oauth/${id}/start`, { jar, body })
  const comeBack = (address: URL, jar: Jar, id: string = shape) =>
    call('GET', `/api/auth/oauth/${id}/callback${address.search}`, {
      jar,
      // As a browser says when another site has led it here.
      headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
    })

  return {
    ...installation,
    provider,
    people: await testPeople(installation),
    start,
    comeBack,
    async walk(person, { jar = new Map(), body = {}, id = shape } = {}) {
      const started = await start(jar, body, id)
      if (started.status !== 200) return started
      return comeBack(await provider.authorize(started.body.authorization_url, person), jar, id)
    },
    async causes(expected) {
      const failed = () => events.filter(({ event }) => event === 'auth.failed')
      await until(() => failed().length >= expected, { what: 'the events' })
      return failed().map(({ details }) => details?.cause)
    },
    async count(table) {
      const [row] = await asSystem(database).read.query<{ n: number | string }>(
        `SELECT count(*) AS n FROM ${table}`,
      )
      return Number(row?.n)
    },
    audited: (action) => rows('SELECT * FROM audit_log WHERE action = $1 ORDER BY id', [action]),
    async stop() {
      await installation.stop()
      await provider.close()
    },
  }
}

export function googleAt({ url, clientId, clientSecret }: TestOidcProvider): ProviderConfig {
  return { id: 'google', clientId, clientSecret, issuer: url }
}

export function oidcAt({ url, clientId, clientSecret }: TestOidcProvider): ProviderConfig {
  return { id: 'oidc', clientId, clientSecret, issuer: url, name: 'Our own' }
}

export function microsoftAt(
  { url, clientId, clientSecret }: TestOidcProvider,
  tenant: string,
): ProviderConfig {
  return { id: 'microsoft', clientId, clientSecret, tenant, authority: url }
}

/** Path and query that an answer leads to. */
export function leadsTo({ status, headers }: Answer): string | undefined {
  return status === 303 ? (headers.get('location') ?? undefined) : undefined
}
