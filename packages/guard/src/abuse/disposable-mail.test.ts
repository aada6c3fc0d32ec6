import { afterEach, describe, expect, it, vi } from 'vitest'
import { disposableMailIn, loadDisposableMail } from './disposable-mail.ts'

afterEach(() => {
  vi.doUnmock('disposable-email-domains-js')
  vi.resetModules()
})

describe('disposable mail', () => {
  const isDisposable = disposableMailIn(new Set(['mailinator.com', 'xn--mller-kva.example']))

  it('is found by its domain, whatever the spelling, subdomains included', () => {
    for (const email of [
      'a@mailinator.com',
      'A@MailInator.COM',
      'a@mailinator.com.',
      ' a@mailinator.com ',
      'a@x.mailinator.com',
      'a@b.c.d.mailinator.com',
      'mailinator.com',
      'a@ｍailinator.com',
      'a@müller.example',
      'a@b@mailinator.com',
    ]) {
      expect(isDisposable(email), email).toBe(true)
    }
  })

  it('names that only contain or end like one are not', () => {
    for (const email of [
      'a@example.com',
      'mailinator.com@example.com',
      'a@notmailinator.com',
      'a@mailinator.com.example',
      'a@com',
      'a@',
      '',
      '@',
      'a@[192.0.2.1]',
      'a@..',
      'a@mailinator .com',
    ]) {
      expect(isDisposable(email), email).toBe(false)
    }
  })

  it('hostile input costs a bounded amount of work', () => {
    const start = performance.now()
    expect(isDisposable(`a@${'x.'.repeat(500_000)}mailinator.com`)).toBe(false)
    expect(isDisposable('@'.repeat(1_000_000))).toBe(false)
    expect(performance.now() - start).toBeLessThan(200)
  })

  it('the installed list knows the well-known ones', async () => {
    const isListed = await loadDisposableMail()
    expect(
      ['a@mailinator.com', 'a@sub.mailinator.com', 'a@yopmail.com', 'a@guerrillamail.com'].map(isListed),
    ).toEqual(Array(4).fill(true))
    expect(['a@gmail.com', 'a@outlook.com', 'a@example.com', 'a@proton.me'].map(isListed)).toEqual(
      Array(4).fill(false),
    )
  })

  it('without the package the error says what to install', async () => {
    vi.doMock('disposable-email-domains-js', () => {
      throw new Error('Cannot find package')
    })
    vi.resetModules()
    const { loadDisposableMail: load } = await import('./disposable-mail.ts')
    await expect(load()).rejects.toMatchObject({
      code: 'package_missing',
      message: expect.stringContaining('npm install disposable-email-domains-js'),
    })
  })
})
