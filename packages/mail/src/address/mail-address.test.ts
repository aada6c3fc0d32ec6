import { describe, expect, it } from 'vitest'
import { parseMailAddress, parseMailbox } from './mail-address.ts'

const invalid = expect.objectContaining({ code: 'mail_invalid' })
const a = (count: number) => 'a'.repeat(count)

describe('parseMailAddress', () => {
  it.each([
    ['ada@example.org', 'ada@example.org'],
    ["o'hara+tag/x=1@mail.example.org", "o'hara+tag/x=1@mail.example.org"],
    ['Ada@EXAMPLE.org', 'Ada@EXAMPLE.org'],
    ['admin@localhost', 'admin@localhost'],
    ['ada@bücher.example', 'ada@xn--bcher-kva.example'],
    [`${a(64)}@example.org`, `${a(64)}@example.org`],
    [`x@${a(63)}.${a(63)}.${a(63)}.${a(60)}`, `x@${a(63)}.${a(63)}.${a(63)}.${a(60)}`],
  ])('accepts %s', (text, address) => {
    expect(parseMailAddress(text)).toBe(address)
  })

  it.each([
    '',
    'ada',
    '@example.org',
    'ada@',
    'ada@example.org\r\nBcc: eve@example.org',
    'ada@example.org\n',
    'ada@example.org,eve@example.org',
    'ada@example.org;eve@example.org',
    'ada@eve@example.org',
    'Ada <ada@example.org>',
    '"ada"@example.org',
    'ada @example.org',
    'ada..b@example.org',
    '.ada@example.org',
    'ada@-example.org',
    'ada@example..org',
    'ada@example.org.',
    'ada@127.0.0.1',
    'ada@[127.0.0.1]',
    'ada(comment)@example.org',
    'ada\u0000@example.org',
    'ada\u202e@example.org',
    'ädä@example.org',
    'ada@exa\u2028mple.org',
    'ada@b\nücher.example',
    'ada@b\u00adücher.example',
    'ada@b%41ücher.example',
    `${a(65)}@example.org`,
    `x@${a(64)}.org`,
    `x@${a(63)}.${a(63)}.${a(63)}.${a(61)}`,
  ])('refuses %j', (text) => {
    expect(() => parseMailAddress(text)).toThrow(invalid)
  })

  it('does not repeat what it refuses', () => {
    expect(() => parseMailAddress('secret word')).toThrow(/^((?!secret).)*$/)
  })
})

describe('parseMailbox', () => {
  it.each([
    ['Levqor <levqor@example.org>', { name: 'Levqor', address: 'levqor@example.org' }],
    ['"Levqor, Inc." <levqor@example.org>', { name: 'Levqor, Inc.', address: 'levqor@example.org' }],
    ['levqor@example.org', { name: '', address: 'levqor@example.org' }],
    ['<levqor@example.org>', { name: '', address: 'levqor@example.org' }],
  ])('reads %s', (text, mailbox) => {
    expect(parseMailbox(text)).toEqual(mailbox)
  })

  it.each(['', 'Levqor', 'Levqor <levqor>', 'Lev\nqor <levqor@example.org>', 'a <b@c.org>, d <e@f.org>'])(
    'refuses %j',
    (text) => {
      expect(() => parseMailbox(text)).toThrow(expect.objectContaining({ code: 'bad_mail_settings' }))
    },
  )
})
