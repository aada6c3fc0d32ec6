// How the command line finds the server: environment first, then what the first start left in the data folder.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Client, createClient } from '@levqor/client'
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
export function connect(input: CommandInput): Connection {
  const first = readFirstRun(input.env.LEVQOR_DATA_DIR ?? './.levqor')
  const url = textOption(input, 'url') ?? input.env.LEVQOR_URL ?? first?.url
  const apiKey = textOption(input, 'api-key') ?? input.env.LEVQOR_API_KEY ?? first?.api_key
  if (!url || !apiKey) {
    throw usageError(
      'No server is known here. Start one with npm start, or set LEVQOR_URL and LEVQOR_API_KEY (or --url and --api-key).',
    )
  }
  return { client: createClient({ baseUrl: url.replace(/\/$/, ''), apiKey }), url }
}

function readFirstRun(folder: string): { url: string; api_key: string } | undefined {
  try {
    const parsed: unknown = JSON.parse(readFileSync(join(folder, 'first-run.json'), 'utf8'))
    if (typeof parsed !== 'object' || parsed === null || !('url' in parsed) || !('api_key' in parsed))
      return undefined
    return { url: String(parsed.url), api_key: String(parsed.api_key) }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw usageError(
      `first-run.json in ${folder} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}
