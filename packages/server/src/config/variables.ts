// Every environment variable of Levqor in one table: its form, its default, and how to mend it. The configuration,
// its error messages and .env.example all derive from it.
import { switchVariables } from '@levqor/guard'
import { z } from 'zod'

interface Variable<T> {
  readonly about: string
  /** What to write when the value is refused. */
  readonly mend: string
  /** Shown in .env.example: the default, or a sample when there is none. */
  readonly example: string
  readonly schema: z.ZodType<T>
}

const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number)
    .pipe(z.number().int().min(min).max(max))

const list = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  )
  .pipe(z.array(z.string()))

/** The parts one process may play. */
export const roles = ['api', 'worker', 'scheduler', 'web'] as const
export type Role = (typeof roles)[number]

const modes = { enforce: 'enforce', true: 'enforce', observe: 'observe', off: 'off', false: 'off' } as const
const mode = z
  .string()
  .toLowerCase()
  .pipe(z.enum(['enforce', 'true', 'observe', 'off', 'false']))
  .transform((text) => modes[text])

const switchVariable = (about: string): Variable<'enforce' | 'observe' | 'off'> => ({
  about: `Emergency switch: ${about}. Anything but enforce is a security event.`,
  mend: 'Use enforce (or true), observe, off (or false).',
  example: 'enforce',
  schema: mode.default('enforce'),
})

function variable<T>(entry: Variable<T>): Variable<T> {
  return entry
}

const origin = z
  .url({ protocol: /^https?$/ })
  .refine((text) => {
    const { pathname, search, hash, username } = new URL(text)
    return pathname === '/' && search === '' && hash === '' && username === ''
  })
  .transform((text) => new URL(text).origin)

// Printable ASCII without spaces (RFC 6749 appendix A.1 and A.2 allow spaces; nobody issues them, and a slip pastes them).
const credential = z.string().regex(/^[!-~]{1,500}$/)

