// How hosts that serve files themselves want headers written, one row per host.
import type { HeaderSet } from '../header-policy.ts'

/** One host. */
export interface HostFormat {
  /** Where the text belongs. */
  readonly file: string
  /** Whether it has comments, which say what to mind. */
  readonly comments: boolean
  /** The headers in the host's own form. @throws Error for a value that this form cannot hold */
  render(headers: HeaderSet): string
}

export type HostName = 'nginx' | 'caddy' | 'netlify' | 'vercel' | 'firebase'

const inlineNote =
  'Scripts and styles must stand in files of this site: nothing inline runs (static files have no nonce).'

const preloadNote =
  'preload is for good: once listed, browsers refuse this domain and all below it over plain HTTP (--no-preload leaves it out).'

/** What surprises most about these headers, a line each. */
export function notesOn(headers: HeaderSet): readonly string[] {
  const preloads = /\bpreload\b/.test(headers['strict-transport-security'] ?? '')
  return preloads ? [inlineNote, preloadNote] : [inlineNote]
}

/** What stands above the headers wherever the form has comments. */
function comment(headers: HeaderSet): string[] {
  return [...notesOn(headers), 'Written by guard headers from the header policy.'].map((line) => `# ${line}`)
}

/** The table. */
export const hostFormats: Readonly<Record<HostName, HostFormat>> = {
  // https://nginx.org/en/docs/http/ngx_http_headers_module.html
  nginx: {
    file: 'a file that the server block includes (include security-headers.conf;)',
    comments: true,
    render: (headers) =>
      lines(
        ...comment(headers),
        '# A location with an add_header of its own inherits none of these: include this file there too.',
        ...titled(headers).map(([name, value]) => `add_header ${name} ${nginxQuoted(name, value)} always;`),
      ),
  },
  // https://caddyserver.com/docs/caddyfile/directives/header
  caddy: {
    file: 'the site block of the Caddyfile',
    comments: true,
    render: (headers) =>
      lines(
        ...comment(headers),
        'header {',
        ...titled(headers).map(([name, value]) => `\t${name} ${caddyQuoted(name, value)}`),
        '}',
      ),
  },
  // https://docs.netlify.com/manage/routing/headers/
  netlify: {
    file: '_headers in the folder that is published',
    comments: true,
    render: (headers) =>
      lines(...comment(headers), '/*', ...titled(headers).map(([name, value]) => `  ${name}: ${value}`)),
  },
  // https://vercel.com/docs/project-configuration/vercel-json#headers
  vercel: {
    file: 'vercel.json',
    comments: false,
    render: (headers) => json({ headers: [{ source: '/(.*)', headers: pairs(headers) }] }),
  },
  // https://firebase.google.com/docs/hosting/full-config#headers
  firebase: {
    file: 'firebase.json',
    comments: false,
    render: (headers) => json({ hosting: { headers: [{ source: '**', headers: pairs(headers) }] } }),
  },
}

/** `content-security-policy` → `Content-Security-Policy`: some of these hosts tell letter case apart when they merge. */
function titled(headers: HeaderSet): [string, string][] {
  return Object.entries(headers).map(([name, value]) => [
    name
      .split('-')
      .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
      .join('-'),
    value,
  ])
}

function pairs(headers: HeaderSet): { readonly key: string; readonly value: string }[] {
  return titled(headers).map(([key, value]) => ({ key, value }))
}

/** In double quotes a semicolon is plain text, `\` escapes, and `$` always begins a variable. */
function nginxQuoted(name: string, value: string): string {
  if (value.includes('$')) throw unwritable('nginx', name, '$, which always begins a variable there')
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}

/**
 * Two rounds of reading: words (`\"` inside quotes, backquotes for text as it is) and then placeholders, where a brace
 * is escaped by a backslash. `{$` is read even before both.
 */
function caddyQuoted(name: string, value: string): string {
  if (value.includes('{$')) throw unwritable('Caddy', name, '{$, which always begins a variable there')
  if (value.includes('\\') && /[{}]/.test(value))
    throw unwritable('Caddy', name, 'a brace beside a backslash')
  const escaped = value.replaceAll(/[{}]/g, '\\$&')
  if (!escaped.includes('\\')) return `"${escaped.replaceAll('"', '\\"')}"`
  if (escaped.includes('`')) throw unwritable('Caddy', name, 'a backquote beside a backslash or a brace')
  return `\`${escaped}\``
}

function unwritable(host: string, name: string, what: string): Error {
  return new Error(`${host} cannot hold the value of ${name}: it contains ${what}.`)
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}

function lines(...all: readonly string[]): string {
  return `${all.join('\n')}\n`
}
