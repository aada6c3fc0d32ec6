import { createConnection } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { type SmtpOptions, smtpForTests } from './smtp-for-tests.ts'

const mail = [
  'EHLO here',
  'MAIL FROM:<a@example.org>',
  'RCPT TO:<b@example.org>',
  'DATA',
  'Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nHello\r\n.',
  'QUIT',
]

async function setup(options: SmtpOptions = {}) {
  const server = await smtpForTests(options)
  onTestFinished(() => server.close())
  return server
}

/** Speaks the lines one after the other, each after the server's reply to the one before. */
function converse(url: string, lines: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(Number(new URL(url).port), '127.0.0.1')
    const waiting = [...lines]
    let replies = ''
    socket.on('data', (chunk) => {
      replies += chunk
      if (/^\d{3} [^\n]*\n$/m.test(String(chunk))) socket.write(`${waiting.shift() ?? 'QUIT'}\r\n`)
    })
    socket.on('error', reject)
    socket.on('close', () => resolve(replies))
  })
}

it('keeps the envelope and the parsed message of accepted mail', async () => {
  const server = await setup()
  await converse(server.url, mail)
  expect(server.messages).toMatchObject([
    { from: 'a@example.org', to: ['b@example.org'], parsed: { subject: 'Grüße', text: 'Hello\n' } },
  ])
})

it('refuses with the reply it was told, by message and by recipient, and keeps nothing', async () => {
  const busy = await setup({
    refuse: (_mail, attempt) => (attempt === 1 ? { code: 451, message: 'Later' } : undefined),
  })
  expect(await converse(busy.url, mail)).toContain('451 Later')
  expect(busy.messages).toEqual([])
  await converse(busy.url, mail)
  expect(busy.messages.length).toBe(1)

  const strict = await setup({ refuseRecipient: () => ({ code: 550, message: 'No such user' }) })
  expect(await converse(strict.url, mail)).toContain('550 No such user')
})

it('takes no mail from a stranger when it demands a login', async () => {
  const server = await setup({ login: { user: 'u', password: 'p@ss' } })
  expect(server.url).toContain('u:p%40ss@')
  expect(await converse(server.url, mail)).toContain('530')
  expect(server.messages).toEqual([])
})
