// Whatever is sent to whichever route of identity: a clear 4xx of the catalogue, nothing written, nothing secret repeated,
// neither in the answer nor in the log. The routes come from the route table; one without an entry in test-route-inputs.ts
// fails the test.
import { request as httpRequest } from 'node:http'
import { providerProblems } from '@levqor/client'
import { findError } from '@levqor/server'
import { eachStore } from '@levqor/testing'
import { afterEach, expect, it } from 'vitest'
import { identityRoutes } from './routes.ts'
import { type TestInstallation, testInstallation } from './test-installation.ts'
import { bodiesOf, type IdentityRoute, isPublic, paramsOf, pathOf } from './test-route-inputs.ts'
import { testPeople } from './workspaces/test-people.ts'

// Stands in every bad value, so that a repeated one is seen.
const canary = 'Zebra9Canary'
const withBody = identityRoutes.filter(({ contract }) => contract.body !== undefined)

interface Sent {
  readonly method?: string
  readonly path?: string
  readonly body?: string | Uint8Array
  readonly type?: string | null
  readonly headers?: Readonly<Record<string, string>>
}

interface Reply {
  readonly status: number
  readonly type: string
  readonly location: string
  readonly text: string
}

/** Plain HTTP: bytes as they are, any method, headers twice, and an early answer to a body that goes on. */
function send(url: string, { method, path = '', body, type, headers }: Sent): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sending = httpRequest(
      url + path,
      {
        method,
        agent: false,
        headers: {
          ...(type === null || body === undefined ? {} : { 'content-type': type ?? 'application/json' }),
          ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
          ...headers,
        },
      },
      (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('end', () =>
          resolve({
            status: answer.statusCode ?? 0,
            type: answer.headers['content-type'] ?? '',
            location: answer.headers.location ?? '',
            text: Buffer.concat(chunks).toString(),
          }),
        )
        answer.on('error', reject)
      },
    )
    let answered = false
    sending.on('response', () => {
      answered = true
    })
    // The server need not read ten megabytes before it says no.
    sending.on('error', (error) => answered || reject(error))
    sending.end(body)
  })
}

/** What is wrong with an answer; undefined when it is a clear refusal. */
function flaw(route: IdentityRoute, reply: Reply, statuses?: readonly number[]): string | undefined {
  const told = `${reply.status} ${reply.text.slice(0, 200)}`
  if (reply.text.includes(canary)) return `repeats what was sent: ${told}`
  // Browsers that arrive by a link are led to a page instead.
  if (reply.status === 303 && route.failsTo) {
    const code = new URL(reply.location, 'http://x').searchParams.get('problem') ?? ''
    return findError(code) || providerProblems.some((problem) => problem === code)
      ? undefined
      : `leads to ${reply.location}`
  }
  if (reply.status < 400 || reply.status > 499) return `is no refusal: ${told}`
  if (statuses && !statuses.includes(reply.status)) return `is not ${statuses.join(' or ')}: ${told}`
  if (!reply.type.startsWith('application/problem+json')) return `is no problem document: ${told}`
  const problem = JSON.parse(reply.text)
  if (findError(problem.code)?.status !== reply.status) return `has no code of the catalogue: ${told}`
  return /\w{3}/.test(problem.detail) && problem.request_id ? undefined : `says too little: ${told}`
}

/** Every way to put `change` somewhere into the value; where it gives nothing, the place is left alone. */
function* mutations(
  value: unknown,
  change: (leaf: unknown, place: string) => readonly unknown[],
  place = '',
): Generator<[place: string, value: unknown]> {
  for (const other of change(value, place)) yield [place, other]
  if (typeof value !== 'object' || value === null) return
  for (const [key, child] of Object.entries(value)) {
    for (const [where, other] of mutations(child, change, `${place}/${key}`)) {
      const copy = Array.isArray(value) ? [...value] : { ...value }
      Object.assign(copy, { [key]: other })
      yield [where, copy]
    }
  }
}

