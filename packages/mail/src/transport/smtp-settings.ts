// SMTP_URL, read strictly: a typing error must not end in mail sent without encryption.
import { mailError } from '../mail-error.ts'

export interface SmtpSettings {
  readonly host: string
  readonly port: number
  readonly login: { readonly user: string; readonly password: string } | undefined
  /**
   * `implicit`: TLS from the first octet (smtps). `required`: STARTTLS or nothing. `optional`: STARTTLS when it is
   * offered, for a relay on the same machine or in the same closed network.
   */
  readonly tls: 'implicit' | 'required' | 'optional'
}

/**
 * Reads `smtp://user:password@host:587` or `smtps://…:465`. Over `smtp:` STARTTLS is required, except to a
 * loopback address or with `?tls=optional`: sign-in links do not travel in the clear by accident.
 *
 * @throws MailError `bad_mail_settings`, which never repeats the value
 */
export function parseSmtpUrl(text: string): SmtpSettings {
  const bad = (rule: string) => mailError('bad_mail_settings', `SMTP_URL ${rule}.`)
  const url = URL.parse(text.trim())
  if (!url || (url.protocol !== 'smtp:' && url.protocol !== 'smtps:') || url.hostname === '') {
    throw bad('must look like smtp://user:password@mail.example.org:587 or smtps://…:465')
  }
  const implicit = url.protocol === 'smtps:'
  const tls = url.searchParams.get('tls')
  const others = [...url.searchParams.keys()].some((name) => name !== 'tls')
  if ((url.pathname !== '' && url.pathname !== '/') || url.hash !== '' || others) {
    throw bad('takes nothing after the port but ?tls=required or ?tls=optional')
  }
  if (tls !== null && (implicit || (tls !== 'required' && tls !== 'optional'))) {
    throw bad('takes ?tls=required or ?tls=optional, and only with smtp:')
  }
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  try {
    const user = decodeURIComponent(url.username)
    const password = decodeURIComponent(url.password)
    return {
      host,
      port: url.port === '' ? (implicit ? 465 : 587) : Number(url.port),
      login: user === '' ? undefined : { user, password },
      tls: implicit ? 'implicit' : (tls ?? (isLoopback(host) ? 'optional' : 'required')),
    }
  } catch {
    throw bad('holds a user or password that is not percent-encoded')
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host)
}
