// Every route of an Express application with the paths it serves, its mounted routers included.
import { METHODS } from 'node:http'
import type { Application, NextFunction, Request, Response } from 'express'
import { guardError } from '../index.ts'

/** One entry of a router's stack, as far as it is looked at. */
interface LayerView {
  readonly name: string
  readonly route?: {
    readonly path: RoutePath | readonly RoutePath[]
    readonly stack: readonly { readonly method?: string }[]
  }
  handle: (request: Request, response: Response, next: NextFunction) => void
}

type RoutePath = string | RegExp

/** A router: its stack, and where its mounted routers stand. */
export interface RouterView {
  readonly stack: readonly LayerView[]
  listRoutes?(): readonly { readonly path: RoutePath; readonly router?: RouterView }[]
}

/** A route wherever it is mounted. */
export interface ExpressRoute {
  readonly layer: LayerView
  /** In capitals; `undefined` stands for `app.all`. */
  readonly methods: ReadonlySet<string | undefined>
  /** As written, from the root. */
  readonly patterns: string[]
}

/** What an application serves. */
export interface ExpressRoutes {
  readonly routers: readonly RouterView[]
  readonly routes: readonly ExpressRoute[]
  /** What cannot be read, and so cannot be compared with a policy. */
  readonly problems: readonly string[]
}

/** @throws GuardError `router_too_old` for a router that cannot list what is mounted on it */
export function readRoutes(app: Application): ExpressRoutes {
  const routes = new Map<LayerView, ExpressRoute>()
  const routers = new Set<RouterView>()
  const problems: string[] = []
  // Express's types describe an older router, without listRoutes.
  visit(app.router as unknown as RouterView, '')
  return { routers: [...routers], routes: [...routes.values()], problems }

  function visit(router: RouterView, prefix: string): void {
    if (router.listRoutes === undefined) {
      throw guardError(
        'router_too_old',
        'The guard needs Express with router 2.3 or newer: npm update express.',
      )
    }
    routers.add(router)
    for (const layer of router.stack) {
      if (layer.name === 'mounted_app') {
        problems.push(`An application mounted below "${prefix}/" cannot be read: mount a Router instead.`)
      }
      if (layer.route !== undefined) addRoute(layer, [layer.route.path].flat(), layer.route.stack, prefix)
    }
    for (const { path, router: mounted } of router.listRoutes()) {
      if (mounted === undefined) continue
      if (typeof path === 'string') visit(mounted, join(prefix, path))
      else problems.push(`A router mounted at ${path} cannot be read: write its path as text.`)
    }
  }

  function addRoute(
    layer: LayerView,
    paths: readonly RoutePath[],
    stack: readonly { readonly method?: string }[],
    prefix: string,
  ): void {
    const named = new Set(stack.map(({ method }) => method?.toUpperCase()))
    // `app.all` registers every method that Node knows, `router.all` none.
    const methods = METHODS.every((method) => named.has(method)) ? new Set([undefined]) : named
    const known = routes.get(layer) ?? { layer, methods, patterns: [] }
    routes.set(layer, known)
    for (const path of paths) {
      if (typeof path === 'string') known.patterns.push(join(prefix, path))
      else problems.push(`The route ${path} below "${prefix}/" cannot be read: write its path as text.`)
    }
  }
}

/**
 * Paths that stand for everything a pattern serves: optional parts with and without, a wildcard as two segments,
 * because only the rest of a path (`*`) in the policy covers more than one.
 */
export function samplePaths(pattern: string): string[] {
  const optional = /\{([^{}]*)\}/.exec(pattern)
  if (optional === null) return [pattern.replace(/\*\w+/g, '*/*')]
  const before = pattern.slice(0, optional.index)
  const after = pattern.slice(optional.index + optional[0].length)
  return [`${before}${optional[1]}${after}`, `${before}${after}`].flatMap(samplePaths)
}

function join(prefix: string, path: string): string {
  const start = prefix.replace(/\/+$/, '')
  return path === '/' && start !== '' ? start : `${start}${path}`
}
