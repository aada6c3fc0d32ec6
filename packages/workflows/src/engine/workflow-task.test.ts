// The engine above the real store and runner: order, types, conditions, failures, crashes, waits, limits.
import { until } from '@levqor/testing'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Connector, type ConnectorTable, defineConnector } from '../connectors/connector.ts'
import { connectors } from '../connectors/connector-table.ts'
import type { Definition, StepDefinition } from '../definition/definition.ts'
import { type Harness, openHarness } from '../harness-for-tests.ts'
import { createSandbox } from '../sandbox/create-sandbox.ts'

const sandbox = createSandbox({ timeoutMs: 600 })
let harness: Harness

beforeEach(async () => {
  harness = await openHarness(sandbox)
})
afterEach(() => harness.close())
afterAll(() => sandbox.close())

const steps = (...list: readonly StepDefinition[]): Definition => ({ name: 'test', steps: list })
const text = (id: string, value: string, more: Partial<StepDefinition> = {}): StepDefinition => ({
  id,
  use: 'text.template',
  with: { text: value },
  ...more,
})
const stepsOf = async (jobId: string) =>
  (await harness.store.steps({ jobId })).map(({ stepId, state, attempt, effect }) => ({
    stepId,
    state,
    attempt,
    effect,
  }))

/** A connector that counts its calls and does what the test says. */
function probe(effect: Connector['effect'], act: (call: Call) => Promise<unknown>) {
  const calls: Call[] = []
  const connector = defineConnector<{ readonly value?: unknown }>({
    id: 'test.probe',
    title: 'Probe',
    description: 'For tests.',
    effect,
    parameters: { type: 'object', properties: { value: {} } },
    result: {},
    async run({ idempotencyKey, signal }, input) {
      const call = { input, idempotencyKey, signal, number: calls.length + 1 }
      calls.push(call)
      return { output: await act(call) }
    },
  })
  const table: ConnectorTable = new Map([...connectors, [connector.id, connector]])
  return { calls, connectors: table }
}
interface Call {
  readonly input: unknown
  readonly idempotencyKey: string
  readonly signal: AbortSignal
  readonly number: number
}
const use = (id: string, value: string): StepDefinition => ({ id, use: 'test.probe', with: { value } })
const never = () => new Promise<never>(() => undefined)

describe('values', () => {
  it('one lone path keeps its type, everything else is text', async () => {
    const definition: Definition = {
      ...steps(text('a', 'x')),
      output: {
        number: '{{ payload.n }}',
        list: '{{payload.list}}',
        item: '{{ payload.list[1] }}',
        quoted: '{{ payload["odd name"] }}',
        text: 'n={{ payload.n }}',
        filtered: '{{ payload.n | plus: 1 }}',
        missing: '{{ payload.nothing.here }}',
        listWithMissing: ['{{ payload.nothing }}', 1],
        plain: 7,
      },
    }
    const job = await harness.run(definition, { n: 4, list: [1, { a: true }], 'odd name': null })
    expect(job.result).toEqual({
      number: 4,
      list: [1, { a: true }],
      item: { a: true },
      quoted: null,
      text: 'n=4',
      filtered: '5',
      listWithMissing: [null, 1],
      plain: 7,
    })
  })

  it('without an output the last step is the result', async () => {
    const job = await harness.run(steps(text('a', 'Hello {{ payload.name }}')), { name: 'Ada' })
    expect(job.result).toEqual({ text: 'Hello Ada' })
    expect(job.progress).toBe(100)
  })

  it('payload keys of a prototype are plain data', async () => {
    const job = await harness.run(
      steps(text('a', '{{ payload.constructor }}|{{ payload.__proto__ }}|{{ payload.x }}')),
      JSON.parse('{"constructor": "c", "__proto__": {"x": "polluted"}}'),
    )
    expect(job.result).toEqual({ text: expect.stringMatching(/^c\|.*\|$/) })
    expect(Object.hasOwn(Object.prototype, 'x')).toBe(false)
  })
})

describe('conditions', () => {
  it('a step whose condition is not true is recorded as skipped and gives null', async () => {
    const job = await harness.run({
      ...steps(text('a', 'a', { when: 'payload.wanted' }), text('b', '[{{ steps.a.text }}]')),
      output: { a: '{{ steps.a }}', b: '{{ steps.b.text }}' },
    })
    expect(job.result).toEqual({ a: null, b: '[]' })
    expect(await stepsOf(job.id)).toMatchObject([
      { stepId: 'a', state: 'skipped' },
      { stepId: 'b', state: 'succeeded' },
    ])
  })

  it.each([
    ['payload.n > 3', { n: 4 }, 'succeeded'],
    ['payload.n > 3', { n: 3 }, 'skipped'],
    ['payload.list', { list: [] }, 'skipped'],
    ['payload.list', { list: [0, 1] }, 'succeeded'],
    ['payload.text /* with a comment */', { text: '' }, 'skipped'],
  ])('%s on %j: %s', async (when, payload, state) => {
    const job = await harness.run(steps(text('a', 'a', { when })), payload)
    expect(await stepsOf(job.id)).toMatchObject([{ state }])
  })
})

