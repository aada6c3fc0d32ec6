// `guard headers`: the header policy for hosts that serve files themselves.
import { type HostName, hostFormats } from '../headers/host-formats/host-formats.ts'
import { staticHeaders } from '../headers/host-formats/static-headers.ts'
import { suggest } from '../suggest.ts'
import { type Command, textOption, usageError } from './command.ts'
import { appHelp, loadApp } from './load-app.ts'

const hosts = Object.keys(hostFormats)

/** The command. */
export const headersCommand: Command = {
  name: 'headers',
  usage: 'guard headers --format nginx|caddy|netlify|vercel|firebase [--app FILE] [--json]',
  summary: 'Write the security headers for a host that serves files itself',
  details: [
    `--format HOST One of ${hosts.join(', ')}.`,
    ...appHelp,
    '              Without it the default header policy is written.',
    '--json        The headers as an object, and the text.',
    '',
    'Files have no nonce, so the content policy is another than behind the guard: scripts and styles',
    "may come from files of the same origin (script-src 'self'; style-src 'self'), nothing may be inline.",
    'Do not let users upload into that origin. Everything else is the same policy.',
  ],
  words: [],
  options: { format: { type: 'string' }, app: { type: 'string' }, json: { type: 'boolean' } },
  async run(input) {
    const format = textOption(input, 'format')
    if (format === undefined) throw usageError(`Say for which host: --format ${hosts.join('|')}.`)
    if (!isHost(format)) {
      const meant = suggest(format, hosts)
      const hint = meant === undefined ? `Use one of: ${hosts.join(', ')}.` : `Did you mean ${meant}?`
      throw usageError(`There is no format ${JSON.stringify(format)}. ${hint}`)
    }
    const app = textOption(input, 'app')
    const policy = app === undefined ? {} : ((await loadApp(app, input.folder)).policy.headers ?? {})
    const headers = staticHeaders(policy)
    const { file, render } = hostFormats[format]
    const text = render(headers)
    if (input.options.json === true) {
      input.terminal.out(JSON.stringify({ format, file, headers, text }, null, 2))
    } else {
      input.terminal.out(text.trimEnd())
      input.terminal.error(`Belongs into ${file}.`)
    }
    return 0
  },
}

function isHost(text: string): text is HostName {
  return Object.hasOwn(hostFormats, text)
}
