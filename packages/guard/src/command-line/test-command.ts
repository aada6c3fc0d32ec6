// Runs the guard's command line in the process of a test.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach } from 'vitest'
import { dispatch } from './dispatch.ts'
import { doctorCommand } from './doctor-command.ts'
import { explainCommand } from './explain-command.ts'
import { headersCommand } from './headers-command.ts'
import { secretsCommand } from './secrets-command.ts'

/** A whole application, and a file with a policy alone. */
export const app = fileURLToPath(new URL('./test-app.ts', import.meta.url))
export const policyOnly = fileURLToPath(new URL('./test-policy.ts', import.meta.url))
export const commands = [doctorCommand, explainCommand, headersCommand, secretsCommand]
const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

/** A folder with these files, until the test is over. */
export function folderOf(files: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'guard-command-'))
  folders.push(folder)
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return folder
}

/** Runs a command line in this process. */
export async function guard(
  args: readonly string[],
  { folder = '/', env = {} }: { folder?: string; env?: Record<string, string> } = {},
) {
  const out: string[] = []
  const error: string[] = []
  const terminal = {
    out: (text: string) => void out.push(text),
    error: (text: string) => void error.push(text),
  }
  const status = await dispatch(args, { commands, env, folder, terminal })
  return { status, out: out.join('\n'), error: error.join('\n') }
}
