// The package as strangers get it: what is in it, what it loads, and the README's examples running on it.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { redisAvailable, startProcess, startRedis } from '@levqor/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  createProject,
  environment,
  installByLinks,
  openWorkshop,
  run,
  typeCheck,
  type Workshop,
} from './packed-project.ts'
import { tryChatServer } from './try-chat-server.ts'
import { tryNotesServer } from './try-notes-server.ts'

let workshop: Workshop
let node: string
beforeAll(async () => {
  workshop = await openWorkshop()
  const files = [
    'notes-guard.ts',
    'fastify-server.ts',
    'express-server.ts',
    'socket-io-server.ts',
    'socket-io-client.ts',
    'outgoing.ts',
    'sign-in.ts',
    'webhooks.ts',
    'hints.ts',
    'several-processes.ts',
  ]
  node = createProject(
    workshop,
    'node-project',
    files.map((file) => [file, file]),
  )
  await installByLinks(workshop, node)
}, 60_000)
afterAll(() => workshop.close())

const installed = (path: string) => join(node, 'node_modules/@levqor/guard', path)

describe('the tarball', () => {
  it('is not made by npm pack, which says how it is', async () => {
    const source = fileURLToPath(new URL('..', import.meta.url))
    await expect(run(source, 'npm', ['pack', '--dry-run'])).rejects.toThrow(
      'Run this in the root of the repository instead: npm run pack-guard',
    )
  })

  it('holds programs with their types, and no test', async () => {
    const { stdout } = await run(workshop.folder, 'tar', ['-tzf', workshop.tarball])
    const files = stdout.trim().split('\n')
    const known =
      /^package\/(package\.json|README\.md|LICENSE|bin\/guard\.js|docs\/guard-doctor\.md|dist\/.*\.(js|d\.ts))$/
    expect(files.filter((file) => !known.test(file))).toEqual([])
    expect(files.filter((file) => /\.(test|evidence)\.|for-tests|\/test-/.test(file))).toEqual([])
    expect(files.filter((file) => file.endsWith('.js') && file.startsWith('package/dist')).length).toBe(
      files.filter((file) => file.endsWith('.d.ts')).length,
    )
  })

  it('asks for no other package, and every front door leads to a program with types', () => {
    const manifest = JSON.parse(readFileSync(installed('package.json'), 'utf8'))
    expect(manifest).not.toHaveProperty('dependencies')
    expect(manifest).toMatchObject({ type: 'module', sideEffects: false })
    expect(manifest).not.toHaveProperty('devDependencies')
    expect(manifest).not.toHaveProperty('scripts')
    const { './package.json': _, ...doors } = manifest.exports
    for (const [door, target] of Object.entries<Record<string, string>>(doors)) {
      expect(Object.keys(target), door).toEqual(['types', 'default'])
      for (const path of Object.values(target)) expect(existsSync(installed(path)), path).toBe(true)
    }
  })
})

describe('what an import loads', () => {
  it('is the part that was asked for, and another package behind its own door only', async () => {
    const manifest = JSON.parse(readFileSync(installed('package.json'), 'utf8'))
    const doors = Object.keys(manifest.exports).filter((door) => door !== './package.json')
    const { rooms, foreign } = await loadedBy(doors.map((door) => door.replace('.', '@levqor/guard')))
    const allowed: Record<string, string[]> = { './webhooks/express': ['express'] }
    for (const [i, door] of doors.entries()) {
      expect(
        foreign[i]?.filter((name) => !allowed[door]?.includes(name)),
        door,
      ).toEqual([])
    }
    const adapters = ['express', 'fastify', 'next', 'socket-io', 'redis', 'doctor']
    for (const door of ['.', './webhooks', './egress', './presets', './lockout']) {
      expect(
        rooms[doors.indexOf(door)]?.filter((room) => adapters.includes(room)),
        door,
      ).toEqual([])
    }
    for (const door of ['./webhooks', './egress']) {
      expect(rooms[doors.indexOf(door)]).not.toContain('kernel')
    }
  })
})

