// The peer: a Fastify route that does one SQLite insert and nothing else. Run as a process of its own:
// `node bare-server.ts <database file>` prints the address it listens on.
import { DatabaseSync } from 'node:sqlite'
import { fastify } from 'fastify'

const [, , path] = process.argv
if (path === undefined) throw new Error('Name the database file.')

const database = new DatabaseSync(path)
database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
  CREATE TABLE jobs (id INTEGER PRIMARY KEY, payload TEXT NOT NULL, created_at INTEGER NOT NULL) STRICT;`)
const insert = database.prepare('INSERT INTO jobs (payload, created_at) VALUES (?, ?)')

const server = fastify()
server.post('/api/v1/intake', async (request, reply) => {
  const { lastInsertRowid } = insert.run(JSON.stringify(request.body), Date.now())
  return reply.code(202).send({ job_id: String(lastInsertRowid), status: 'queued' })
})
console.log(`listening on ${await server.listen({ host: '127.0.0.1', port: 0 })}`)
