// first-run.json in the data folder: what the first start has written, for whoever owns the folder. Read by the command
// line, kept true by the server.
import { mkdir, open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { FirstRun } from '@levqor/identity'

const fileName = 'first-run.json'

/** What the first start has written, if it is still there. */
export async function readFirstRun(folder: string): Promise<FirstRun | undefined> {
  try {
    // Written by this file only.
    return JSON.parse(await readFile(join(folder, fileName), 'utf8')) as FirstRun
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    const reason = error instanceof Error ? error.message : String(error)
    throw Object.assign(new Error(`${fileName} in ${folder} cannot be read: ${reason}`, { cause: error }), {
      code: 'first_run_unreadable',
    })
  }
}

/** Changes the file when there is one and the change is one. */
export async function updateFirstRun(folder: string, change: (known: FirstRun) => FirstRun): Promise<void> {
  const known = await readFirstRun(folder)
  if (!known) return
  const changed = change(known)
  if (JSON.stringify(changed) !== JSON.stringify(known)) await writeFirstRun(folder, changed)
}

// Written beside and renamed, so that nobody ever reads half of it, and private from its first byte on.
export async function writeFirstRun(folder: string, document: FirstRun): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, fileName)
  const file = await open(`${path}.new`, 'w', 0o600)
  try {
    await file.chmod(0o600)
    await file.writeFile(`${JSON.stringify(document, null, 2)}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(`${path}.new`, path)
}
