// Listens on a free port of loopback and says where.
import type { Application } from 'express'

export function announce(app: Application): void {
  const server = app.listen(0, '127.0.0.1', () => {
    const address = server.address()
    if (typeof address === 'object') console.log(`listening on http://127.0.0.1:${address?.port}`)
  })
}
