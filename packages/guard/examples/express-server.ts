// Express 5: one middleware before everything. The doors come from the policy's routes.
import { guardExpress, requireDoors } from '@levqor/guard/express'
import express from 'express'
import { createNotesGuard, identifyKey } from './notes-guard.ts'

export const guard = createNotesGuard()
const app = express()
app.use(guardExpress(guard, { identify: ({ headers }) => identifyKey(headers.authorization) }))
app.use(express.json())
app.get('/api/notes', (request, response) => response.json({ for: request.guard.actor?.id }))
app.get('/', (_, response) =>
  response.send(`<!doctype html><script nonce="${response.locals.nonce}">document.title = 'Hi'</script>`),
)
// Names every route that the policy does not, and stops. From here on no route can be added.
requireDoors(app)

if (import.meta.main) {
  const server = app.listen(Number(process.env.PORT ?? 3000), () => {
    const address = server.address()
    console.log(`listening on http://localhost:${typeof address === 'object' ? address?.port : address}`)
  })
}
