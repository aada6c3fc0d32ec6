// Where browsers tell that a page broke its content policy. Becomes a security event; nothing of it is believed.
import type { Guard } from '@levqor/guard'
import type { FastifyInstance } from 'fastify'

/** For `Reporting-Endpoints` of the header policy. */
export const cspReportsPath = '/csp-reports'

const reportTypes = ['application/reports+json', 'application/csp-report']
const reportLimitBytes = 64 * 1024

/** @param door must accept other origins: browsers send reports without cookies and not always with an origin */
export async function addCspReports(app: FastifyInstance, guard: Guard, door: string): Promise<void> {
  // Awaited: what answers everything that is no route is added after this.
  await app.register(async (scope) => {
    scope.addContentTypeParser(
      reportTypes,
      { parseAs: 'buffer', bodyLimit: reportLimitBytes },
      (_, body, done) => done(null, body),
    )
    // Read by @fastify/swagger; Fastify itself knows nothing of it.
    const schema: object = { hide: true }
    scope.post(cspReportsPath, { config: { door, quiet: true }, schema }, (request, reply) => {
      const { body } = request
      if (Buffer.isBuffer(body)) {
        guard.reportCsp({
          contentType: request.headers['content-type'],
          body,
          clientIp: request.guard.clientIp,
          requestId: request.id,
        })
      }
      return reply.code(204).header('cache-control', 'no-store').send()
    })
  })
}
