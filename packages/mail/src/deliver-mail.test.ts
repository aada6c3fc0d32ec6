// The whole way: a caller's transaction, the outbox, the job engine, a real mail server.
import { asSystem } from '@levqor/database/system'
import { createJobStore, createRunner, jobsSchema, platformWorkspaceId } from '@levqor/jobs'
import {
  eachStore,
  manualClock,
  type SmtpOptions,
  seededIds,
  smtpForTests,
  type TestStore,
  until,
} from '@levqor/testing'
import { expect, it, onTestFinished } from 'vitest'
import {
  createMailer,
  createMailTask,
  listMails,
  type Mail,
  mailLimits,
  mailQueue,
  mailSchema,
  mailTaskId,
  openMailTransport,
  purgeMails,
  readMail,
} from './index.ts'

const dayMs = 86_400_000
const secret = '7hG2kQ9vXw4LmN8pR3tY6uZ1'
const ada = 'ada@example.org'

const message: Mail = {
  to: ada,
  template: 'workflow-message',
  props: { subject: 'Hello', text: 'A report.' },
}

async function setup(store: TestStore, smtp?: SmtpOptions) {
  const clock = manualClock()
  const ids = seededIds()
  const database = await store.open([jobsSchema, mailSchema], { clock, ids })
  const server = smtp && (await smtpForTests(smtp))
  const jobs = createJobStore({ database, clock, ids })
  const transport = openMailTransport({ smtpUrl: server?.url, from: 'Levqor <noreply@levqor.example>' })
  const runner = createRunner({
    store: jobs,
    tasks: [createMailTask({ database, transport, clock })],
    queues: [mailQueue],
    pollMs: 20,
    random: () => 0.5,
  })
  const { enqueueMail } = createMailer({ jobs, clock, ids })
  const system = asSystem(database)
  onTestFinished(async () => {
    await runner.stop({ handBackAfterMs: 0 })
    await server?.close()
  })
  const signIn: Mail = {
    to: ada,
    template: 'magic-link',
    props: { url: `https://levqor.example/in#${secret}`, expiresAt: clock.now() + 15 * 60_000 },
  }
  return {
    clock,
    database,
    jobs,
    runner,
    server,
    signIn,
    system,
    accept: (mail: Mail) => system.transaction((tx) => enqueueMail(tx, mail)),
    acceptIn: (workspaceId: string, mail: Mail) =>
      database.workspace(workspaceId).transaction((tx) => enqueueMail(tx, mail)),
    enqueueMail,
    read: (mailId: string) => readMail(system.read, mailId),
    /** Waits until the job has left the worker's hands for the nth time. */
    settled: (jobId: string, attempts = 1) =>
      until(
        async () =>
          (await jobs.attempts({ jobId })).filter(({ endedAt }) => endedAt !== undefined).length >= attempts,
        { what: `attempt ${attempts} to end` },
      ),
  }
}

