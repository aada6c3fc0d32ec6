// What the Socket.IO example does, met as a browser meets it.
import { startProcess, until } from '@levqor/testing'
import { io } from 'socket.io-client'
import { expect } from 'vitest'
import { openChat, say } from '../examples/socket-io-client.ts'
import { environment } from './packed-project.ts'

/** Starts the program: strangers stay out, messages pass and are limited, a session's end cuts its socket. */
export async function tryChatServer(folder: string, command: string, args: readonly string[]): Promise<void> {
  await using server = await startProcess({
    command,
    args,
    cwd: folder,
    env: environment({ PORT: '0' }),
    readyWhen: /listening on (\S+)/,
  })
  const url = server.ready?.[1] ?? ''
  const open = (origin: string, session: string) =>
    io(url, { forceNew: true, reconnection: false, extraHeaders: { origin, cookie: `session=${session}` } })
  const refused = (origin: string, session: string) =>
    new Promise((resolve) => {
      const socket = open(origin, session)
      socket.once('connect_error', (error) => resolve('data' in error ? error.data : 'no connection'))
      socket.once('connect', () => resolve('connected'))
    })
  expect(await refused('http://localhost:3000', 'other')).toMatchObject({ code: 'credential_invalid' })
  expect(await refused('https://evil.example', 'demo-session')).toBe('no connection')

  const client = openChat(url, 'demo-session')
  expect(await say(client, 'no:such-event', 'x')).toBe('event_unknown')
  expect(await say(client, 'room:message', 'hi')).toBe('sent')
  client.close()
  await until(() => server.output().includes('socket.refused'), { what: 'the refusal as an event' })

  const socket = open('http://localhost:3000', 'demo-session')
  const heard: unknown[] = []
  const told: unknown[] = []
  socket.on('room:message', (message) => heard.push(message))
  socket.on('error', ({ code, retry_after }) => told.push([code, retry_after]))
  for (let i = 0; i < 10; i++) socket.emit('room:message', 'hello')
  await until(() => heard.length === 9 && told.length === 1, {
    what: 'the rest of ten messages and a refusal',
  })
  expect([heard[0], told]).toEqual([{ from: 'ann', text: 'hello' }, [['rate_limited', 10]]])

  const ended = new Promise((resolve) => socket.once('disconnect', resolve))
  socket.emit('sign:out')
  expect([await ended, told.at(-1)]).toEqual(['io server disconnect', ['session_ended', undefined]])
}
