// Every mail that identity sends, as its reader gets it. The kinds are counted against the subjects in the source: a mail that
// nobody causes here fails the test.
import { globSync, readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { axeViolations, eachStore, launchBrowser, type ReceivedMail } from '@levqor/testing'
import { afterEach, expect, it } from 'vitest'
import { identityPolicy } from './identity-policy.ts'
import { testInstallation } from './test-installation.ts'
import { everyMail, linksOf, trickyName } from './test-mails.ts'
import { testPeople } from './workspaces/test-people.ts'

interface Kind {
  /** Path of the one page that it leads to, and whether the address holds a secret. */
  readonly link?: string
  readonly token?: boolean
  readonly code?: boolean
}

/** What is due in which mail; nothing else may be there. */
const kinds: Readonly<Record<string, Kind>> = {
  register: { link: '/verify', token: true },
  'register again': { link: '/sign-in' },
  'forgot password': { link: '/reset-password', token: true },
  'password reset': {},
  'password changed': {},
  'session copied': { link: '/account' },
  'sign-in link': { link: '/sign-in/link', token: true, code: true },
  'sign-in link by code': { link: '/sign-in/link', token: true, code: true },
  'second factor on': {},
  'recovery code used': {},
  'new recovery codes': {},
  'second factor off': {},
  'proof code': { code: true },
  'passkey added': {},
  'passkey refused': {},
  'passkey removed': {},
  'provider linked': {},
  'provider removed': {},
  'role changed': {},
  'owner now': {},
  removed: {},
  invitation: { link: '/invitation', token: true },
  'key reported': {},
  'leave the old address': { link: '/confirm-email', token: true },
  'confirm the new address': { link: '/confirm-email', token: true },
  'address changed, to the old one': {},
  'address changed, to the new one': {},
  'leave again': { link: '/confirm-email', token: true },
  'the new address is taken': { link: '/sign-in' },
  'operator looks': { link: '/account' },
  'deletion asked for': { link: '/account' },
  'deletion undone': {},
  'deletion asked for again': { link: '/account' },
  'deletion refused': {},
}

/** Every literal that stands where a subject is chosen, as a pattern: what is put in may be anything. */
function subjectsInSource(): Map<string, RegExp> {
  const found = new Map<string, RegExp>()
  for (const file of globSync('**/*.ts', { cwd: import.meta.dirname })) {
    if (/(^|\/)test-|\.test\.ts$|\.evidence\.ts$/.test(file)) continue
    const source = readFileSync(`${import.meta.dirname}/${file}`, 'utf8')
    for (const [, chosen = ''] of source.matchAll(
      /\bsubject(?::| =)\s([\s\S]*?)(?:,?\n\s*(?:paragraphs|label|const )|,\n)/g,
    )) {
      for (const [literal] of chosen.matchAll(/`[A-Z$][^`]*`|'[A-Z][^'\n]*'/g)) {
        const text = literal.slice(1, -1)
        const pattern = text
          .split(/\$\{[^}]*\}/)
          .map((part) => part.replace(/[.*+?^$()|[\]\\{}]/g, '\\$&'))
          .join('.+')
        found.set(`${relative('.', file)}: ${text}`, new RegExp(`^${pattern}$`))
      }
    }
  }
  return found
}

const entities: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
}
const plain = (html: string) =>
  html
    .replace(/<br\s*\/?>/g, ' ')
    .replace(/<[^>]+>/g, '')
    .replace(/&(amp|lt|gt|quot|#39);/g, (entity) => entities[entity] ?? entity)
    .replace(/\s+/g, ' ')
    .trim()

/** The blocks of the HTML part, as they are read. */
function blocksOf(html: string): string[] {
  const body = html.slice(html.indexOf('<main>'), html.indexOf('</main>'))
  return [...body.matchAll(/<(h1|p)\b[^>]*>([\s\S]*?)<\/\1>/g)].map(([, , inner = '']) => plain(inner))
}

eachStore((store) => {
  let stop = async () => {}
  afterEach(() => stop())

  async function setup() {
    const all = await everyMail(store)
    stop = all.stop
    return all
  }

  it('every subject in the source is sent, each kind once and to one mailbox', async () => {
    const { mails, received } = await setup()
    expect([...mails.keys()].sort()).toEqual(Object.keys(kinds).sort())
    const subjects = [...mails.values()].map(({ parsed }) => parsed.subject ?? '')
    const source = subjectsInSource()
    expect(source.size).toBeGreaterThan(20)
    const unsent = [...source].filter(([, pattern]) => !subjects.some((subject) => pattern.test(subject)))
    expect(unsent.map(([where]) => where)).toEqual([])
    const patterns = [...source.values(), new RegExp(`^Sign in to ${identityPolicy.productName}$`)]
    expect(subjects.filter((subject) => !patterns.some((pattern) => pattern.test(subject)))).toEqual([])
    // Nothing came that is in no table.
    expect(received).toHaveLength(mails.size)
    for (const [kind, mail] of mails) expectEnvelope(kind, mail)
  }, 60_000)

  it('both parts say the same; links, codes and secrets are where they are due and nowhere else', async () => {
    const { mails, installation } = await setup()
    for (const [kind, { parsed }] of mails) {
      const due = kinds[kind] ?? {}
      const text = parsed.text ?? ''
      const html = parsed.html ?? ''
      const blocks = blocksOf(html)
      const read = blocks.join('\n')
      expect(blocks[0], kind).toBe(parsed.subject)
      const paragraphs = text
        .trim()
        .split(/\n{2,}/)
        .map((part) => part.replace(/\s+/g, ' ').trim())
      for (const part of paragraphs) {
        // The subject with a colon, and what stands before an address that is a button in the other part.
        const words = part.replace(/:$/, '').replace(/: https?:\/\/\S+$/, '')
        expect(read, `${kind}: only in the text`).toContain(words)
      }
      const written = text.replace(/\s+/g, ' ')
      for (const block of blocks) {
        const words = block.replace(/^If the button does nothing, copy this address into the browser: ?/, '')
        const isButton =
          html.includes(`class="button" href=`) &&
          new RegExp(`<a class="button"[^>]*>${escapeForHtml(words)}</a>`).test(html)
        expect(isButton || written.includes(words), `${kind}: only in the HTML: ${words}`).toBe(true)
      }
      const links = linksOf({ parsed } as ReceivedMail)
      const hrefs = [...html.matchAll(/href="([^"]*)"/g)].map(([, href = '']) => plain(href))
      for (const href of hrefs) expect(text, kind).toContain(href)
      expect(
        [...new Set(links.map(({ origin, pathname }) => origin + pathname.replace(/,$/, '')))],
        kind,
      ).toEqual(due.link === undefined ? [] : [`http://levqor.test${due.link}`])
      expect(/#token=[\w-]{43}/.test(text), `${kind}: token`).toBe(due.token ?? false)
      expect(/(?<!\d)\d{6}(?!\d)/.test(text), `${kind}: code`).toBe(due.code ?? false)
      const withoutLinks = (text + read).replace(/https?:\/\/\S+/g, '')
      expect(withoutLinks, kind).not.toMatch(/[\w-]{40,}|lvk_\w{20,}|correct horse/)
      // Neither a picture nor a script, and nothing fetched.
      expect(html, kind).not.toMatch(
        /<(img|script|iframe|object|embed|form|input|link|base|svg|video|audio)\b/i,
      )
      const tags = [...html.matchAll(/<[a-z][^>]*>/gi)].join('')
      expect(tags + html.slice(html.indexOf('<style>'), html.indexOf('</style>')), kind).not.toMatch(
        /\son\w+=|javascript:|url\(|@import|style=/i,
      )
      for (const [time] of text.matchAll(/\d{1,2}:\d{2}(?: [A-Z]+)?/g)) expect(time, kind).toMatch(/ UTC$/)
      if (due.token || due.code) expect(text, kind).toMatch(/\d{4} at \d{2}:\d{2} UTC/)
    }
    expect(installation.logLines.filter((line) => /#token=|correct horse/.test(line))).toEqual([])
  }, 60_000)

  it('a name of several lines, or one that reads backwards, is refused wherever a name is given', async () => {
    const installation = await testInstallation(store)
    stop = () => installation.stop()
    const { rows, firstRun, call } = installation
    const { owner, ws } = await testPeople(installation)
    const key = { key: firstRun.api_key }
    const before = (await rows('SELECT mail_id FROM mail_outbox')).length
    for (const name of [
      'Ada\r\nBcc: eve@example.com',
      'Ada\nClick here',
      'Ada\u2028x',
      'Ada \u202egpj',
      'Ada\u0007',
      'Ada\u0085x',
    ]) {
      const answers = [
        await owner.call('PATCH', '/api/auth/me', { name }),
        await owner.call('PATCH', `/api/v1/workspaces/${ws}`, { name }),
        await owner.call('POST', '/api/v1/workspaces', { name }),
        await owner.call('POST', '/api/v1/api-keys', { name }),
        await owner.call('PATCH', `/api/auth/sessions/ses_${'0'.repeat(32)}`, { name }),
        await owner.call('PATCH', `/api/auth/passkeys/psk_${'0'.repeat(32)}`, { name }),
        await call('POST', '/api/v1/users/upsert', { ...key, body: { email: 'new@example.com', name } }),
        await call('POST', '/api/auth/register', {
          body: { email: 'new@example.com', password: 'a long enough password', name },
        }),
      ]
      for (const { status, body } of answers)
        expect([status, body.code], JSON.stringify(name)).toEqual([400, 'validation_failed'])
    }
    expect(await rows('SELECT mail_id FROM mail_outbox')).toHaveLength(before)
  }, 60_000)

  it.runIf(store.name === 'sqlite')(
    'each is read well in a browser: on a phone, in light and in dark, without a violation',
    async () => {
      const { mails } = await setup()
      const browser = await launchBrowser()
      try {
        for (const colorScheme of ['light', 'dark'] as const) {
          const context = await browser.newContext({ colorScheme, viewport: { width: 390, height: 844 } })
          const page = await context.newPage()
          const fetched: string[] = []
          page.on('request', (request) => fetched.push(request.url()))
          for (const [kind, { parsed }] of mails) {
            await page.setContent(parsed.html ?? '')
            const [scroll = 0, width = 0] = await page.evaluate<number[]>(
              '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
            )
            expect(scroll, `${kind}, ${colorScheme}`).toBeLessThanOrEqual(width)
            expect(await axeViolations(page), `${kind}, ${colorScheme}`).toEqual([])
            if (process.env.MAIL_PICTURES) {
              await page.screenshot({
                path: `${process.env.MAIL_PICTURES}/${kind.replace(/\W+/g, '-')}-${colorScheme}.png`,
                fullPage: true,
              })
            }
          }
          expect(fetched.filter((url) => /^https?:/.test(url))).toEqual([])
          await context.close()
        }
      } finally {
        await browser.close()
      }
    },
    240_000,
  )
})

function expectEnvelope(kind: string, { from, to, parsed, raw }: ReceivedMail): void {
  expect([from, parsed.from?.address, parsed.from?.name], kind).toEqual([
    'noreply@levqor.example',
    'noreply@levqor.example',
    'Levqor',
  ])
  expect(parsed.to, kind).toHaveLength(1)
  expect(to, kind).toEqual([parsed.to?.[0]?.address])
  const headers = parsed.headers.map(({ key }) => key)
  for (const name of ['bcc', 'cc', 'reply-to']) expect(headers, kind).not.toContain(name)
  expect(new Set(headers).size, `${kind}: a header twice`).toBe(headers.length)
  expect(headers, kind).toEqual(
    expect.arrayContaining(['auto-submitted', 'message-id', 'date', 'mime-version']),
  )
  expect(raw, kind).toMatch(/multipart\/alternative/)
  expect(parsed.attachments, kind).toEqual([])
  if (parsed.subject?.includes('Eve')) expect(parsed.subject, kind).toContain(trickyName)
}

function escapeForHtml(text: string): string {
  return text.replace(/[.*+?^$()|[\]\\{}]/g, '\\$&')
}
