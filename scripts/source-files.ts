// The tracked and new source files of the repository, and what each of them imports.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** Paths relative to the root: tracked files and untracked ones that are not ignored. */
export function repositoryFiles(...patterns: readonly string[]): readonly string[] {
  const output = execFileSync(
    'git',
    ['ls-files', '--cached', '--others', '--exclude-standard', '--', ...patterns],
    {
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    },
  )
  return output.split('\n').filter((path) => path !== '')
}

const importPattern =
  /(?:^|[\s;}])(?:import|export)\s(?:[^'"`;]*?\sfrom\s*)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g

/** The module specifiers of one file, in order of appearance. */
export function importsOf(path: string): readonly string[] {
  return specifiersIn(readFileSync(path, 'utf8'))
}

export function specifiersIn(source: string): readonly string[] {
  const bare = source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1')
  return [...bare.matchAll(importPattern)].flatMap((match) => match[1] ?? match[2] ?? [])
}