/** For each front door the rooms of ours that it loads, and the packages that they ask for. */
async function loadedBy(
  specifiers: readonly string[],
): Promise<{ readonly rooms: string[][]; readonly foreign: string[][] }> {
  const program = `
    import { registerHooks } from 'node:module'
    const imports = []
    registerHooks({ resolve: (name, context, next) => {
      const found = next(name, context)
      imports.push([context.parentURL, found.url])
      return found
    } })
    const doors = ${JSON.stringify(specifiers)}
    for (const door of doors) await import(door)
    console.log(JSON.stringify({ imports, doors: doors.map((door) => import.meta.resolve(door)) }))`
  const { stdout } = await run(node, process.execPath, ['--input-type=module', '-e', program])
  // What the program above prints.
  const { imports, doors } = JSON.parse(stdout) as { imports: [string, string][]; doors: string[] }
  const own = '/node_modules/@levqor/guard/dist/'
  const reached = doors.map((door) => {
    const seen = new Set([door])
    // What a framework loads in turn is its own business.
    for (const url of seen) {
      if (url.includes(own)) for (const [by, loaded] of imports) if (by === url) seen.add(loaded)
    }
    return [...seen]
  })
  return {
    rooms: reached.map((urls) => urls.flatMap((url) => url.split(own)[1]?.split('/')[0] ?? [])),
    foreign: reached.map((urls) =>
      urls
        .filter((url) => !url.includes(own) && !url.startsWith('node:'))
        .map((url) => url.split('/node_modules/').at(-1)?.split('/')[0] ?? url),
    ),
  }
}

const webhookSecret = 'q8Zr1vYc0Lw5sKx9Tn2Jb7Ue4Gd6Ha3MpQfWiRoVzX'

/** Runs a program in the project and reads what it prints behind the word RESULT. */
async function tryCode(program: string): Promise<unknown> {
  const { stdout } = await run(node, process.execPath, ['--input-type=module', '-e', program])
  return JSON.parse(/^RESULT(.*)$/m.exec(stdout)?.[1] ?? 'null')
}

