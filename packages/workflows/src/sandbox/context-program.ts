// What runs in the sandbox's own V8 context: Liquid and JSONata, and nothing of Node.
//
// The context has no process, no require, no timers, no network, and cannot turn text into code. It sees two
// strings per call (operation and JSON) and returns one. Its prototypes are frozen once the two libraries are
// loaded, so that no expression of one workspace leaves anything behind for the next.
//
// The function is turned into source text and evaluated over there: it must not use anything from this module.

interface ContextLimits {
  readonly timeoutMs: number
  readonly outputBytes: number
}

export type ContextProgram = (operation: string, input: string) => Promise<string>

export function contextProgram(limits: ContextLimits): ContextProgram {
  // The browser builds of the two libraries leave themselves on the global object; only the parts used are typed.
  const libraries = globalThis as unknown as {
    readonly jsonata: (text: string) => { ast(): unknown; evaluate(data: unknown): Promise<unknown> }
    readonly liquidjs: {
      readonly Liquid: new (
        options: object,
      ) => {
        readonly tags: Record<string, unknown>
        parse(text: string): unknown[]
        render(template: unknown[], scope: unknown, options?: object): Promise<string>
        globalVariableSegmentsSync(template: unknown[]): unknown[][]
      }
    }
  }
  const { jsonata } = libraries
  const liquid = new libraries.liquidjs.Liquid({
    ownPropertyOnly: true,
    strictFilters: true,
    jsTruthy: false,
    templates: {},
    parseLimit: 100_000,
    renderLimit: limits.timeoutMs,
    memoryLimit: 4 * limits.outputBytes,
  })
  // Nothing outside a template may be read, not even another template.
  for (const tag of ['include', 'render', 'layout', 'block']) delete liquid.tags[tag]

  // Error prototypes stay open: libraries set `name` and `message` on the errors they make.
  for (const type of [Object, Array, Function, String, Number, Boolean, RegExp, Promise, Map, Set, Date]) {
    Object.freeze(type.prototype)
    Object.freeze(type)
  }

  function failure(code: string, error: unknown): { readonly code: string; readonly message: string } {
    const facts = typeof error === 'object' && error !== null ? (error as { message?: unknown }) : {}
    const message = typeof facts.message === 'string' ? facts.message : String(error)
    const limit = /render limit exceeded/.test(message)
      ? 'sandbox_timeout'
      : /alloc limit exceeded|Invalid (string|array) length|call stack/.test(message)
        ? 'sandbox_memory'
        : undefined
    return { code: limit ?? code, message: message.slice(0, 500) }
  }

  async function render(input: { readonly templates: readonly string[]; readonly scope: unknown }) {
    const texts: string[] = []
    let length = 0
    for (const template of input.templates) {
      const text = await liquid.render(liquid.parse(template), input.scope)
      length += text.length
      if (length > limits.outputBytes) throw { code: 'sandbox_output_too_large' }
      texts.push(text)
    }
    return texts
  }

  async function evaluate(input: {
    readonly expression: string
    readonly data: unknown
    readonly as?: 'boolean'
  }) {
    const expression = input.as === 'boolean' ? `$boolean((${input.expression}\n))` : input.expression
    const value = await jsonata(expression).evaluate(input.data)
    return input.as === 'boolean' ? value === true : value
  }

  function analyseTemplate(text: string) {
    try {
      const segments = liquid.globalVariableSegmentsSync(liquid.parse(text))
      return { references: segments.map(leadingNames) }
    } catch (error) {
      return { error: failure('template_failed', error).message }
    }
  }

  function analyseExpression(text: string) {
    try {
      const references: string[][] = []
      collectReferences(jsonata(text).ast(), references)
      return { references }
    } catch (error) {
      return { error: failure('expression_failed', error).message }
    }
  }

  function leadingNames(segments: readonly unknown[]): string[] {
    const names: string[] = []
    for (const segment of segments) {
      if (typeof segment !== 'string') break
      names.push(segment)
    }
    return names
  }

  interface Node {
    readonly type?: string
    readonly value?: unknown
    readonly steps?: readonly Node[]
    readonly lhs?: unknown
    readonly [key: string]: unknown
  }

  // Only what is certainly evaluated against the root is collected: inside a filter or behind a dot the same
  // names mean something else, and a false alarm would refuse a good workflow.
  function collectReferences(tree: unknown, found: string[][]): void {
    if (typeof tree !== 'object' || tree === null) return
    if (Array.isArray(tree)) {
      for (const item of tree) collectReferences(item, found)
      return
    }
    // Any object can be seen as a node whose fields are unknown.
    const node = tree as Node
    if (node.type === 'path') {
      collectPath(node.steps ?? [], found)
      return
    }
    // Bodies of functions and stages of a sort or group see another context.
    if (node.type === 'lambda' || node.type === 'transform') return
    for (const key of ['lhs', 'rhs', 'arguments', 'condition', 'then', 'else', 'expressions', 'expression']) {
      collectReferences(node[key], found)
    }
  }

  function collectPath(steps: readonly Node[], found: string[][]): void {
    const [first, ...others] = steps
    if (!first) return
    const fromRoot = first.type === 'variable' && (first.value === '$' || first.value === '')
    if (!fromRoot && first.type !== 'name') {
      collectReferences(first, found)
      return
    }
    const names: string[] = []
    for (const step of fromRoot ? others : steps) {
      if (step.type !== 'name' || typeof step.value !== 'string') break
      names.push(step.value)
    }
    if (names.length > 0) found.push(names)
  }

  const operations: Record<string, (input: never) => unknown> = {
    render,
    evaluate,
    analyse: (input: { readonly templates: readonly string[]; readonly expressions: readonly string[] }) => ({
      templates: input.templates.map(analyseTemplate),
      expressions: input.expressions.map(analyseExpression),
    }),
  }
  const codes: Record<string, string> = { render: 'template_failed', evaluate: 'expression_failed' }

  return async (name, input) => {
    try {
      // The names come from the thread's own table, and each input was made for its operation.
      const value = await operations[name]?.(JSON.parse(input) as never)
      return JSON.stringify({ value: value ?? null })
    } catch (error) {
      const known = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
      const code = known === 'sandbox_output_too_large' ? known : (codes[name] ?? 'expression_failed')
      return JSON.stringify({ failure: failure(code, error) })
    }
  }
}
