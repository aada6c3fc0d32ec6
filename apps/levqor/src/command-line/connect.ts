// How the command line finds the server: environment first, then what the first start left in the data folder.
import { type Client, createClient } from '@levqor/client'
import { readFirstRun } from '../first-run-file.ts'
import { type CommandInput, textOption, usageError } from './command.ts'

export interface Connection {
  readonly client: Client
  readonly url: string
}

export const connectionOptions = {
  url: { type: 'string' },
  'api-key': { type: 'string' },
} as const

export const connectionHelp = [
  '--url <address>      server (default: LEVQOR_URL, or the one of first-run.json)',
  '--api-key <key>      key (default: LEVQOR_API_KEY, or the one of first-run.json)',
] as const

/** @throws usage error when no address or key is to be found */
export async function connect(input: CommandInput): Promise<Connection> {
  const first = await readFirstRun(input.env.LEVQOR_DATA_DIR ?? './.levqor')
  const url = textOption(input, 'url') ?? input.env.LEVQOR_URL ?? first?.url
  const apiKey = textOption(input, 'api-key') ?? input.env.LEVQOR_API_KEY ?? first?.api_key
  if (!url || !apiKey) {
    throw usageError(
      'No server is known here. Start one with npm start, or set LEVQOR_URL and LEVQOR_API_KEY (or --url and --api-key).',
    )
  }
  return { client: createClient({ baseUrl: url.replace(/\/$/, ''), apiKey }), url }
}
