// What must never be committed: environment files, machine-specific registry addresses, stray tools of one machine.
import { existsSync, readFileSync } from 'node:fs'
import { repositoryFiles } from './source-files.ts'

const problems: string[] = []

for (const path of repositoryFiles()) {
  if (/(^|\/)\.env($|\.)/.test(path) && !path.endsWith('.env.example'))
    problems.push(`${path}: an environment file must not be committed`)
}

for (const path of repositoryFiles('*.log', '*.cpuprofile', '*.heapsnapshot')) {
  problems.push(`${path}: what a run leaves behind is not part of the project`)
}

const lock = readFileSync('package-lock.json', 'utf8')
for (const match of lock.matchAll(/"resolved": "(https?:[^"]+)"/g)) {
  problems.push(
    `package-lock.json names a host (${match[1]}); install with omit-lockfile-registry-resolved=true`,
  )
}

// No file may claim that a test exists which never runs.
for (const path of repositoryFiles('*.test.ts', '*.test.tsx').filter((file) => existsSync(file))) {
  const source = readFileSync(path, 'utf8')
  if (/\b(it|test|describe)\.only\(/.test(source)) problems.push(`${path}: .only would hide every other test`)
  if (/\b(it|test|describe)\.(todo|fails)\(/.test(source))
    problems.push(`${path}: .todo and .fails prove nothing`)
}

for (const problem of problems) console.error(problem)
if (problems.length > 0) process.exitCode = 1
