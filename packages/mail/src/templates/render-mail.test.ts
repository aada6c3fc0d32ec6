import { expect, it } from 'vitest'
import { mailLimits } from './mail-limits.ts'
import { type MailContent, renderMail } from './render-mail.ts'
import type { TableCell } from './text-table.ts'
import type { WorkflowMessageProps } from './workflow-message.ts'

const invalid = (field: string) =>
  expect.objectContaining({ code: 'mail_invalid', details: expect.objectContaining({ field }) })

const message = (props: Partial<WorkflowMessageProps>): MailContent => ({
  template: 'workflow-message',
  props: { subject: 'Hello', text: 'Body', ...props },
})
const link = (url: string): MailContent => ({
  template: 'magic-link',
  props: { url, expiresAt: Date.UTC(2026, 0, 5, 12, 15) },
})
const table = (columns: number, rows: number, cell: TableCell = 'x') => ({
  columns: Array.from({ length: columns }, (_, i) => `c${i}`),
  rows: Array.from({ length: rows }, () => Array.from({ length: columns }, () => cell)),
})

it('writes a sign-in mail with the link in both parts and its end in words', () => {
  const { subject, text, html, expiresAt, priority } = renderMail(
    link('https://levqor.example/in?a=1&t=s3cret'),
  )
  expect(subject).toBe('Sign in to Levqor')
  expect(text).toContain('\nhttps://levqor.example/in?a=1&t=s3cret\n')
  expect(text).toContain('5 January 2026 at 12:15 UTC')
  expect(html.match(/href="https:\/\/levqor\.example\/in\?a=1&amp;t=s3cret"/g)).toHaveLength(2)
  expect(expiresAt).toBe(Date.UTC(2026, 0, 5, 12, 15))
  expect(priority).toBe('high')
})

it.each(['javascript:alert(1)', '/relative', 'data:text/html,x', 'https//typo', ''])(
  'refuses to write the link %j',
  (url) => {
    expect(() => renderMail(link(url))).toThrow(invalid('url'))
  },
)

it('writes what an account has to say, with one button or none', () => {
  const props = {
    subject: 'Confirm your address',
    paragraphs: ['Somebody <you?> made an account.', 'Please confirm.'],
    warning: 'If it was not you, ignore this mail.',
  }
  const action = { label: 'Confirm', url: 'https://levqor.example/v?a=1&b', expiresAt: Date.UTC(2026, 0, 5) }
  const asked = renderMail({ template: 'account-message', props: { ...props, action } })
  expect(asked.html).toContain('<a class="button" href="https://levqor.example/v?a=1&amp;b">Confirm</a>')
  expect(asked.html).toContain('Somebody &lt;you?&gt; made an account.')
  expect(asked.text).toBe(
    'Confirm your address:\n\nSomebody <you?> made an account.\n\nPlease confirm.\n\nhttps://levqor.example/v?a=1&b\n\n' +
      'The link works once, until 5 January 2026 at 00:00 UTC.\n\nIf it was not you, ignore this mail.\n',
  )
  expect([asked.expiresAt, asked.priority]).toEqual([Date.UTC(2026, 0, 5), 'high'])
  const told = renderMail({ template: 'account-message', props })
  expect(told.html).not.toContain('<a ')
  expect(told.expiresAt).toBeUndefined()
  for (const url of ['javascript:alert(1)', '/relative']) {
    const broken = { ...props, action: { ...action, url } }
    expect(() => renderMail({ template: 'account-message', props: broken })).toThrow(invalid('url'))
  }
  const long = { ...props, paragraphs: ['x'.repeat(mailLimits.textLength), 'x'] }
  expect(() => renderMail({ template: 'account-message', props: long })).toThrow(invalid('paragraphs'))
})

it('shows a code to type in, in both parts, and keeps the mail no longer than the code', () => {
  const expiresAt = Date.UTC(2026, 0, 5)
  const props = { subject: 'Your code', paragraphs: ['Type it in.'], warning: 'Tell nobody.' }
  const mail = renderMail({
    template: 'account-message',
    props: { ...props, code: { text: '012345', expiresAt } },
  })
  expect(mail.text).toBe(
    'Your code:\n\nType it in.\n\n012345\n\nThe code works once, until 5 January 2026 at 00:00 UTC.\n\nTell nobody.\n',
  )
  expect(mail.html).toContain('<b class="code">012345</b>')
  expect(mail.expiresAt).toBe(expiresAt)
})