export const variables = {
  NODE_ENV: variable({
    about: 'production turns the production rules on, wherever the server listens.',
    mend: 'Use development, test or production.',
    example: 'development',
    schema: z.enum(['development', 'test', 'production']).optional(),
  }),
  HOST: variable({
    about: 'Address to listen on. Anything but loopback turns the production rules on.',
    mend: 'Give a host name or an IP address, such as localhost or 0.0.0.0.',
    example: 'localhost',
    schema: z
      .string()
      .regex(/^[A-Za-z0-9.:_-]{1,255}$/)
      .default('localhost'),
  }),
  PORT: variable({
    about: 'Port to listen on.',
    mend: 'Give a number from 0 (any free port) to 65535.',
    example: '3000',
    schema: wholeNumber(0, 65_535).default(3000),
  }),
  LEVQOR_URL: variable({
    about: 'Address under which people reach this installation. Required in production.',
    mend: 'Give the origin only, such as https://levqor.example.com (no path).',
    example: 'http://localhost:3000',
    schema: origin.optional(),
  }),
  LEVQOR_DATA_DIR: variable({
    about: 'Folder for the SQLite database, the generated secret and first-run.json.',
    mend: 'Give the path of a folder that this user may write to.',
    example: './.levqor',
    schema: z.string().min(1).default('./.levqor'),
  }),
  DATABASE_URL: variable({
    about: 'Where the data lives. Default: SQLite in the data folder.',
    mend: 'Give sqlite:/path/to/file.db or postgres://user:password@host:5432/name.',
    example: 'sqlite:./.levqor/levqor.db',
    schema: z
      .string()
      .regex(/^(sqlite:[^\0]+|postgres(ql)?:\/\/[^\s\0]+)$/)
      .optional(),
  }),
  DATABASE_POOL_SIZE: variable({
    about: 'PostgreSQL connections of this process.',
    mend: 'Give a number from 1 to 200.',
    example: '10',
    schema: wholeNumber(1, 200).default(10),
  }),
  DATABASE_SYNCHRONOUS: variable({
    about: 'SQLite: FULL survives a power cut, NORMAL may lose the last moments before one.',
    mend: 'Use FULL or NORMAL.',
    example: 'FULL',
    schema: z.enum(['FULL', 'NORMAL']).default('FULL'),
  }),
  REDIS_URL: variable({
    about:
      'Redis or Valkey that several processes share for limits and revocations. Unset: within this process.',
    mend: 'Give redis://user:password@host:6379/0 or rediss:// for TLS.',
    example: '',
    schema: z
      .string()
      .regex(/^rediss?:\/\/[^\s\0]+$/)
      .refine((text) => URL.canParse(text))
      .optional(),
  }),
  LEVQOR_SECRET: variable({
    about: 'Master secret. Made and kept in the data folder in development, required in production.',
    mend: 'Give 32 random bytes: openssl rand -base64 32',
    example: '',
    schema: z.string().max(1000).optional(),
  }),
  LEVQOR_ROLES: variable({
    about: 'The parts that this process plays.',
    mend: `Give a list out of ${roles.join(', ')}.`,
    example: roles.join(','),
    schema: list.pipe(z.array(z.enum(roles)).min(1)).default([...roles]),
  }),
  LEVQOR_ADMIN_EMAIL: variable({
    about: 'Address of the first administrator, used when the database is empty.',
    mend: 'Give one e-mail address.',
    example: 'admin@levqor.localhost',
    schema: z.email().max(254).default('admin@levqor.localhost'),
  }),
  TRUSTED_PROXIES: variable({
    about: 'Proxies whose X-Forwarded-For is believed: CIDR ranges, loopback, private.',
    mend: 'Give a list such as 10.0.0.0/8,loopback.',
    example: '',
    schema: list.default([]),
  }),
  CORS_ALLOWED_ORIGINS: variable({
    about: 'Other origins whose pages may call the API with the visitor’s session. Usually none.',
    mend: 'Give a list of exact origins such as https://app.example.com,https://intranet.example.com.',
    example: '',
    schema: list.pipe(z.array(origin)).default([]),
  }),
  LEVQOR_REGISTRATION: variable({
    about: 'Who may make an account: open to everybody, or only to who is invited.',
    mend: 'Use open or invited.',
    example: 'invited',
    schema: z.enum(['open', 'invited']).default('invited'),
  }),
  LEVQOR_GOOGLE_CLIENT_ID: variable({
    about: 'Sign-in with Google: client ID. Redirect URI: <LEVQOR_URL>/api/auth/oauth/google/callback',
    mend: 'Give the client ID of the Google Cloud console.',
    example: '',
    schema: credential.optional(),
  }),
  LEVQOR_GOOGLE_CLIENT_SECRET: variable({
    about: 'Sign-in with Google: client secret.',
    mend: 'Give the client secret that belongs to LEVQOR_GOOGLE_CLIENT_ID.',
    example: '',
    schema: credential.optional(),
  }),
  LEVQOR_MICROSOFT_CLIENT_ID: variable({
    about:
      'Sign-in with Microsoft: application ID. Redirect URI: <LEVQOR_URL>/api/auth/oauth/microsoft/callback',
    mend: 'Give the application (client) ID of the Entra admin center.',
    example: '',
    schema: credential.optional(),
  }),
  LEVQOR_MICROSOFT_CLIENT_SECRET: variable({
    about: 'Sign-in with Microsoft: client secret.',
    mend: 'Give the value of a client secret that belongs to LEVQOR_MICROSOFT_CLIENT_ID.',
    example: '',
    schema: credential.optional(),
  }),
  LEVQOR_MICROSOFT_TENANT: variable({
    about: 'Sign-in with Microsoft: who may come. One directory, or several.',
    mend: 'Give the directory (tenant) ID, or common, organizations or consumers.',
    example: '',
    schema: z
      .string()
      .toLowerCase()
      .regex(/^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|common|organizations|consumers)$/)
      .optional(),
  }),
  LEVQOR_OIDC_ISSUER: variable({
    about:
      'Sign-in at any OpenID provider: its issuer. Redirect URI: <LEVQOR_URL>/api/auth/oauth/oidc/callback',
    mend: 'Give the issuer exactly as the provider names it, such as https://id.example.com.',
    example: '',
    schema: z
      .url({ protocol: /^https?$/ })
      .refine((text) => {
        const { search, hash, username, password } = new URL(text)
        return [search, hash, username, password].every((part) => part === '')
      })
      .optional(),
  }),
  LEVQOR_OIDC_CLIENT_ID: variable({
    about: 'Sign-in at an OpenID provider: client ID.',
    mend: 'Give the client ID that the provider issued.',
    example: '',
    schema: credential.optional(),
  }),
  LEVQOR_OIDC_CLIENT_SECRET: variable({
    about: 'Sign-in at an OpenID provider: client secret.',
    mend: 'Give the client secret that belongs to LEVQOR_OIDC_CLIENT_ID.',
    example: '',
    schema: credential.optional(),
  }),
  LEVQOR_OIDC_NAME: variable({
    about: 'Sign-in at an OpenID provider: what its button says. Default: the host of its issuer.',
    mend: 'Give a name of at most 40 characters.',
    example: '',
    schema: z.string().max(40).optional(),
  }),
  LEVQOR_EGRESS_ALLOW: variable({
    about: 'Private destinations that workflows may call: CIDR ranges or host[:port].',
    mend: 'Give a list such as 10.1.0.0/16,intranet.example.com:8080.',
    example: '',
    schema: list.default([]),
  }),
  SMTP_URL: variable({
    about: 'Mail server. Unset: mail is kept in the outbox, where operators can read it.',
    mend: 'Give smtp://user:password@host:587 or smtps://user:password@host:465.',
    example: '',
    schema: z
      .string()
      .regex(/^smtps?:\/\/[^\s]+$/)
      .refine((text) => URL.canParse(text))
      .optional(),
  }),
  MAIL_FROM: variable({
    about: 'Sender of all mail. Default: levqor@ the host of LEVQOR_URL.',
    mend: 'Give an address or a name with an address: Levqor <levqor@example.com>.',
    example: 'Levqor <levqor@example.com>',
    schema: z
      .string()
      .regex(/^[^\r\n<>]*<?[^\s@<>]+@[^\s@<>]+>?$/)
      .optional(),
  }),
  LOG_LEVEL: variable({
    about: 'Least severe log line written.',
    mend: 'Use fatal, error, warn, info, debug, trace or silent.',
    example: 'info',
    schema: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  }),
  LEVQOR_LIMITS_MULTIPLIER: variable({
    about: 'Makes every rate limit so many times larger, for busy installations and load tests.',
    mend: 'Give a number from 1 to 10000.',
    example: '1',
    schema: wholeNumber(1, 10_000).default(1),
  }),
  LEVQOR_LEASE_MS: variable({
    about: 'How long a worker may be silent before its job is given to another, milliseconds.',
    mend: 'Give a number from 500 to 600000.',
    example: '30000',
    schema: wholeNumber(500, 600_000).default(30_000),
  }),
  LEVQOR_CONCURRENCY: variable({
    about: 'Jobs that one worker process runs at a time.',
    mend: 'Give a number from 1 to 1000.',
    example: '10',
    schema: wholeNumber(1, 1_000).default(10),
  }),
  LEVQOR_STOP_TIMEOUT_MS: variable({
    about: 'How long a stopping process waits for requests and jobs in progress, milliseconds.',
    mend: 'Give a number from 0 to 600000.',
    example: '10000',
    schema: wholeNumber(0, 600_000).default(10_000),
  }),
  [switchVariables.limits]: switchVariable('rate limits'),
  [switchVariables.headers]: switchVariable('security headers'),
  [switchVariables.abuse]: switchVariable('hints at unusual patterns'),
} as const

export type VariableName = keyof typeof variables
export type Values = { readonly [K in VariableName]: z.output<(typeof variables)[K]['schema']> }