const nullable = new Set(['/name', '/locale', '/currency', '/expires_at', '/allowed_addresses'])
const namesMayBeNull = new Set(['auth.sessions.name', 'auth.me.change', 'users.upsert', 'users.change'])

const allOptional = new Set(['auth.oauth.start', 'auth.refresh'])

function wrongTypes(route: IdentityRoute) {
  return (leaf: unknown, place: string): readonly unknown[] => {
    const mayBeNull = nullable.has(place) && (place !== '/name' || namesMayBeNull.has(route.contract.id))
    const nothing = mayBeNull ? [] : [null]
    switch (typeof leaf) {
      case 'string':
        return [7, true, [], {}, [canary], { toString: canary }, ...nothing]
      case 'number':
        return [String(leaf), canary, true, [], {}, -1, 1e21, 0.5, ...nothing]
      case 'boolean':
        return ['true', canary, 1, [], {}, ...nothing]
      default:
        return Array.isArray(leaf)
          ? [canary, 7, { 0: canary }, [7], [null], [[canary]], Array(1_000).fill(leaf[0]), ...nothing]
          : [canary, 7, true, [], [leaf], ...nothing]
    }
  }
}

const texts =
  (change: (text: string) => readonly string[]) =>
  (leaf: unknown): readonly string[] =>
    typeof leaf === 'string' ? change(leaf) : []