eachStore((store) => {
  it('leaves neither mail nor job when the caller rolls back', async () => {
    const { system, jobs, enqueueMail, signIn } = await setup(store)
    const change = system.transaction(async (tx) => {
      await enqueueMail(tx, signIn)
      throw new Error('changed my mind')
    })
    await expect(change).rejects.toThrow('changed my mind')
    expect((await listMails(system.read, { limit: 10 })).mails).toEqual([])
    expect((await jobs.list({ limit: 10 })).jobs).toEqual([])
  })

  it('delivers once to a real server, and then keeps a trace without the body', async () => {
    const { accept, read, runner, server, settled, jobs, signIn } = await setup(store, {})
    const { mailId, jobId, replayed } = await accept({ ...signIn, requestId: 'req-7' })
    expect(replayed).toBe(false)
    await runner.start()
    await settled(jobId)
    expect(server?.messages).toMatchObject([
      { to: [ada], parsed: { messageId: `<${mailId}@levqor.example>`, subject: 'Sign in to Levqor' } },
    ])
    expect(server?.messages[0]?.parsed.text).toContain(secret)
    expect(await jobs.get({ jobId })).toMatchObject({
      state: 'succeeded',
      result: { delivery: 'sent' },
      requestId: 'req-7',
      workspaceId: platformWorkspaceId,
    })
    expect(await read(mailId)).toMatchObject({ state: 'sent', to: ada, jobId, body: undefined })
  })

  it('holds the secret of a waiting mail in the outbox alone, and nowhere once it is sent', async () => {
    const { accept, runner, settled, signIn, system, database } = await setup(store, {})
    const { jobId } = await accept(signIn)
    const holders = async () => {
      const found: string[] = []
      for (const table of Object.keys(database.dataMap)) {
        const rows = await system.read.query(`SELECT * FROM ${table}`)
        if (JSON.stringify(rows).includes(secret)) found.push(table)
      }
      return found
    }
    expect(await holders()).toEqual(['mail_outbox'])
    await runner.start()
    await settled(jobId)
    expect(await holders()).toEqual([])
  })

  it('lets a mail be read where no server is set, and only there', async () => {
    const kept = await setup(store)
    const { mailId, jobId } = await kept.accept(kept.signIn)
    await kept.runner.start()
    await kept.settled(jobId)
    expect(await kept.read(mailId)).toMatchObject({
      state: 'kept',
      body: { text: expect.stringContaining(secret), html: expect.stringContaining(secret) },
    })

    const waiting = await setup(store, {})
    const { mailId: unsent } = await waiting.accept(waiting.signIn)
    expect(await waiting.read(unsent)).toMatchObject({ state: 'waiting', body: undefined })
    expect(JSON.stringify(await listMails(waiting.system.read, { limit: 10 }))).not.toContain(secret)
  })

  it('tries again after a passing refusal, under the same Message-ID', async () => {
    const seen: (string | undefined)[] = []
    const { accept, clock, read, runner, server, settled, jobs } = await setup(store, {
      refuse: ({ parsed }, attempt) => {
        seen.push(parsed.messageId)
        return attempt === 1 ? { code: 451, message: `4.7.1 Greylisted ${ada}` } : undefined
      },
    })
    const { mailId, jobId } = await accept(message)
    await runner.start()
    await settled(jobId)
    expect(await jobs.get({ jobId })).toMatchObject({
      state: 'scheduled',
      failures: 1,
      runAt: clock.now() + 5_000,
    })
    expect(await read(mailId)).toMatchObject({
      state: 'waiting',
      lastError: 'The mail server put the message off: 451 4.7.1 Greylisted […@example.org]',
    })
    clock.advance(5_000)
    runner.wake()
    await settled(jobId, 2)
    expect(server?.messages).toHaveLength(1)
    expect(seen).toEqual([`<${mailId}@levqor.example>`, `<${mailId}@levqor.example>`])
    expect(await read(mailId)).toMatchObject({ state: 'sent', lastError: undefined })
  })

  it('gives up at once when the server refuses for good, and can be redriven', async () => {
    let mended = false
    const { accept, read, runner, server, settled, jobs, system } = await setup(store, {
      refuseRecipient: () => (mended ? undefined : { code: 550, message: '5.1.1 Unknown user' }),
    })
    const { mailId, jobId } = await accept(message)
    await runner.start()
    await settled(jobId)
    expect(await jobs.get({ jobId })).toMatchObject({
      state: 'dead',
      error: { code: 'mail_refused', message: 'The mail server refused the message: 550 5.1.1 Unknown user' },
    })
    expect(await read(mailId)).toMatchObject({ state: 'waiting', lastError: expect.stringContaining('550') })
    mended = true
    await system.transaction((tx) => jobs.redrive(tx, { workspaceId: platformWorkspaceId, jobId }))
    await settled(jobId, 2)
    expect(server?.messages).toHaveLength(1)
    expect(await read(mailId)).toMatchObject({ state: 'sent' })
  })

  it('never sends again what is marked as sent', async () => {
    const { accept, runner, server, settled, jobs, system } = await setup(store, {})
    const { mailId, jobId } = await accept(message)
    await runner.start()
    await settled(jobId)
    const again = await system.transaction((tx) =>
      jobs.enqueue(tx, {
        workspaceId: platformWorkspaceId,
        kind: mailTaskId,
        queue: mailQueue,
        payload: { mailId },
      }),
    )
    await settled(again.jobId)
    expect(await jobs.get({ jobId: again.jobId })).toMatchObject({
      state: 'succeeded',
      result: { delivery: 'sent' },
    })
    expect(server?.messages).toHaveLength(1)
  })

  it('sends no link that has expired', async () => {
    const { accept, clock, runner, server, settled, jobs, signIn } = await setup(store, {})
    const late = await accept(signIn)
    clock.advance(15 * 60_000 - 1)
    const inTime = await accept({ ...signIn, to: 'eve@example.org' })
    await runner.start()
    await settled(late.jobId)
    await settled(inTime.jobId)
    expect(server?.messages).toHaveLength(2)

    const tooLate = await accept({
      ...signIn,
      props: { url: 'https://levqor.example/in', expiresAt: clock.now() },
    })
    await settled(tooLate.jobId)
    expect(await jobs.get({ jobId: tooLate.jobId })).toMatchObject({
      state: 'dead',
      error: { code: 'mail_expired' },
    })
    expect(server?.messages).toHaveLength(2)
  })

  it('removes a mail when its time is over and not a millisecond sooner', async () => {
    const { accept, clock, read, system, signIn } = await setup(store)
    const week = await accept(message)
    const quarter = await accept(signIn)
    const purge = () => system.transaction((tx) => purgeMails(tx, clock.now()))
    clock.advance(15 * 60_000 - 1)
    expect(await purge()).toBe(0)
    clock.advance(1)
    expect(await purge()).toBe(1)
    expect(await read(quarter.mailId)).toBeUndefined()
    clock.advance(7 * dayMs - 15 * 60_000 - 1)
    expect(await purge()).toBe(0)
    clock.advance(1)
    expect(await purge()).toBe(1)
    expect(await read(week.mailId)).toBeUndefined()
  })

  it('accepts one mail per dedupe key and workspace, also when two arrive at once', async () => {
    const { acceptIn, accept, jobs } = await setup(store)
    const keyed: Mail = { ...message, dedupeKey: 'job-1/report' }
    const accepted = await Promise.all([acceptIn('w1', keyed), acceptIn('w1', keyed), acceptIn('w1', keyed)])
    expect(new Set(accepted.map(({ mailId }) => mailId)).size).toBe(1)
    expect(new Set(accepted.map(({ jobId }) => jobId)).size).toBe(1)
    expect(accepted.filter(({ replayed }) => !replayed)).toHaveLength(1)
    expect((await acceptIn('w2', keyed)).replayed).toBe(false)
    expect((await accept(keyed)).replayed).toBe(false)
    expect((await jobs.list({ limit: 10 })).jobs).toHaveLength(3)
  })

  it('shows a workspace its own mail only', async () => {
    const { acceptIn, accept, database, system, signIn } = await setup(store)
    const own = await acceptIn('w1', message)
    const foreign = await acceptIn('w2', message)
    const platform = await accept(signIn)
    const { read } = database.workspace('w1')
    expect((await listMails(read, { limit: 10 })).mails.map(({ id }) => id)).toEqual([own.mailId])
    expect(await readMail(read, own.mailId)).toMatchObject({ workspaceId: 'w1' })
    expect(await readMail(read, foreign.mailId)).toBeUndefined()
    expect(await readMail(read, platform.mailId)).toBeUndefined()
    const purged = await database.workspace('w1').transaction((tx) => purgeMails(tx, Number.MAX_SAFE_INTEGER))
    expect(purged).toBe(1)
    expect((await listMails(system.read, { limit: 10 })).mails).toHaveLength(2)
  })

  it('lists newest first, page by page', async () => {
    const { accept, system } = await setup(store)
    const made: string[] = []
    for (const _ of Array(5)) made.unshift((await accept(message)).mailId)
    const first = await listMails(system.read, { limit: 3 })
    expect(first.mails.map(({ id }) => id)).toEqual(made.slice(0, 3))
    const cursor = first.nextCursor ?? ''
    const second = await listMails(system.read, { limit: 2, cursor })
    expect(second.mails.map(({ id }) => id)).toEqual(made.slice(3))
    expect(second.nextCursor).toBeUndefined()
    await expect(listMails(system.read, { cursor: 'garbage' })).rejects.toMatchObject({ code: 'bad_cursor' })
    expect((await listMails(system.read, { limit: 0 })).mails).toHaveLength(1)
    expect((await listMails(system.read, { limit: 1_000 })).mails).toHaveLength(5)
  })

  it('refuses what cannot be sent before anything is written', async () => {
    const { accept, acceptIn, system, jobs } = await setup(store)
    const text = (length: number) => 'k'.repeat(length)
    const wrong: Partial<Mail>[] = [
      { to: `${ada}\r\nBcc: eve@example.org` },
      { to: `${ada}, eve@example.org` },
      { requestId: 'a\r\nBcc: eve@example.org' },
      { requestId: '' },
      { requestId: text(129) },
      { dedupeKey: '' },
      { dedupeKey: text(mailLimits.dedupeKeyLength + 1) },
    ]
    for (const part of wrong) {
      // A partial of a union loses the tie between template and props, which none of these touch.
      await expect(accept({ ...message, ...part } as Mail)).rejects.toMatchObject({ code: 'mail_invalid' })
    }
    await expect(acceptIn('w1', { ...message, workspaceId: 'w2' })).rejects.toMatchObject({
      code: 'workspace_mismatch',
    })
    expect((await listMails(system.read, { limit: 10 })).mails).toEqual([])
    expect((await jobs.list({ limit: 10 })).jobs).toEqual([])
    await accept({ ...message, requestId: text(128), dedupeKey: text(mailLimits.dedupeKeyLength) })
  })
})
