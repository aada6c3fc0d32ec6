// Which door stands at which route. Frameworks read one path differently (letter case, percent-encoding, a slash at
// the end, empty parameters), so a path that can be read in two ways only finds a door when all readings agree on it:
// no spelling leads to a weaker door than the one whose handler the framework would run.
import { guardError } from '../errors.ts'
import type { Door } from './compile-door.ts'
import { type PathSegments, readPath } from './read-path.ts'
import { splitPattern } from './route-pattern.ts'

/** One route and its door. */
export interface Route {
  readonly method: string
  readonly pattern: string
  /** The door's name. */
  readonly door: string
}

/** What a request met. */
export interface RouteMatch {
  /** The door to open; without a route the policy's `unmatched` door. */
  readonly door: Door
  /**
   * `undefined`: no route, or readings that disagree. Such a request must not reach a handler: an adapter whose
   * framework routes by itself opens the door, charges its limits and answers 404 in the framework's place.
   */
  readonly route: Route | undefined
}

/** The routes of one guard. */
export interface RouteTable {
  /**
   * Adds a route. `:name` is one segment, a last `*` the rest; literal segments win over `:name`, `:name` over `*`.
   * What else a framework writes into a segment (expressions, suffixes) counts as `:name`. A framework that takes the
   * first route that fits (Express) must be given its routes in this order.
   * @throws GuardError `door_unknown`, `bad_route`
   */
  add(method: string, pattern: string, door: string): void
  /** The door for a path as received, with or without its query. HEAD follows GET. Never throws, bounded work. */
  find(method: string, path: string): RouteMatch
  /** Every route, in the order in which they were added. */
  list(): readonly Route[]
}

interface Node {
  readonly literals: Map<string, Node>
  /** The same nodes by their text in lower case: for frameworks that do not tell letter case apart. */
  readonly folded: Map<string, Node[]>
  parameter: Node | undefined
  rest: RouteMatch[]
  here: RouteMatch[]
}

/** Creates an empty table over the doors of a policy. */
export function createRouteTable(doors: ReadonlyMap<string, Door>, unmatched: Door): RouteTable {
  const trees = new Map<string, Node>()
  const routes = new Map<string, Route>()
  const nothing: RouteMatch = { door: unmatched, route: undefined }
  return {
    add(method, pattern, doorName) {
      const door = doors.get(doorName)
      const name = `${method} ${pattern}`
      if (door === undefined) {
        throw guardError(
          'door_unknown',
          `${name} names the door "${doorName}", which the policy does not have.`,
        )
      }
      const segments = splitPattern(pattern === '*' ? '/*' : pattern)
      if (segments === undefined) throw guardError('bad_route', `${name}: a path begins with a slash.`)
      const known = routes.get(name)
      if (known?.door === doorName) return
      if (known !== undefined) {
        throw guardError('bad_route', `${name} stands at two doors: "${known.door}" and "${doorName}".`)
      }
      const route = { method, pattern, door: doorName }
      routes.set(name, route)
      place(treeOf(method), segments, { door, route })
    },
    find(method, path) {
      const segments = readPath(path)
      if (segments === undefined) return nothing
      const found: RouteMatch[] = []
      collect(trees.get(method), segments, 0, found)
      if (method === 'HEAD') addImplied(found, segments)
      const [first] = found
      return first !== undefined && found.every(({ door }) => door === first.door) ? first : nothing
    },
    list: () => [...routes.values()],
  }

  /** A framework answers HEAD by the GET route, unless the very same path has one for HEAD. */
  function addImplied(found: RouteMatch[], segments: PathSegments): void {
    const explicit = found[0]?.route?.pattern
    const implied: RouteMatch[] = []
    collect(trees.get('GET'), segments, 0, implied)
    if (explicit === undefined || implied[0]?.route?.pattern !== explicit) found.push(...implied)
  }

  function treeOf(method: string): Node {
    const known = trees.get(method)
    if (known !== undefined) return known
    const tree = createNode()
    trees.set(method, tree)
    return tree
  }
}

function createNode(): Node {
  return { literals: new Map(), folded: new Map(), parameter: undefined, rest: [], here: [] }
}

function place(tree: Node, segments: readonly string[], match: RouteMatch): void {
  let node = tree
  for (const [i, segment] of segments.entries()) {
    if (i === segments.length - 1 && segment.endsWith('*')) {
      node.rest.push(match)
      return
    }
    node = segment.includes(':') || segment.includes('*') ? parameterOf(node) : literalOf(node, segment)
  }
  node.here.push(match)
}

function parameterOf(node: Node): Node {
  node.parameter ??= createNode()
  return node.parameter
}

function literalOf(node: Node, segment: string): Node {
  const known = node.literals.get(segment)
  if (known !== undefined) return known
  const made = createNode()
  node.literals.set(segment, made)
  const key = segment.toLowerCase()
  node.folded.set(key, [...(node.folded.get(key) ?? []), made])
  return made
}

/**
 * Collects every route that some reading of the path leads to, best first. True when no framework can read it in
 * another way. Each node is visited at most once per call, so the table's size bounds the work.
 */
function collect(node: Node | undefined, path: PathSegments, index: number, found: RouteMatch[]): boolean {
  if (node === undefined) return false
  const raw = path.raw[index]
  if (raw === undefined) {
    // Express takes `/notes` for `/notes/`.
    found.push(...(node.here.length > 0 ? node.here : (node.literals.get('')?.here ?? [])))
    return node.here.length > 0
  }
  const exact = node.literals.get(raw)
  if (collect(exact, path, index + 1, found)) return true
  // Express takes `/notes/` for `/notes`; Fastify takes it for `/notes/:id` with an empty id.
  if (raw === '') found.push(...node.here)
  for (const other of node.folded.get(path.folded[index] ?? '') ?? []) {
    if (other !== exact) collect(other, path, index + 1, found)
  }
  if (collect(node.parameter, path, index + 1, found)) return true
  found.push(...node.rest)
  return node.rest.length > 0
}