describe('failures', () => {
  it('names the step, keeps finished steps and runs only the failed one again', async () => {
    const { calls, connectors: table } = probe('idempotent', async ({ number }) => {
      if (number === 1) throw Object.assign(new Error('not now'), { code: 'flaky' })
      return number
    })
    const first = probe('idempotent', async () => 'first')
    const both = new Map([...table, ['test.first', first.connectors.get('test.probe') as Connector]])
    const job = await harness.run(
      steps({ id: 'one', use: 'test.first' }, use('two', '{{ steps.one }}')),
      {},
      { connectors: both },
    )
    expect(job).toMatchObject({ state: 'succeeded', result: 2, failures: 1 })
    expect(calls.map(({ input }) => input)).toEqual([{ value: 'first' }, { value: 'first' }])
    expect(first.calls).toHaveLength(1)
    expect(await harness.store.attempts({ jobId: job.id })).toMatchObject([
      { outcome: 'failed', error: { code: 'flaky', details: { step: 'two' } } },
      { outcome: 'succeeded' },
    ])
  })

  it('a final error ends the job at its first failure', async () => {
    const { calls, connectors: table } = probe('idempotent', async () => {
      throw Object.assign(new Error('no'), { code: 'refused', final: true })
    })
    const job = await harness.run(steps(use('a', 'x')), {}, { connectors: table })
    expect(job).toMatchObject({
      state: 'dead',
      failures: 1,
      error: { code: 'refused', message: 'Step a: no' },
    })
    expect(calls).toHaveLength(1)
    expect(await harness.store.steps({ jobId: job.id })).toMatchObject([
      { state: 'failed', error: { code: 'refused', message: 'no' } },
    ])
  })

  it.each<[string, StepDefinition, string]>([
    [
      'a template that explodes',
      text('bad', '{% for i in (1..99999999) %}{{ i }}{% endfor %}'),
      'sandbox_memory',
    ],
    [
      'an expression that never ends',
      { id: 'bad', use: 'data.transform', with: { expression: '($f := function() { $f() }; $f())' } },
      'sandbox_timeout',
    ],
    [
      'a condition that bombs memory',
      text('bad', 'x', { when: '[1..10000000]' }),
      'sandbox_(memory|timeout)',
    ],
    [
      'a catastrophic pattern',
      {
        id: 'bad',
        use: 'data.transform',
        with: { expression: '$match("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", /^(a+)+$/)' },
      },
      'sandbox_timeout',
    ],
    [
      'parameters that do not fit',
      { id: 'bad', use: 'flow.wait', with: { seconds: '{{ payload.s }}' } },
      'bad_step_input',
    ],
  ])('%s fails only its step', async (_name, bad, code) => {
    const job = await harness.run(steps(text('good', 'fine'), bad, text('after', 'never')), { s: 'soon' })
    expect(job).toMatchObject({
      state: 'dead',
      error: { code: expect.stringMatching(code), details: { step: 'bad' } },
    })
    expect(await stepsOf(job.id)).toMatchObject([
      { stepId: 'good', state: 'succeeded', attempt: 1 },
      { stepId: 'bad', state: 'failed' },
    ])
  })

  it.each([
    [1_000_000 - 2, 'succeeded'],
    [1_000_000 - 1, 'dead'],
  ])('an output of %d characters and two quotes: %s', async (length, state) => {
    const { connectors: table } = probe('idempotent', async () => 'x'.repeat(length))
    const definition = { ...steps(use('a', 'x')), output: { ok: true } }
    const job = await harness.run(definition, {}, { connectors: table })
    expect(job.state).toBe(state)
    if (state === 'dead') expect(job.error).toMatchObject({ code: 'step_too_large' })
  })

  it('a step that ignores its time limit is left behind', async () => {
    const { calls, connectors: table } = probe('idempotent', never)
    const job = await harness.run(steps({ ...use('a', 'x'), timeoutMs: 100 }), {}, { connectors: table })
    expect(job).toMatchObject({ state: 'dead', error: { code: 'step_timeout' } })
    expect(calls.every(({ signal }) => signal.aborted)).toBe(true)
  })

  it('cancelling aborts the running step', async () => {
    const { calls, connectors: table } = probe('idempotent', never)
    const jobId = await harness.submit(steps(use('a', 'x'), text('b', 'b')), {})
    harness.work({ connectors: table })
    await until(() => calls.length === 1, { what: 'the step to run' })
    const workspace = '01930000-0000-7000-8000-000000000001'
    await harness.database
      .workspace(workspace)
      .transaction((tx) => harness.store.cancel(tx, { workspaceId: workspace, jobId }))
    expect(await harness.finished(jobId)).toMatchObject({ state: 'cancelled' })
    expect(calls[0]?.signal.aborted).toBe(true)
    expect((await stepsOf(jobId)).map(({ stepId }) => stepId)).toEqual(['a'])
  })
})

