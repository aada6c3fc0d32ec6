// Real parts for tests: databases, mail server, web server, browser, processes, time and identifiers.

export type { Browser, BrowserContextOptions, ElementHandle, Locator, Page } from 'playwright-core'
export { axeViolations } from './axe-violations.ts'
export {
  type SiteverifyProvider,
  type SiteverifyState,
  type SolvedCheck,
  siteverifyForTests,
  type TestSiteverify,
} from './challenge/siteverify-for-tests.ts'
export { type Clock, type ManualClock, manualClock, systemClock } from './clock.ts'
export { eachStore, type TestStore } from './each-store.ts'
export { type Hit, type HttpFixture, type HttpReply, httpFixture } from './http-fixture.ts'
export { type Ids, realIds, seededIds, seededRandom } from './ids.ts'
export { installedBrowser, launchBrowser } from './launch-browser.ts'
export {
  type OidcPerson,
  type OidcProviderOptions,
  startOidcProvider,
  type TestOidcProvider,
} from './oidc/start-oidc-provider.ts'
export { postgresForTests, type TestDatabase } from './postgres/postgres-for-tests.ts'
export {
  freePort,
  type PostgresOptions,
  type RunningPostgres,
  startPostgres,
} from './postgres/start-postgres.ts'
export { recordStatements, type StatementRecord } from './record-statements.ts'
export { redisForTests, type TestRedis } from './redis/redis-for-tests.ts'
export { type RunningRedis, redisAvailable, startRedis } from './redis/start-redis.ts'
export { type ReceivedMail, type SmtpOptions, smtpForTests, type TestSmtp } from './smtp-for-tests.ts'
export {
  type Assertion,
  type Lies,
  type Registration,
  type SoftAuthenticator,
  softAuthenticator,
} from './soft-authenticator.ts'
export { sqliteForTests, type TestSqlite } from './sqlite-for-tests.ts'
export { type ProcessEnd, type ProcessOptions, type StartedProcess, startProcess } from './start-process.ts'
export { totpCode } from './totp-code.ts'
export { type UntilOptions, until } from './until.ts'
