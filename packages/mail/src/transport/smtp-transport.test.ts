import { createServer } from 'node:net'
import { freePort, type SmtpOptions, smtpForTests } from '@levqor/testing'
import { expect, it, onTestFinished } from 'vitest'
import { openMailTransport } from './open-transport.ts'
import { withoutPrivateParts } from './smtp-failure.ts'

const secretLink = 'https://levqor.example/sign-in#7hG2kQ9vXw4LmN8pR3tY6uZ1'
const mail = {
  id: '019b8a3e-0000-7000-8000-000000000001',
  to: 'ada@example.org',
  subject: 'Grüße 👋',
  text: `Line one\n.\nFrom here\n${'long '.repeat(400)}\n${secretLink}\n`,
  html: `<p>Grüße <a href="${secretLink}">in</a></p>`,
  createdAt: Date.UTC(2026, 0, 5, 12, 0, 0),
  requestId: 'req-1',
}
const signal = new AbortController().signal

async function setup(options: SmtpOptions = {}) {
  const server = await smtpForTests(options)
  onTestFinished(() => server.close())
  const open = (smtpUrl = server.url) =>
    openMailTransport({ smtpUrl, from: 'Levqor <noreply@levqor.example>' })
  return { server, open, send: () => open().send(mail, signal) }
}

it('delivers text and HTML unchanged, with headers a receiver can rely on', async () => {
  const { server, send } = await setup({ login: { user: 'u', password: 'p@ss:/word' } })
  await send()
  const [received] = server.messages
  expect(received).toMatchObject({ from: 'noreply@levqor.example', to: ['ada@example.org'] })
  expect(received?.parsed).toMatchObject({
    messageId: `<${mail.id}@levqor.example>`,
    date: '2026-01-05T12:00:00.000Z',
    from: { name: 'Levqor', address: 'noreply@levqor.example' },
    to: [{ address: 'ada@example.org' }],
    subject: mail.subject,
  })
  // MIME ends each part with a line break of its own.
  expect(received?.parsed.text?.trimEnd()).toBe(mail.text.trimEnd())
  expect(received?.parsed.html?.trimEnd()).toBe(mail.html)
  expect(received?.parsed.attachments).toEqual([])
  const headers = new Map(received?.parsed.headers.map(({ key, value }) => [key, value]))
  expect(headers.get('content-type')).toContain('multipart/alternative')
  expect(headers.get('auto-submitted')).toBe('auto-generated')
  expect(headers.get('x-request-id')).toBe('req-1')
  expect(headers.has('x-mailer')).toBe(false)
})

it('keeps one Message-ID over several tries', async () => {
  const { server, send } = await setup()
  await send()
  await send()
  expect(new Set(server.messages.map(({ parsed }) => parsed.messageId)).size).toBe(1)
})

it.each<[string, SmtpOptions, string]>([
  ['the message for good', { refuse: () => ({ code: 554, message: 'Spam' }) }, 'mail_refused'],
  [
    'the recipient for good',
    { refuseRecipient: () => ({ code: 550, message: '5.1.1 Unknown' }) },
    'mail_refused',
  ],
  ['the message for now', { refuse: () => ({ code: 451, message: 'Later' }) }, 'mail_deferred'],
  ['the recipient for now', { refuseRecipient: () => ({ code: 450, message: 'Grey' }) }, 'mail_deferred'],
  ['everything without a login', { login: { user: 'u', password: 'p' } }, 'mail_server_failed'],
])('says what it means that a server refuses %s', async (_what, options, code) => {
  const { server, open } = await setup(options)
  const withoutLogin = server.url.replace(/\/\/.*@/, '//')
  await expect(open(withoutLogin).send(mail, signal)).rejects.toMatchObject({ code })
  expect(server.messages).toEqual([])
})

it('treats a wrong password as a passing failure of the settings, and tells neither user nor password', async () => {
  const { server, open } = await setup({ login: { user: 'someuser', password: 'right' } })
  const failure = await open(server.url.replace('right', 'wr0ngpass')).send(mail, signal).catch(String)
  expect(failure).toBe('Error: The mail server refused the login of SMTP_URL (535).')
})

it('treats a server that is not there, not SMTP or hangs up as a passing failure', async () => {
  const { open } = await setup()
  const port = await freePort()
  await expect(open(`smtp://127.0.0.1:${port}`).send(mail, signal)).rejects.toMatchObject({
    code: 'mail_server_failed',
    message: expect.stringContaining('ECONNREFUSED'),
  })
  for (const greeting of ['HTTP/1.1 400 Bad Request\r\n\r\n', undefined]) {
    const other = createServer((socket) => void (greeting ? socket.end(greeting) : socket.destroy()))
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void other.close())
    const address = other.address()
    const url = `smtp://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
    await expect(open(url).send(mail, signal)).rejects.toMatchObject({ code: 'mail_server_failed' })
  }
})

it('sends nothing in the clear where TLS is required', async () => {
  const { server, open } = await setup()
  await expect(open(`${server.url}?tls=required`).send(mail, signal)).rejects.toMatchObject({
    code: 'mail_server_failed',
  })
  expect(server.messages).toEqual([])
})

it('stops at once when it is told to', async () => {
  const silent = createServer(() => {})
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void silent.close())
  const { open } = await setup()
  const address = silent.address()
  const controller = new AbortController()
  const url = `smtp://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
  const sending = open(url).send(mail, controller.signal)
  silent.once('connection', () => controller.abort())
  await expect(sending).rejects.toMatchObject({
    code: 'mail_server_failed',
    message: expect.stringContaining('EABORT'),
  })
})

it('repeats neither address nor link nor token from what a server says', async () => {
  const refusal = `Message to <ada@example.org> holds ${secretLink}\tand c2VjcmV0c2VjcmV0c2VjcmV0 - refused`
  const { send } = await setup({ refuse: () => ({ code: 554, message: refusal }) })
  const failure: unknown = await send().catch((error: unknown) => error)
  expect(failure).toMatchObject({
    message:
      'The mail server refused the message: 554 Message to <[…@example.org]> holds [link] and […] - refused',
  })
  expect(JSON.stringify(failure, Object.getOwnPropertyNames(failure))).not.toMatch(/ada@|7hG2k|c2Vj/)
  expect(failure).not.toHaveProperty('cause')
})

it('shortens what a server says to one line of 300 characters', () => {
  expect(withoutPrivateParts(`550-one\r\n550 two${' x'.repeat(400)}`)).toMatch(/^550-one 550 two x.{283}$/)
})
