// What a hostile tenant could write, by name. Each is stopped by its limit, and the next evaluation works.
import { afterAll, describe, expect, it } from 'vitest'
import { createSandbox } from './create-sandbox.ts'

const sandbox = createSandbox({ timeoutMs: 1_500 })
const key = 'workspace'
const scope = { payload: { name: 'Ada' }, steps: {} }

afterAll(() => sandbox.close())

const evaluate = (expression: string, data: unknown = scope) =>
  sandbox.run('evaluate', { expression, data }, { key })
const render = (template: string) => sandbox.run('render', { templates: [template], scope }, { key })

async function expectStillWorking() {
  await expect(render('Hello {{ payload.name }}')).resolves.toEqual(['Hello Ada'])
}

describe('templates', () => {
  it.each([
    ['a loop over a billion numbers', '{% for i in (1..1000000000) %}{{ i }}{% endfor %}', /sandbox_memory/],
    [
      'loops inside loops',
      '{% for i in (1..10000) %}{% for j in (1..10000) %}{% endfor %}{% endfor %}',
      /sandbox_timeout/,
    ],
    [
      'output that doubles forty times',
      '{% assign s = "aaaaaaaaaaaaaaaa" %}{% for i in (1..40) %}{% assign s = s | append: s %}{% endfor %}{{ s }}',
      /sandbox_memory/,
    ],
    [
      'output just over the limit',
      '{% for i in (1..10001) %}aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa{% endfor %}',
      /sandbox_output_too_large|sandbox_memory/,
    ],
    ['a file', '{% include "/etc/passwd" %}', /template_failed/],
    ['another template', '{% render "other" %}', /template_failed/],
    ['a hundred thousand characters', `${'{{ a }}'.repeat(20_000)}`, /template_failed|sandbox_memory/],
  ])('%s', async (_name, template, code) => {
    await expect(render(template)).rejects.toMatchObject({ code: expect.stringMatching(code) })
    await expectStillWorking()
  })
})

describe('expressions', () => {
  it.each([
    ['recursion without end', '($f := function($n) { $f($n + 1) + 1 }; $f(0))', /sandbox_(memory|timeout)/],
    ['tail recursion without end', '($f := function($n) { $f($n + 1) }; $f(0))', /sandbox_timeout/],
    [
      'catastrophic backtracking',
      '$match("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", /^(a+)+$/)',
      /sandbox_timeout/,
    ],
    ['ten million numbers', '[1..10000000]', /sandbox_(memory|timeout)/],
    ['a text of half a gigabyte', '$pad("x", 500000000)', /sandbox_(memory|output_too_large|timeout)/],
    [
      'an array that doubles',
      '($f := function($a) { $f($append($a, $a)) }; $f([1..1000]))',
      /sandbox_(memory|timeout)/,
    ],
    ['a product of ranges', '[1..9999].([1..9999])', /sandbox_(memory|timeout)/],
    ['a result over one megabyte', '$pad("x", 1000001)', /sandbox_output_too_large/],
    [
      'nesting deeper than the stack',
      `${'('.repeat(50_000)}1${')'.repeat(50_000)}`,
      /expression_failed|sandbox_/,
    ],
  ])('%s', async (_name, expression, code) => {
    await expect(evaluate(expression)).rejects.toMatchObject({ code: expect.stringMatching(code) })
    await expectStillWorking()
  })

  it.each([
    ['the constructor of the data', '$$.constructor.constructor("return process")()'],
    ['the constructor of an object', '{}.constructor.constructor("return process")()'],
    ['the constructor of a function', '$sum.constructor("return process")()'],
    ['a constructor by look-up', '$lookup($lookup($$, "constructor"), "constructor")("return process")()'],
    ['an evaluated text', '$eval("process.env")'],
    ['the process by name', 'process.env'],
    ['the global object', '$globalThis.process'],
    ['a module', '$require("node:fs").readFileSync("/etc/passwd")'],
  ])('%s leads nowhere', async (_name, expression) => {
    const result = await evaluate(expression).catch((error: { code: string }) => error.code)
    expect([null, 'expression_failed']).toContain(result)
  })

  it.each([
    '$ ~> |$|{"__proto__": {"polluted": true}}|',
    '$merge([{"__proto__": {"polluted": true}}, {"constructor": {"prototype": {"polluted": true}}}])',
    '$$.constructor.prototype ~> |$|{"polluted": true}|',
    '$spread({"__proto__": {"polluted": true}})',
  ])('nothing is left behind for the next workspace by %s', async (expression) => {
    await evaluate(expression).catch(() => undefined)
    await expect(evaluate('polluted', {})).resolves.toBeNull()
    await expect(render('[{{ payload.polluted }}]')).resolves.toEqual(['[]'])
  })
})

describe('prototypes in templates', () => {
  it('are not readable', async () => {
    await expect(
      render(
        '[{{ payload.constructor }}{{ payload.__proto__ }}{{ payload.name.constructor }}{{ payload.toString }}]',
      ),
    ).resolves.toEqual(['[]'])
  })
})

describe('tables and pages', () => {
  it('a table of a million cells is stopped by memory, time or output', async () => {
    const text = `a,b\n${'1,2\n'.repeat(500_000)}`
    await expect(
      sandbox.run('parseCsv', { text, header: true, numbers: false }, { key }),
    ).rejects.toMatchObject({ code: expect.stringMatching(/sandbox_/) })
    await expectStillWorking()
  })

  it('one endless quoted cell is refused', async () => {
    const text = `a,b\n"${'x'.repeat(300_000)}`
    await expect(
      sandbox.run('parseCsv', { text, header: true, numbers: false }, { key }),
    ).rejects.toMatchObject({ code: 'bad_csv' })
  })

  it('a header called __proto__ changes no prototype', async () => {
    const result = await sandbox.run(
      'parseCsv',
      { text: '__proto__,b\npolluted,2', header: true, numbers: false },
      { key },
    )
    expect(Object.getPrototypeOf(result.rows[0])).toBe(Object.prototype)
    expect(Object.hasOwn(result.rows[0] as object, '__proto__')).toBe(true)
  })

  it('a page of a hundred thousand nested elements fails or is read, and nothing else breaks', async () => {
    const html = '<div>'.repeat(100_000)
    await sandbox
      .run('extractHtml', { html, select: { text: 'body', inner: ['div div div'] } }, { key })
      .catch((error: { code: string }) => expect(error.code).toMatch(/sandbox_|bad_selector/))
    await expectStillWorking()
  })
})