describe('after a crash in the middle of a step', () => {
  /** Runs step `one`, then loses its worker while `two` is in flight; a second worker takes over. */
  async function crash(effect: Connector['effect']) {
    const one = probe('idempotent', async () => 'done')
    const two = probe(effect, ({ number }) => (number === 1 ? never() : Promise.resolve('again')))
    const table = new Map([...two.connectors, ['test.one', one.connectors.get('test.probe') as Connector]])
    const jobId = await harness.submit(
      steps({ id: 'one', use: 'test.one' }, use('two', '{{ steps.one }} {{ "now" | date: "%s%L" }}')),
      {},
    )
    harness.work({ connectors: table, leaseMs: 1_000 })
    await until(() => two.calls.length === 1, { what: 'the second step to run' })
    await until(async () => (await stepsOf(jobId)).length === 2, { what: 'the checkpoint' })
    harness.clock.advance(2_000)
    await harness.store.reap()
    harness.work({ connectors: table })
    return { jobId, one, two }
  }

  it('an idempotent step runs again, a finished one does not', async () => {
    const { jobId, one, two } = await crash('idempotent')
    expect(await harness.finished(jobId)).toMatchObject({ state: 'succeeded', result: 'again', failures: 0 })
    expect([one.calls.length, two.calls.length]).toEqual([1, 2])
    expect(await stepsOf(jobId)).toMatchObject([{ attempt: 1 }, { attempt: 2 }])
  })

  it('a keyed step runs again with the same key and the same input', async () => {
    const { jobId, two } = await crash('keyed')
    await harness.finished(jobId)
    const [before, after] = two.calls
    expect(before?.idempotencyKey).toBe(`${jobId}:two`)
    expect(after?.idempotencyKey).toBe(before?.idempotencyKey)
    expect(after?.input).toEqual(before?.input)
  })

  it('an unsafe step waits for a person', async () => {
    const { jobId, two } = await crash('unsafe')
    const state = async () => (await harness.store.get({ jobId }))?.state
    await until(async () => (await state()) === 'blocked', { what: 'the job to block' })
    expect(await harness.store.get({ jobId })).toMatchObject({ stateReason: 'undecided_step' })
    expect(two.calls).toHaveLength(1)
    const workspace = '01930000-0000-7000-8000-000000000001'
    const address = { workspaceId: workspace, jobId, stepId: 'two' }
    await harness.database
      .workspace(workspace)
      .transaction((tx) => harness.store.resolveStep(tx, address, 'skip'))
    expect(await harness.finished(jobId)).toMatchObject({ state: 'succeeded', result: null })
    expect(await stepsOf(jobId)).toMatchObject([{ state: 'succeeded' }, { state: 'skipped' }])
  })
})

describe('waiting', () => {
  it('holds no worker, goes on after the time, and counts as no failure', async () => {
    const jobId = await harness.submit(
      { ...steps(text('a', 'a'), { id: 'pause', use: 'flow.wait', with: { seconds: 60 } }, text('b', 'b')) },
      {},
    )
    const runner = harness.work()
    await until(async () => (await harness.store.get({ jobId }))?.state === 'scheduled', { what: 'the wait' })
    expect(await harness.store.get({ jobId })).toMatchObject({ stateReason: 'wait', progress: 33 })
    expect(runner.running).toBe(0)
    const dueAt = harness.clock.now() + 60_000
    harness.clock.advance(59_999)
    expect((await harness.store.get({ jobId }))?.state).toBe('scheduled')
    harness.clock.advance(1)
    const job = await harness.finished(jobId)
    expect(job).toMatchObject({ state: 'succeeded', failures: 0, result: { text: 'b' } })
    const waited = (await harness.store.steps({ jobId })).find(({ stepId }) => stepId === 'pause')
    expect(waited).toMatchObject({
      state: 'succeeded',
      attempt: 1,
      output: { until: new Date(dueAt).toISOString() },
    })
  })

  it('a moment in the past does not wait', async () => {
    const job = await harness.run(
      steps({ id: 'pause', use: 'flow.wait', with: { until: '2001-01-01T00:00:00Z' } }),
    )
    expect(job).toMatchObject({ state: 'succeeded', result: { until: '2001-01-01T00:00:00.000Z' } })
  })
})
