import { expect, it } from 'vitest'
import { openMailTransport } from './open-transport.ts'
import { parseSmtpUrl } from './smtp-settings.ts'

it.each([
  [
    'smtp://ada:p%40ss%2F@mail.example.org',
    { host: 'mail.example.org', port: 587, tls: 'required', login: { user: 'ada', password: 'p@ss/' } },
  ],
  ['smtps://mail.example.org', { host: 'mail.example.org', port: 465, tls: 'implicit', login: undefined }],
  ['smtp://127.0.0.1:1025', { host: '127.0.0.1', port: 1025, tls: 'optional', login: undefined }],
  ['smtp://[::1]:1025/', { host: '::1', port: 1025, tls: 'optional', login: undefined }],
  ['smtp://localhost:25?tls=required', { host: 'localhost', port: 25, tls: 'required', login: undefined }],
  ['smtp://mailpit:1025?tls=optional', { host: 'mailpit', port: 1025, tls: 'optional', login: undefined }],
])('reads %s', (text, settings) => {
  expect(parseSmtpUrl(text)).toEqual(settings)
})

it.each([
  'mail.example.org',
  'http://mail.example.org',
  'smtp://',
  'smtp://s3cret@mail.example.org/path',
  'smtp://s3cret@mail.example.org?tls=never',
  'smtps://s3cret@mail.example.org?tls=optional',
  'smtp://s3cret@mail.example.org?rejectUnauthorized=false',
  'smtp://s3cret%E0%A4%A@mail.example.org',
])('refuses %s without repeating it', (text) => {
  const attempt = () => parseSmtpUrl(text)
  expect(attempt).toThrow(expect.objectContaining({ code: 'bad_mail_settings' }))
  expect(attempt).toThrow(/^((?!s3cret).)*$/)
})

it('keeps mail in the outbox without a server, and wants a sender with one', () => {
  expect(openMailTransport({}).outcome).toBe('kept')
  const smtpUrl = 'smtp://mail.example.org'
  expect(openMailTransport({ smtpUrl, from: 'Levqor <l@example.org>' }).outcome).toBe('sent')
  expect(() => openMailTransport({ smtpUrl })).toThrow('MAIL_FROM')
})
