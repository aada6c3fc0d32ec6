// The endpoint's part of content policies: reports become events, with the page's route instead of its address.
import type { SecurityEvents } from '../events/event-pipeline.ts'
import type { RouteTable } from '../kernel/route-table.ts'
import { cspEventDetails, parseCspReports } from './csp-reports.ts'

/**
 * Returns how many violations were read. The endpoint's door asks nobody who they are, has strangers' limits and
 * accepts cross-site requests: browsers send reports by themselves, without cookies.
 * @example
 * guard.reportCsp({ contentType: request.headers['content-type'], body, clientIp: request.guard.clientIp })
 */
export type ReportCsp = (report: {
  readonly contentType: string | undefined
  /** As received; more than 64 KiB are not read. */
  readonly body: string | Uint8Array
  readonly clientIp: string
  readonly requestId?: string
}) => number

/** Binds reporting to an event stream. */
export function createCspReporting(events: Pick<SecurityEvents, 'emit'>, routes: RouteTable): ReportCsp {
  return ({ contentType, body, clientIp, requestId }) => {
    const violations = parseCspReports(contentType, body)
    for (const violation of violations) {
      const page = routes.find('GET', violation.pagePath).route?.pattern
      const details = cspEventDetails(violation, page)
      events.emit({ event: 'csp.violation', address: clientIp, requestId, details })
    }
    return violations.length
  }
}
