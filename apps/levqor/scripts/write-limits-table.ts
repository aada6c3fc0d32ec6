// Writes the table of limits and lifetimes into SECURITY.md.
import { readFileSync, writeFileSync } from 'node:fs'
import { limitsTable } from './limits-table.ts'

const file = new URL('../../../SECURITY.md', import.meta.url)
const text = readFileSync(file, 'utf8')
const heading = '## Limits and lifetimes\n\n'
const start = text.indexOf(heading) + heading.length
const end = text.indexOf('\n\n', start)
writeFileSync(file, text.slice(0, start) + limitsTable() + text.slice(end))
