// Runs one command of this repository and collects what it says.
import { spawn } from 'node:child_process'

export interface CommandResult {
  readonly code: number
  readonly seconds: number
  readonly output: string
}

/** @throws Error when the command cannot be started at all */
export function run(command: string, args: readonly string[]): Promise<CommandResult> {
  const started = performance.now()
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    const chunks: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.on('error', reject)
    child.on('close', (code) => {
      resolve({
        code: code ?? 1,
        seconds: (performance.now() - started) / 1000,
        output: Buffer.concat(chunks).toString('utf8').trim(),
      })
    })
  })
}
