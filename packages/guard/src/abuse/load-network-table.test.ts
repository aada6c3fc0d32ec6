import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startProcess } from '@levqor/testing'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { loadNetworkTable } from './load-network-table.ts'

const announced = new Map([
  ['8.8.8.8', 15169],
  ['1.1.1.1', 13335],
  ['193.0.6.139', 3333],
  ['2001:4860:4860::8888', 15169],
  ['2606:4700::1111', 13335],
])
const unannounced = ['10.0.0.1', '192.168.1.1', '127.0.0.1', '::1', 'fe80::1', 'fc00::1']

afterEach(() => {
  vi.doUnmock('node:module')
  vi.resetModules()
})

function fileWith(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'levqor-networks-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'table.csv')
  writeFileSync(path, text)
  return path
}

describe('the installed table of networks', () => {
  // In a process of its own, where neither other tests nor the counting of coverage disturb what is measured.
  it('knows well-known addresses of both families, nobody behind private ones, and takes under 10 MB', {
    timeout: 60_000,
  }, async () => {
    const module = new URL('./load-network-table.ts', import.meta.url)
    const program = `
      const { loadNetworkTable } = await import('${module}')
      const before = process.memoryUsage().arrayBuffers
      const { networkOf, ranges, bytes } = await loadNetworkTable()
      // Freed memory is given back by a thread that runs beside: the least that is seen is what the table holds.
      let held = Infinity
      for (let looks = 0; looks < 20 && held > bytes + 1_000_000; looks++) {
        gc()
        await new Promise((looked) => setTimeout(looked, 50))
        held = Math.min(held, process.memoryUsage().arrayBuffers - before)
      }
      const asked = ${JSON.stringify([...announced.keys(), ...unannounced])}
      console.log(JSON.stringify({ ranges, bytes, held, numbers: asked.map((address) => networkOf(address) ?? 0) }))`
    await using child = await startProcess({
      command: process.execPath,
      args: ['--expose-gc', '--input-type=module', '-e', program],
      readyWhen: /^{.*}$/m,
      timeoutMs: 50_000,
    })
    const { ranges, bytes, held, numbers } = JSON.parse(child.ready?.[0] ?? '')
    expect(numbers).toEqual([...announced.values(), ...unannounced.map(() => 0)])
    expect(ranges).toBeGreaterThan(500_000)
    expect(bytes).toBeLessThan(10_000_000)
    expect(held).toBeLessThan(bytes + 1_000_000)
  })
})

describe('a table in files of one’s own', () => {
  it('may end with or without a line break, and use either kind', async () => {
    const files = ['1.0.0.0,1.0.0.9,5\r\n1.0.1.0,1.0.1.9,6\r\n', '2001:db8::,2001:db8:ffff::,7'].map(fileWith)
    const { networkOf } = await loadNetworkTable(files)
    expect(['1.0.0.1', '1.0.1.9', '2001:db8:5::'].map(networkOf)).toEqual([5, 6, 7])
  })

  it('lines that are cut by the pieces in which a file is read are whole', async () => {
    const lines = Array.from({ length: 20_000 }, (_, i) => {
      const start = `${1 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}`
      return `${start}.0,${start}.255,${i + 1},"Some Company, of some place"`
    })
    const { networkOf } = await loadNetworkTable([fileWith(lines.join('\n'))])
    for (const i of [0, 1, 777, 12_345, 19_999]) {
      expect(networkOf(`${1 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}.77`)).toBe(i + 1)
    }
  })

  it('a broken or missing one is refused', async () => {
    await expect(loadNetworkTable([fileWith('<html>not found</html>')])).rejects.toMatchObject({
      code: 'bad_network_table',
    })
    await expect(loadNetworkTable(['/no/such/file.csv'])).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('without the package the error says what to install', async () => {
    vi.doMock('node:module', () => ({
      createRequire: () => ({
        resolve: () => {
          throw new Error('Cannot find module')
        },
      }),
    }))
    vi.resetModules()
    const { loadNetworkTable: load } = await import('./load-network-table.ts')
    await expect(load()).rejects.toMatchObject({
      code: 'package_missing',
      message: expect.stringContaining('npm install @ip-location-db/asn'),
    })
  })
})
