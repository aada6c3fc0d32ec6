// A real SMTP server that keeps what it receives.
import type { Email } from 'postal-mime'

export interface ReceivedMail {
  /** Envelope sender and recipients (RFC 5321), which are what is delivered to; headers are in `parsed`. */
  readonly from: string
  readonly to: readonly string[]
  readonly raw: string
  /** Headers, text, HTML and attachments (RFC 5322, MIME). */
  readonly parsed: Email
}

export interface SmtpOptions {
  /** Demands this login (and refuses mail without it). */
  readonly login?: { readonly user: string; readonly password: string }
  /**
   * Refuses a message after its data with this reply; `undefined` accepts it. Refused mail is not kept.
   * `attempt` counts all messages offered to this server from 1.
   */
  readonly refuse?: (
    mail: ReceivedMail,
    attempt: number,
  ) => { readonly code: number; readonly message: string } | undefined
  /** Refuses a recipient at RCPT TO with this reply. */
  readonly refuseRecipient?: (
    address: string,
  ) => { readonly code: number; readonly message: string } | undefined
}

export interface TestSmtp {
  /** `smtp://127.0.0.1:<port>`, with the login when one is demanded. */
  readonly url: string
  readonly messages: readonly ReceivedMail[]
  close(): Promise<void>
}

/** Starts the server on a free loopback port, without TLS. */
export async function smtpForTests(options: SmtpOptions = {}): Promise<TestSmtp> {
  // Loaded on use: most test files never receive mail.
  const [{ SMTPServer }, { default: PostalMime }] = await Promise.all([
    import('smtp-server'),
    import('postal-mime'),
  ])
  const messages: ReceivedMail[] = []
  const { login } = options
  let attempts = 0
  const server = new SMTPServer({
    disabledCommands: login ? ['STARTTLS'] : ['STARTTLS', 'AUTH'],
    authOptional: login === undefined,
    allowInsecureAuth: true,
    disableReverseLookup: true,
    logger: false,
    closeTimeout: 100,
    onAuth(auth, _session, done) {
      const right = auth.username === login?.user && auth.password === login?.password
      done(right ? null : reply({ code: 535, message: 'Authentication failed' }), { user: auth.username })
    },
    onRcptTo(address, _session, done) {
      const refused = options.refuseRecipient?.(address.address)
      done(refused ? reply(refused) : null)
    },
    onData(stream, session, done) {
      const chunks: Uint8Array[] = []
      stream.on('data', (chunk: Uint8Array) => chunks.push(chunk))
      stream.on('end', async () => {
        const raw = Buffer.concat(chunks)
        const sender = session.envelope.mailFrom
        const mail: ReceivedMail = {
          from: sender ? sender.address : '',
          to: session.envelope.rcptTo.map((recipient) => recipient.address),
          raw: raw.toString('utf8'),
          parsed: await PostalMime.parse(raw),
        }
        attempts += 1
        const refused = options.refuse?.(mail, attempts)
        if (refused) return done(reply(refused))
        messages.push(mail)
        done(null)
      })
    },
  })
  // A client that drops its connection is part of the tests, not a reason to end the process.
  server.on('error', () => {})
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve())
  })
  const address = server.server.address()
  if (typeof address !== 'object' || address === null) throw new Error('The SMTP server has no port.')
  const credentials = login ? `${encodeURIComponent(login.user)}:${encodeURIComponent(login.password)}@` : ''
  return {
    url: `smtp://${credentials}127.0.0.1:${address.port}`,
    messages,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

function reply(answer: { code: number; message: string }): Error {
  return Object.assign(new Error(answer.message), { responseCode: answer.code })
}
