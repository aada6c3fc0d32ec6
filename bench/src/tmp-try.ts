import { mkdtempSync, rmSync } from 'node:fs'
import { startServers } from './intake-http/start-servers.ts'
import { serverUnderLoad } from './intake-http/server-under-load.ts'
const dir = mkdtempSync('/tmp/lq-')
const { ours, bare } = await startServers(dir)
const body = JSON.stringify({ workflow: 'page-digest', payload: { url: 'https://example.com/articles/2026/on-durable-work' } })
const [conns, n, times] = process.argv.slice(2).map(Number) as [number, number, number]
for (let i = 0; i < times; i++) {
  console.log('ours', await serverUnderLoad('o', ours, { body, connections: conns, requests: n }).measure())
  console.log('bare', await serverUnderLoad('b', bare, { body, connections: conns, requests: n }).measure())
}
console.log(ours.process.pid)
await ours.process.kill(); await bare.process.kill()
rmSync(dir, { recursive: true })
