// The README tells the truth: its definition is valid, and it names every connector with all of its parameters.
import { readFileSync } from 'node:fs'
import { afterAll, expect, it } from 'vitest'
import { connectors } from './connectors/connector-table.ts'
import { checkDefinition } from './definition/check-definition.ts'
import { isObject } from './json.ts'
import { createSandbox } from './sandbox/create-sandbox.ts'
import { formatNames } from './schema/formats.ts'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const sandbox = createSandbox()
afterAll(() => sandbox.close())

it('its definition is valid', async () => {
  const [, json = ''] = /```json\n([\s\S]*?)```/.exec(readme) ?? []
  expect(await checkDefinition(JSON.parse(json), { connectors, sandbox, workspaceId: 'w' })).toMatchObject({
    ok: true,
  })
})

it.each([...connectors.values()])('$id is documented with all parameters and result fields', (connector) => {
  const row = readme.split('\n').find((line) => line.startsWith(`| \`${connector.id}\``)) ?? ''
  const { properties } = connector.parameters
  for (const name of Object.keys(isObject(properties) ? properties : {})) {
    expect(row).toMatch(new RegExp(`\`${name}\\??\``))
  }
  for (const name of Object.keys(connector.result).filter((field) => /^\w+$/.test(field))) {
    expect(row).toContain(name)
  }
})

it('names every format', () => {
  for (const name of formatNames) expect(readme).toContain(name)
})