eachStore((store) => {
  let installation: TestInstallation
  afterEach(() => installation.stop())

  async function setup() {
    installation = await testInstallation(store)
    const { owner } = await testPeople(installation)
    const { url, rows, logLines, firstRun } = installation
    const cookie = [...owner.jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const names = await rows<{ name: string }>(
      store.name === 'sqlite'
        ? "SELECT name FROM sqlite_master WHERE type = 'table'"
        : 'SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()',
    )
    async function everything(): Promise<string> {
      const tables = await Promise.all(
        names.map(async ({ name }) => [
          name,
          (await rows(`SELECT * FROM ${name}`)).map((row) => JSON.stringify(row)).sort(),
        ]),
      )
      return JSON.stringify(tables)
    }
    /** As somebody who may: whatever is refused is refused because of what was sent. */
    function credential({ verb }: IdentityRoute): Record<string, string> {
      const { actors } = verb.access
      if (actors.includes('user') || actors.includes('operator') || actors.includes('anonymous'))
        return { cookie }
      return { authorization: `Bearer ${firstRun.api_key}` }
    }
    const before = await everything()
    const flaws: string[] = []
    let tried = 0
    return {
      url,
      cookie,
      credential,
      /** All at once, because one answer must not depend on another. */
      async tryAll(
        route: IdentityRoute,
        attempts: Readonly<Record<string, Sent>>,
        statuses?: readonly number[],
      ) {
        const { contract } = route
        await Promise.all(
          Object.entries(attempts).map(async ([what, sent]) => {
            const reply = await send(url, {
              method: contract.method,
              path: pathOf(route),
              ...sent,
              headers: { ...credential(route), ...sent.headers },
            })
            tried++
            const found = flaw(route, reply, statuses)
            if (found) flaws.push(`${contract.id}, ${what}: ${found}`)
          }),
        )
      },
      async verdict() {
        expect(flaws).toEqual([])
        expect(tried).toBeGreaterThan(identityRoutes.length / 2)
        expect(await everything()).toBe(before)
        expect(logLines.filter((line) => line.includes(canary))).toEqual([])
        expect(logLines.filter((line) => JSON.parse(line).level >= 50)).toEqual([])
      },
    }
  }

  it('what is no JSON object in UTF-8 is refused at every route that takes a body', async () => {
    const { tryAll, verdict } = await setup()
    for (const route of withBody) {
      for (const good of bodiesOf(route)) {
        const json = JSON.stringify(good)
        const [first = ''] = Object.keys(good)
        const firstField = json.slice(1, json.indexOf(',"') === -1 ? -1 : json.indexOf(',"'))
        await tryAll(
          route,
          {
            ...(route.contract.body?.safeParse(undefined).success ? {} : { nothing: { body: '' } }),
            'a brace': { body: '{' },
            'a cut end': { body: json.slice(0, -1) },
            'a comma too many': { body: `${json.slice(0, -1)},}` },
            'single quotes': { body: json.replaceAll('"', "'") },
            'a value that is no JSON': { body: `{"${first}":${canary}}` },
            'two documents': { body: json + json },
            'a list': { body: `[${json}]` },
            'a text': { body: JSON.stringify(canary) },
            null: { body: 'null' },
            'a number': { body: '7' },
            'a field twice': { body: `{${firstField},${json.slice(1)}` },
            'a field twice, once written with an escape': {
              body: `{"\\u${first.charCodeAt(0).toString(16).padStart(4, '0')}${first.slice(1)}":"${canary}",${json.slice(1)}`,
            },
            'a NUL byte': { body: `${json}\0` },
            'bytes that are no UTF-8': {
              body: Buffer.concat([
                Buffer.from(`{"${first}":"`),
                Buffer.from([0xff, 0xc0, 0x80]),
                Buffer.from('"}'),
              ]),
            },
            'half a surrogate pair in bytes': {
              body: Buffer.concat([
                Buffer.from(`{"${first}":"`),
                Buffer.from([0xed, 0xa0, 0x80]),
                Buffer.from('"}'),
              ]),
            },
            'UTF-16': { body: Buffer.from(json, 'utf16le') },
            'deep lists': { body: `{"${first}":${'['.repeat(101)}${']'.repeat(101)}}` },
            'very deep objects': { body: '{"a":'.repeat(50_000) },
            __proto__: { body: `{"__proto__":{"operator":true},${json.slice(1)}` },
            'an escaped __proto__': { body: `{"__prot\\u006f__":{"operator":true},${json.slice(1)}` },
            'constructor.prototype': {
              body: `{"constructor":{"prototype":{"operator":true}},${json.slice(1)}`,
            },
            constructor: { body: `{"constructor":"${canary}",${json.slice(1)}` },
            toString: { body: `{"toString":"${canary}",${json.slice(1)}` },
          },
          [400],
        )
        await tryAll(
          route,
          {
            'a form': { body: `${first}=${canary}&${first}=b`, type: 'application/x-www-form-urlencoded' },
            'a form of parts': {
              body: `--x\r\n\r\n${canary}\r\n--x--`,
              type: 'multipart/form-data; boundary=x',
            },
            text: { body: json, type: 'text/plain' },
            'text, as a page of another site may send it': {
              body: json,
              type: 'text/plain; application/json',
            },
            'no type': { body: json, type: null },
            'an empty type': { body: json, type: '' },
            'a type that is none': { body: json, type: canary },
            XML: { body: '<a/>', type: 'application/xml' },
            'another character set': { body: json, type: 'application/json; charset=utf-16' },
            compressed: { body: json, headers: { 'content-encoding': 'gzip' } },
          },
          [415],
        )
      }
    }
    await verdict()
  }, 120_000)

  it('a field that is unknown, missing, of another type or holds what cannot be stored is refused', async () => {
    const { tryAll, verdict } = await setup()
    for (const route of withBody) {
      for (const good of bodiesOf(route)) {
        const attempts: Record<string, Sent> = {
          'an unknown field': { body: JSON.stringify({ ...good, extra: canary }) },
          ...(allOptional.has(route.contract.id) ? {} : { 'an empty object': { body: '{}' } }),
        }
        const add = (what: string, change: (leaf: unknown, place: string) => readonly unknown[]) => {
          let count = 0
          for (const [place, value] of mutations(good, change)) {
            attempts[`${what} at ${place || '/'} (${count++})`] = { body: JSON.stringify(value) }
          }
          return count
        }
        expect(add('another type', wrongTypes(route))).toBeGreaterThan(0)
        add(
          'NUL',
          texts((text) => [`${text}\0`, `${canary}\0`]),
        )
        add(
          'half a surrogate pair',
          texts((text) => [`${text}\ud800`, `\udc00${canary}`]),
        )
        add(
          'far too long',
          texts((text) => [text.repeat(20_000).slice(0, 400_000)]),
        )
        // Whoever reports a key learns nothing about the text, not even that it is none.
        if (route.contract.id !== 'api-keys.report') {
          add(
            'empty',
            texts(() => ['']),
          )
        }
        await tryAll(route, attempts, [400])
      }
    }
    await verdict()
  }, 120_000)

  it('10 MB are refused unread, whether their length is announced or not', async () => {
    const { tryAll, verdict } = await setup()
    const large = 10 * 1024 * 1024
    for (const route of withBody) {
      for (const good of bodiesOf(route)) {
        const [first = ''] = Object.keys(good)
        await tryAll(
          route,
          { announced: { body: JSON.stringify({ ...good, [first]: canary.padEnd(large, 'x') }) } },
          [413],
        )
      }
    }
    await verdict()
  }, 120_000)

  it('routes without a body take none', async () => {
    const { tryAll, verdict } = await setup()
    for (const route of identityRoutes) {
      // A body of GET has no meaning (RFC 9110 section 9.3.1) and is not read.
      if (route.contract.body !== undefined || route.contract.method === 'GET') continue
      await tryAll(route, {
        'an unknown field': { body: JSON.stringify({ extra: canary }) },
        'a list': { body: `["${canary}"]` },
        __proto__: { body: '{"__proto__":{"operator":true}}' },
        'no JSON': { body: `{${canary}` },
        'a form': { body: `a=${canary}`, type: 'application/x-www-form-urlencoded' },
        'deep lists': { body: '['.repeat(200) },
      })
    }
    await verdict()
  }, 60_000)

  it('identifiers of another kind, and parameters that are none, lead nowhere', async () => {
    const { tryAll, verdict } = await setup()
    const wrong = [
      'x',
      '0',
      '%00',
      '%ff',
      '%ed%a0%80',
      '..%2f..%2fapi',
      "'--",
      '%7B%7D',
      '__proto__',
      `ukn_${'0'.repeat(32)}`,
      `USR_${'0'.repeat(32)}`,
      `usr_${'A'.repeat(32)}`,
      `usr_${'0'.repeat(31)}`,
      `job_${'0'.repeat(32)}`,
      `job_${'0'.repeat(32)}%0a`,
      'x'.repeat(5_000),
    ]
    for (const route of identityRoutes) {
      const [good] = bodiesOf(route)
      const body = good ? { body: JSON.stringify(good) } : {}
      for (const name of paramsOf(route)) {
        await tryAll(
          route,
          Object.fromEntries(
            wrong.map((value) => [
              `{${name}} ${value.slice(0, 50)}`,
              { ...body, path: pathOf(route, { [name]: value }) },
            ]),
          ),
          // An address that is no text is malformed rather than unknown.
          [400, 404, 414],
        )
      }
      if (!route.contract.query) continue
      const page = route.failsTo
        ? {}
        : { 'a limit twice': '?limit=1&limit=2', 'no limit': '?limit=0', unknown: `?extra=${canary}` }
      const queries = {
        ...page,
        NUL: '?cursor=%00&state=%00',
        'half a surrogate pair': '?cursor=%ed%a0%80',
        twice: '?cursor=a&cursor=b&state=a&state=b',
      }
      await tryAll(
        route,
        Object.fromEntries(
          Object.entries(queries).map(([what, query]) => [what, { path: pathOf(route) + query }]),
        ),
      )
    }
    await verdict()
  }, 60_000)

  it('methods that a route does not have are refused, and so are those that nobody has', async () => {
    const { tryAll, verdict } = await setup()
    const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND', 'MKCOL', 'QUERY']
    for (const route of identityRoutes) {
      const path = pathOf(route)
      const known = new Set(
        identityRoutes
          .filter(({ contract }) => new RegExp(`^${contract.path.replace(/\{\w+\}/g, '[^/]+')}$`).test(path))
          .map(({ contract }) => contract.method as string),
      )
      await tryAll(
        route,
        Object.fromEntries(
          methods.filter((method) => !known.has(method)).map((method) => [method, { method }]),
        ),
        [400, 404, 405, 415],
      )
    }
    await verdict()
  }, 60_000)

  it('cookies of any size, number and shape open nothing and break nothing', async () => {
    const { tryAll, verdict, cookie } = await setup()
    const own = [
      'levqor_session',
      'levqor_browser',
      'levqor_device',
      'levqor_first_factor',
      'levqor_provider',
      'levqor_operator',
    ]
    const each = (value: string) => own.map((name) => `${name}=${value}`).join('; ')
    const cookies: Readonly<Record<string, string>> = {
      'of 8 KB': `levqor_session=${canary.padEnd(8_000, 'x')}`,
      '500 of them': Array.from({ length: 500 }, (_, i) => `c${i}=${canary}`)
        .join('; ')
        .slice(0, 14_000),
      'the session’s twice': `${cookie}; levqor_session=${'A'.repeat(43)}`,
      'the session’s twice, the other first': `levqor_session=${'A'.repeat(43)}; ${cookie}`,
      'of the right shape that nobody gave': each('A'.repeat(43)),
      'with a bad escape': each('%E0%A4%A'),
      'with an escaped NUL': each('%00'),
      'with bytes above ASCII': each('\u00ff\u00fe'),
      'with quotes and commas': each('"a,b\\"'),
      'without a value': each(''),
      'without a name': '=; =x; ;;; =',
      __proto__: '__proto__=x; constructor=y; toString=z',
      'of HTTPS': `__Host-levqor_session=${cookie.split('=')[1]}`,
    }
    for (const route of identityRoutes) {
      // What is public would take a good body; nothing is to be written here.
      const body = route.contract.body ? { body: '{"extra":1}' } : {}
      const free = isPublic(route) && !route.contract.body
      if (free && !route.failsTo) continue
      await tryAll(
        route,
        Object.fromEntries(
          Object.entries(cookies).map(([what, text]) => [
            what,
            { ...body, headers: { cookie: text, authorization: '' } },
          ]),
        ),
        route.failsTo ? undefined : isPublic(route) ? [400, 401] : [401],
      )
      await tryAll(route, { 'of 20 KB': { ...body, headers: { cookie: 'x'.repeat(20_000) } } }, [431])
    }
    await verdict()
  }, 120_000)

  it('what another site sends along with the session is refused before anything is read', async () => {
    const { tryAll, verdict, cookie } = await setup()
    let unsafe = 0
    for (const route of identityRoutes) {
      if (route.contract.method === 'GET') continue
      unsafe++
      const [good] = bodiesOf(route)
      const from = (headers: Readonly<Record<string, string>>): Sent => ({
        headers: { cookie, ...headers },
        ...(good ? { body: JSON.stringify(good) } : {}),
      })
      await tryAll(
        route,
        {
          'Origin of another site': from({ origin: 'https://evil.example' }),
          'Origin of another scheme': from({ origin: 'https://levqor.test' }),
          'Origin with our name in front': from({ origin: 'http://levqor.test.evil.example' }),
          'Origin null': from({ origin: 'null' }),
          'cross-site': from({ 'sec-fetch-site': 'cross-site' }),
          'same-site': from({ 'sec-fetch-site': 'same-site' }),
          'cross-site, from null': from({ 'sec-fetch-site': 'cross-site', origin: 'null' }),
          'by the address bar, from another site': from({
            'sec-fetch-site': 'none',
            origin: 'https://evil.example',
          }),
          'a stale page on another port': from({ origin: 'http://levqor.test:8080' }),
        },
        [403],
      )
    }
    expect(unsafe).toBeGreaterThan(40)
    await verdict()
  }, 60_000)
})
