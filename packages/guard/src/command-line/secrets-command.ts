// `guard secrets`: strong secrets for everything that a policy needs. Written to a file only when told so, and then
// to a new one that nobody else can read.
import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type MadeSecret, makeSecrets } from '../secrets/secret-purposes.ts'
import { type Command, textOption, usageError } from './command.ts'
import { appHelp, loadApp } from './load-app.ts'

/** The command. */
export const secretsCommand: Command = {
  name: 'secrets',
  usage: 'guard secrets [--app FILE] [--out FILE] [--json]',
  summary: 'Make strong secrets and say where each goes',
  details: [
    ...appHelp,
    '              Without it a secret is made for everything that the guard can use.',
    '--out FILE    Write them to a new file that only you can read (mode 0600) instead of the terminal.',
    '              A file that exists is never touched.',
    '--json        As a list of { variable, value, about }.',
    '',
    'To replace a secret later without an interruption: move the old text to NAME_PREVIOUS, say until when',
    'it counts in NAME_PREVIOUS_UNTIL (2027-01-31T12:00:00Z), and put the new one into NAME. readRotatingSecret',
    'reads the three.',
  ],
  words: [],
  options: { app: { type: 'string' }, out: { type: 'string' }, json: { type: 'boolean' } },
  async run(input) {
    const app = textOption(input, 'app')
    const made = makeSecrets(app === undefined ? undefined : (await loadApp(app, input.folder)).policy)
    const text = input.options.json === true ? JSON.stringify(made, null, 2) : asEnvironment(made)
    const out = textOption(input, 'out')
    if (out === undefined) {
      input.terminal.out(text)
      return 0
    }
    await writeNew(resolve(input.folder, out), `${text}\n`, out)
    const names = made.flatMap(({ variable, value }) => (value === undefined ? [] : variable))
    input.terminal.out(`${out} now holds ${names.join(', ')}. Keep it out of version control.`)
    return 0
  },
}

function asEnvironment(made: readonly MadeSecret[]): string {
  return made
    .map(
      ({ variable, value, about }) =>
        `# ${about}\n${value === undefined ? '# ' : ''}${variable}=${value ?? ''}`,
    )
    .join('\n\n')
}

async function writeNew(path: string, text: string, shown: string): Promise<void> {
  try {
    await writeFile(path, text, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : ''
    if (code === 'EEXIST') throw usageError(`${shown} exists. It is left as it is: give another name.`)
    throw new Error(`${shown} could not be written (${String(code)}).`)
  }
}
