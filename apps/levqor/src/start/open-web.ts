// The built web app as a page renderer inside this process.

import type { IncomingMessage, ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Pages } from '@levqor/server'
import { webFolder } from './build-web.ts'

interface NextApp {
  prepare(): Promise<void>
  getRequestHandler(): (request: IncomingMessage, response: ServerResponse) => Promise<void>
  close(): Promise<void>
}

export interface WebApp extends Pages {
  close(): Promise<void>
}

/** @param host and port as the server listens; Next uses them for its own addresses only */
export async function openWeb(host: string, port: number): Promise<WebApp> {
  // React chooses its production build by this variable when it is first loaded.
  Reflect.set(process.env, 'NODE_ENV', 'production')
  Reflect.set(process.env, 'NEXT_TELEMETRY_DISABLED', '1')
  const require = createRequire(join(webFolder, 'package.json'))
  // Next publishes CommonJS whose types do not fit a module of Node's own; this is the part of its shape in use.
  const next = require('next') as (options: object) => NextApp
  const app = next({ dev: false, dir: webFolder, hostname: host, port, quiet: true })
  await app.prepare()
  const handle = app.getRequestHandler()
  return {
    door: 'page',
    assets: { door: 'asset', path: '/_next/static/*' },
    handle,
    close: () => app.close(),
  }
}
