// `npm run asvs`: which requirement of the ASVS is proven by which test. `-- --json` as data, `-- --write` writes the
// report of docs/evidence anew.
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { asData, asMarkdown, asText } from './report.ts'

const { values } = parseArgs({ options: { json: { type: 'boolean' }, write: { type: 'boolean' } } })
const { requirements } = asData()
if (values.write === true) {
  writeFileSync(new URL('../../docs/evidence/asvs.md', import.meta.url), asMarkdown())
} else {
  console.log(values.json === true ? JSON.stringify(asData(), null, 2) : asText())
}
const missing = requirements.flatMap(({ id, tests }) =>
  tests.filter(({ exists }) => !exists).map((it) => ({ id, ...it })),
)
for (const { id, file, name } of missing)
  console.error(`${id} names a test that does not exist: ${file}: ${name}`)
if (missing.length > 0) process.exitCode = 1
