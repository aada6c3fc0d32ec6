// `guard headers`: the header policy for hosts that serve files themselves.
import { type HostName, hostFormats, notesOn } from '../headers/host-formats/host-formats.ts'
import { staticHeaders } from '../headers/host-formats/static-headers.ts'
import { suggest } from '../suggest.ts'
import { type Command, textOption, usageError } from './command.ts'
import { appHelp, loadApp } from './load-app.ts'

const hosts = Object.keys(hostFormats)

/** The command. */
export const headersCommand: Command = {
  name: 'headers',
  usage: 'guard headers --format nginx|caddy|netlify|vercel|firebase [--app FILE] [--no-preload] [--json]',
  summary: 'Write the security headers for a host that serves files itself',
  details: [
    `--format HOST One of ${hosts.join(', ')}.`,
    ...appHelp,
    '              Without it the default header policy is written.',
    '--no-preload  Leave preload out of Strict-Transport-Security. With it, a domain that is put on the list is refused',
    '              over plain HTTP by every browser, subdomains included; hard to take back, see hstspreload.org.',
    '--json        The headers as an object, and the text.',
    '',
    'Files have no nonce, so the content policy is another than behind the guard: scripts and styles',
    "may come from files of the same origin (script-src 'self'; style-src 'self'), nothing may be inline.",
    'Do not let users upload into that origin. Everything else is the same policy.',
  ],
  words: [],
  options: {
    format: { type: 'string' },
    app: { type: 'string' },
    'no-preload': { type: 'boolean' },
    json: { type: 'boolean' },
  },
  async run(input) {
    const format = textOption(input, 'format')
    if (format === undefined) throw usageError(`Say for which host: --format ${hosts.join('|')}.`)
    if (!isHost(format)) {
      const meant = suggest(format, hosts)
      const hint = meant === undefined ? `Use one of: ${hosts.join(', ')}.` : `Did you mean ${meant}?`
      throw usageError(`There is no format ${JSON.stringify(format)}. ${hint}`)
    }
    const app = textOption(input, 'app')
    const policy = app === undefined ? undefined : (await loadApp(app, input.folder)).policy
    const preload = input.options['no-preload'] !== true
    const headers = staticHeaders(policy?.headers, { preload })
    const { file, render, comments } = hostFormats[format]
    const text = render(headers)
    if (preload && policy?.transport.plainHttp === 'allow') input.terminal.error(preloadWarning)
    if (input.options.json === true) {
      input.terminal.out(JSON.stringify({ format, file, headers, text }, null, 2))
    } else {
      input.terminal.out(text.trimEnd())
      if (!comments) for (const line of notesOn(headers)) input.terminal.error(line)
      input.terminal.error(`The text above belongs into ${file}.`)
    }
    return 0
  },
}

const preloadWarning =
  "Warning: the policy allows plain HTTP (transport.plainHttp: 'allow'), and preload forbids it to every visitor of the domain and its subdomains: --no-preload leaves it out."

function isHost(text: string): text is HostName {
  return Object.hasOwn(hostFormats, text)
}
