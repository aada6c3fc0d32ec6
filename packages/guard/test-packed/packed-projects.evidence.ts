// The whole way of a stranger: `npm install` of the tarball into a plain Node project, an Express project and a Next
// project, strict type check, and the README's examples running, Next as a production build.

import { get } from 'node:http'
import { startProcess } from '@levqor/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  createProject,
  environment,
  installFromRegistry,
  openWorkshop,
  run,
  typeCheck,
  type Workshop,
} from './packed-project.ts'
import { tryChatServer } from './try-chat-server.ts'
import { tryNotesServer } from './try-notes-server.ts'

let workshop: Workshop
beforeAll(async () => {
  workshop = await openWorkshop()
}, 60_000)
afterAll(() => workshop.close())

const tools = ['typescript', '@types/node@24']

describe('installed from the packed tarball', () => {
  it('a plain Node project: nothing else comes along', async () => {
    const folder = createProject(workshop, 'plain', [['outgoing.ts', 'outgoing.ts']])
    await installFromRegistry(workshop, folder, tools)
    await typeCheck(folder, 'node')
    const { stdout } = await run(folder, 'npm', ['ls', '@levqor/guard', '--all', '--json'])
    expect(JSON.parse(stdout).dependencies['@levqor/guard']).not.toHaveProperty('dependencies')
    const program = `const { titleOf } = await import('./outgoing.ts')
      console.log(await titleOf('http://169.254.169.254/'))`
    expect((await run(folder, process.execPath, ['--input-type=module', '-e', program])).stdout).toBe(
      'egress_blocked: metadata\n',
    )
  })

  it('a Fastify project', async () => {
    const folder = createProject(workshop, 'fastify', [
      ['notes-guard.ts', 'notes-guard.ts'],
      ['fastify-server.ts', 'fastify-server.ts'],
    ])
    await installFromRegistry(workshop, folder, [...tools, 'fastify@5'])
    await typeCheck(folder, 'node')
    await tryNotesServer(folder, process.execPath, ['fastify-server.ts'])
  })

  it('a Socket.IO project', async () => {
    const folder = createProject(workshop, 'socket-io', [['socket-io-server.ts', 'socket-io-server.ts']])
    await installFromRegistry(workshop, folder, [...tools, 'socket.io@4'])
    await typeCheck(folder, 'node')
    await tryChatServer(folder, process.execPath, ['socket-io-server.ts'])
  })

  it('an Express project', async () => {
    const folder = createProject(workshop, 'express', [
      ['notes-guard.ts', 'notes-guard.ts'],
      ['express-server.ts', 'express-server.ts'],
    ])
    await installFromRegistry(workshop, folder, [...tools, 'express@5', '@types/express@5'])
    await typeCheck(folder, 'node')
    await tryNotesServer(folder, process.execPath, ['express-server.ts'])
  })
})

describe('a Next project, built for production', () => {
  let folder: string
  beforeAll(async () => {
    folder = createProject(workshop, 'next', [
      ['notes-guard.ts', 'notes-guard.ts'],
      ['next', '.'],
    ])
    const packages = ['next@16', 'react@19', 'react-dom@19', '@types/react@19', ...tools]
    await installFromRegistry(workshop, folder, packages)
    await typeCheck(folder, 'bundler')
    await run(folder, process.execPath, ['node_modules/next/dist/bin/next', 'build'])
  }, 300_000)
  const start = ['node_modules/next/dist/bin/next', 'start', '--hostname', '127.0.0.1', '--port', '0']

  it('behaves like the others', () => tryNotesServer(folder, process.execPath, start))

  it('no header and no spelling leads past the guard', async () => {
    await using server = await startProcess({
      command: process.execPath,
      args: start.map((part) => (part === '127.0.0.1' ? '0.0.0.0' : part)),
      cwd: folder,
      env: environment(),
      readyWhen: /Local:\s+(http:\/\/\S+)/,
    })
    const { port } = new URL(server.ready?.[1] ?? '')
    const origin = `http://127.0.0.1:${port}`
    // Names that Next uses within itself (CVE-2025-29927 and its kin).
    for (const name of [
      'x-middleware-subrequest',
      'x-middleware-rewrite',
      'x-middleware-next',
      'x-matched-path',
    ]) {
      for (const value of ['proxy', 'proxy:proxy:proxy:proxy:proxy', 'src/proxy', 'middleware', '1']) {
        const answer = await fetch(`${origin}/`, { headers: { [name]: value } })
        expect(answer.headers.get('content-security-policy'), `${name}: ${value}`).toContain("'nonce-")
      }
    }
    const csp = "script-src 'nonce-evil'"
    const page = await fetch(`${origin}/`, { headers: { 'content-security-policy': csp, 'x-nonce': 'evil' } })
    expect(await page.text()).not.toContain('evil')
    for (const path of [
      '//admin',
      '/%2e/admin',
      '/_next/data/x/admin.json',
      '/ADMIN',
      '/admin.rsc',
      '/index/admin',
    ]) {
      expect([404, 308], path).toContain((await fetch(origin + path, { redirect: 'manual' })).status)
    }
    // One caller with many stories about where it comes from: one count, which runs out.
    const answers = await Promise.all(
      Array.from({ length: 90 }, (_, i) =>
        fetch(`${origin}/`, {
          headers: {
            'x-forwarded-for': `203.0.113.${i}`,
            'x-guard-connection': `https 203.0.113.${i}`,
            'x-real-ip': `203.0.113.${i}`,
            forwarded: `for=203.0.113.${i}`,
          },
        }),
      ),
    )
    expect(answers.some(({ status }) => status === 429)).toBe(true)
    // Another address has a count of its own.
    expect(await statusFrom('127.0.0.2', origin)).toBe(200)
  })
})

function statusFrom(localAddress: string, origin: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    get(origin, { localAddress }, (answer) => {
      answer.resume()
      resolve(answer.statusCode)
    }).on('error', reject)
  })
}
