// Sockets: what stands open for hours.
import { defaultMaxFrameBytes } from '../../sockets/socket-policy.ts'
import { type ConfigurationChecks, ifPresent, sign, signIf } from '../check.ts'

const largestFrameBytes = 1_048_576
const longestCheckMs = 15 * 60_000

export const socketChecks: ConfigurationChecks = {
  'GUARD-080': {
    title: 'No origin may open a socket, or any may',
    severity: 'critical',
    explanation:
      'Browsers open WebSockets for every page and send the cookies along; no CORS rule is asked. Only the list of own origins stops them.',
    fix: 'List the origins of your own pages in browser.origins.',
    run: ({ policy }) =>
      ifPresent('sockets', policy.sockets, () =>
        signIf(policy.browser.origins.length === 0, 'browser.origins', 'The list is empty.'),
      ),
  },
  'GUARD-081': {
    title: 'A socket event without throttle',
    severity: 'warning',
    explanation:
      'One client can send it as fast as the network allows, on a connection that stands open for hours.',
    fix: 'Give it perUser or perSocket.',
    run: ({ policy }) =>
      ifPresent('sockets', policy.sockets, ({ events }) =>
        Object.entries(events)
          .filter(([, event]) => event.unlimited !== undefined)
          .map(([name, event]) => sign(`sockets.events.${name}`, `Its reason: ${event.unlimited}`)),
      ),
  },
  'GUARD-082': {
    title: 'Socket frames may be very large',
    severity: 'warning',
    explanation:
      'Each frame is held in memory whole before anything can refuse it, times the number of connections.',
    fix: `Leave sockets.maxFrameBytes at ${defaultMaxFrameBytes}; send files over HTTP.`,
    run: ({ policy }) =>
      ifPresent('sockets', policy.sockets, ({ maxFrameBytes = defaultMaxFrameBytes }) =>
        signIf(maxFrameBytes > largestFrameBytes, 'sockets.maxFrameBytes', `${maxFrameBytes} bytes.`),
      ),
  },
  'GUARD-083': {
    title: 'A socket’s session is looked up seldom',
    severity: 'warning',
    explanation:
      'A session that runs out is not on the revocation bus: its sockets live on until the next look.',
    fix: 'Leave sockets.checkEveryMs at a minute.',
    run: ({ policy }) =>
      ifPresent('sockets', policy.sockets, ({ checkEveryMs = 0 }) =>
        signIf(checkEveryMs > longestCheckMs, 'sockets.checkEveryMs', `${checkEveryMs / 60_000} minutes.`),
      ),
  },
}