describe('the examples, on the packed package', () => {
  it('type-check in a strict project', () => typeCheck(node, 'node'), 60_000)

  it('Fastify', () => tryNotesServer(node, process.execPath, ['fastify-server.ts']))

  it('Express', () => tryNotesServer(node, process.execPath, ['express-server.ts']))

  it('Socket.IO', () => tryChatServer(node, process.execPath, ['socket-io-server.ts']))

  it('signing in: right and wrong passwords, a lock, a token that is used once', async () => {
    const said = await tryCode(`
      const { signIn, renew, identify } = await import('./sign-in.ts')
      const door = { rule: { onStoreFailure: 'deny' } }
      const who = async (token) => (await identify({ headers: { authorization: 'Bearer ' + token } }, door)).outcome
      const ann = (password, address = '192.0.2.1') => signIn('ann@example.test', password, address)
      const { access, refresh } = await ann('correct horse')
      const renewed = await renew(refresh)
      const unknown = await signIn('bob@example.test', 'correct horse', '192.0.2.2')
      for (let i = 0; i < 5; i++) await ann('guess')
      console.log('RESULT' + JSON.stringify([await who(access), await who(access + 'x'), renewed.outcome, unknown, await ann('correct horse')]))`)
    expect(said).toEqual([
      'identified',
      'invalid',
      'rotated',
      { refused: 'invalid_credentials' },
      { refused: 'locked' },
    ])
  })

  it('webhooks: once, and only as they were signed', async () => {
    const said = await tryCode(`
      process.env.GITHUB_WEBHOOK_SECRET = ${JSON.stringify(webhookSecret)}
      const { createHmac } = await import('node:crypto')
      const { app, processed } = await import('./webhooks.ts')
      const server = app.listen(0)
      const body = '{"action":"opened"}'
      const signature = 'sha256=' + createHmac('sha256', process.env.GITHUB_WEBHOOK_SECRET).update(body).digest('hex')
      const send = async (sender, text) => (await fetch('http://localhost:' + server.address().port + '/webhooks/' + sender, {
        method: 'POST', body: text, headers: { 'x-hub-signature-256': signature, 'x-github-delivery': 'd1', 'x-github-event': 'issues' },
      })).status
      const statuses = [await send('github', body), await send('github', body), await send('github', body + ' '), await send('stripe', body)]
      console.log('RESULT' + JSON.stringify([statuses, processed]))
      server.close()`)
    expect(said).toEqual([[200, 200, 401, 503], ['{"action":"opened"}']])
  })

  it('hints: a pattern in events reaches who asked for it', async () => {
    const said = await tryCode(`
      const { createEvents } = await import('./hints.ts')
      const seen = []
      const events = createEvents(${JSON.stringify(webhookSecret)}, (pattern) => seen.push(pattern))
      for (let i = 0; i < 30; i++) events.emit({ event: 'auth.failed', address: '192.0.2.1' })
      await events.flush(1000)
      await events.flush(1000)
      console.log('RESULT' + JSON.stringify(seen))`)
    expect(said).toEqual(['run-of-401'])
  })

  it.skipIf(!redisAvailable('own'))('several processes: shared limits and memory on Redis', async () => {
    await using redis = await startRedis()
    const said = await tryCode(`
      const { openShared } = await import('./several-processes.ts')
      const { policy } = await import('./notes-guard.ts')
      const { noSecurityEvents } = await import('@levqor/guard')
      const { createMemoryRevocationStore } = await import('@levqor/guard/tokens')
      const shared = await openShared(${JSON.stringify(redis.url)}, policy, noSecurityEvents, createMemoryRevocationStore())
      const exchange = { method: 'GET', url: '/', remoteAddress: '192.0.2.1', encrypted: false, headers: {} }
      const { outcome, limits } = await shared.guard.admit('page', exchange)
      console.log('RESULT' + JSON.stringify([outcome, limits[0].remaining]))
      process.exit()`)
    expect(said).toEqual(['allow', 59])
  })

  it('the command line reads the policy', async () => {
    const guard = (...args: string[]) =>
      run(node, process.execPath, ['node_modules/@levqor/guard/bin/guard.js', ...args])
    const explained = await guard('explain', 'GET', '/api/notes', '--app', 'notes-guard.ts', '--json')
    expect(JSON.parse(explained.stdout)).toMatchObject({ door: 'notes' })
    const nginx = await guard('headers', '--app', 'notes-guard.ts', '--format', 'nginx')
    expect(nginx.stdout).toContain('add_header')
    expect((await guard('secrets', '--json')).stdout).toMatch(/[\w+/=-]{40}/)
    // A server file does as well: it listens only when it is started.
    for (const file of ['fastify-server.ts', 'express-server.ts', 'socket-io-server.ts']) {
      const { stdout } = await guard('explain', 'GET', '/nothing', '--app', file)
      expect(stdout, file).toContain('stranger: 404 not_found')
    }
    const entry = JSON.parse((await guard('doctor', '--explain', 'GUARD-041', '--json')).stdout)
    const [page, anchor] = entry.help.split('#')
    expect(readFileSync(installed(page), 'utf8').toLowerCase()).toContain(`## ${anchor}\n`)
  })

  it('the doctor finds nothing wrong with the examples, waits for their limits and has tried everything', async () => {
    await using server = await startProcess({
      command: process.execPath,
      args: ['fastify-server.ts'],
      cwd: node,
      env: environment({ PORT: '0' }),
      readyWhen: /listening on (\S+)/,
    })
    const url = server.ready?.[1] ?? ''
    const args = [
      'node_modules/@levqor/guard/bin/guard.js',
      'doctor',
      '--app',
      'notes-guard.ts',
      '--url',
      url,
    ]
    const { stdout } = await run(node, process.execPath, [...args, '--json'])
    const report = JSON.parse(stdout)
    expect(report).toMatchObject({ ok: true, complete: true })
    // Notices are the operator's to decide.
    expect(report.findings.filter((it: { severity: string }) => it.severity !== 'notice')).toEqual([])
    expect(report.passed).toEqual(
      expect.arrayContaining(['GUARD-030', 'GUARD-041', 'GUARD-045', 'GUARD-090', 'GUARD-091', 'GUARD-127']),
    )
  }, 150_000)

  it('Next, its types as Next reads them', async () => {
    const next = createProject(workshop, 'next-project', [
      ['notes-guard.ts', 'notes-guard.ts'],
      ['next', '.'],
    ])
    await installByLinks(workshop, next)
    await typeCheck(next, 'bundler')
  }, 60_000)
})