it('escapes everything a workflow writes', () => {
  const evil = `<img src=x onerror=alert(1)>&"'</style></title>`
  const { html } = renderMail(
    message({ subject: evil, text: evil, workflow: evil, table: { columns: [evil], rows: [[evil]] } }),
  )
  expect(html).not.toContain('<img')
  expect(html.match(/&lt;img src=x onerror=alert\(1\)&gt;&amp;&quot;&#39;&lt;\/style&gt;/g)).toHaveLength(5)
  expect(html.match(/<\/(style|title)>/g)).toEqual(['</title>', '</style>'])
})

it('keeps paragraphs, lines and an aligned table in both parts', () => {
  const { text, html } = renderMail(
    message({
      text: 'First\r\nline two\n\n\nSecond',
      workflow: 'csv-report',
      table: {
        columns: ['city', 'sum', 'note'],
        rows: [
          ['Łódź 🏭', 1200.5, null],
          ['Rome', 7, true],
        ],
      },
    }),
  )
  expect(text).toBe(
    [
      'First\nline two\n\n\nSecond\n',
      'city       sum  note',
      '------  ------  ----',
      'Łódź 🏭  1200.5',
      'Rome         7  true\n',
      '-- \nSent by the workflow csv-report.\n',
    ].join('\n'),
  )
  expect(html).toContain('<p>First<br>line two</p>\n<p>Second</p>')
  expect(html).toContain('<th scope="col" class="number">sum</th>')
  expect(html).toContain('<td>Rome</td><td class="number">7</td><td>true</td>')
})

it.each(['Hi\r\nBcc: eve@example.org', 'Hi\nthere', 'Hi\u0000', 'Hi\u0085there', 'Hi\u2028there'])(
  'refuses the subject %j',
  (subject) => {
    expect(() => renderMail(message({ subject }))).toThrow(invalid('subject'))
  },
)

it('drops control characters and half characters from bodies', () => {
  const { text } = renderMail(message({ text: 'a\u0000b\u0007c\ud800d\te' }))
  expect(text).toBe('abc\ufffdd\te\n')
})

it('loads nothing from anywhere and carries no style attribute and no script', () => {
  for (const content of [link('https://levqor.example/in'), message({ table: table(2, 2) })]) {
    expect(renderMail(content).html).not.toMatch(/\ssrc=|url\(|@import|<link|<script|style=/i)
  }
})

it('accepts everything at its limit and nothing past it', () => {
  const { subjectLength, textLength, tableColumns, tableRows, cellLength } = mailLimits
  const x = (count: number) => 'x'.repeat(count)
  expect(renderMail(message({ subject: x(subjectLength) })).subject).toHaveLength(subjectLength)
  expect(() => renderMail(message({ subject: x(subjectLength + 1) }))).toThrow(invalid('subject'))
  expect(() => renderMail(message({ subject: ' ' }))).toThrow(invalid('subject'))
  expect(renderMail(message({ text: x(textLength) })).text).toHaveLength(textLength + 1)
  expect(() => renderMail(message({ text: x(textLength + 1) }))).toThrow(invalid('text'))
  renderMail(message({ table: table(tableColumns, 1) }))
  expect(() => renderMail(message({ table: table(tableColumns + 1, 1) }))).toThrow(invalid('table'))
  expect(() => renderMail(message({ table: table(0, 0) }))).toThrow(invalid('table'))
  renderMail(message({ table: table(1, tableRows) }))
  expect(() => renderMail(message({ table: table(1, tableRows + 1) }))).toThrow(invalid('table'))
  renderMail(message({ table: table(1, 1, x(cellLength)) }))
  expect(() => renderMail(message({ table: table(1, 1, x(cellLength + 1)) }))).toThrow(invalid('table'))
  expect(() => renderMail(message({ table: { columns: ['a', 'b'], rows: [['only one']] } }))).toThrow(
    invalid('table'),
  )
})

it('refuses a mail whose parts together are too large', () => {
  const size = ({ text, html }: { text: string; html: string }) =>
    Buffer.byteLength(text) + Buffer.byteLength(html)
  const rows = (count: number) => message({ table: table(1, count, 'x'.repeat(1_000)) })
  const one = size(renderMail(rows(1)))
  const each = size(renderMail(rows(2))) - one
  const most = Math.floor((mailLimits.bodyBytes - one) / each) + 1
  expect(size(renderMail(rows(most)))).toBeLessThanOrEqual(mailLimits.bodyBytes)
  expect(() => renderMail(rows(most + 1))).toThrow(invalid('body'))
})
