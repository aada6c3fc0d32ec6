// A process of its own that lends one PostgreSQL server to a test run, and cannot leave it behind.
//
// It lives exactly as long as its standard input is open, so the server is stopped and its folder removed
// however the run ends: normally, by Ctrl-C, by a crash or by SIGKILL. (Handlers for signals and exit in
// the test runner's own process cover only the first three, and fight with the runner's handlers.)
// The server starts when the first test asks: a run without database tests does not pay for it.
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { type RunningPostgres, startPostgres } from './start-postgres.ts'

const secretPath = `/${randomBytes(18).toString('base64url')}`
let server: Promise<RunningPostgres> | undefined

const broker = createServer((request, response) => {
  if (request.url !== secretPath) {
    response.writeHead(404).end()
    return
  }
  server ??= startPostgres({ durable: Boolean(process.env.LEVQOR_TEST_POSTGRES_DURABLE) })
  server.then(
    ({ url }) => response.end(url),
    (error: unknown) => response.writeHead(500).end(error instanceof Error ? error.message : String(error)),
  )
})

broker.listen(0, '127.0.0.1', () => {
  const address = broker.address()
  if (typeof address === 'object' && address) {
    process.stdout.write(`http://127.0.0.1:${address.port}${secretPath}\n`)
  }
})

// A signal meant for the test run must not end the supervisor before it has cleaned up.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})

process.stdin.resume()
process.stdin.once('close', async () => {
  broker.close()
  broker.closeAllConnections()
  const started = await server?.catch(() => undefined)
  await started?.stop()
  process.exit(0)
})
