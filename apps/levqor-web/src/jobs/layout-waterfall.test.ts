import { describe, expect, it } from 'vitest'
import { layoutWaterfall } from './layout-waterfall.ts'

const zero = Date.UTC(2026, 10, 21)
const at = (ms: number) => new Date(zero + ms).toISOString()

function step(id: string, startMs: number | null, endMs: number | null) {
  return {
    id,
    started_at: startMs === null ? null : at(startMs),
    finished_at: endMs === null ? null : at(endMs),
    duration_ms: startMs === null || endMs === null ? null : endMs - startMs,
  }
}

describe('the waterfall of a job', () => {
  it('places finished steps in proportion to their times', () => {
    const { bars, spanMs } = layoutWaterfall({
      steps: [step('a', 0, 250), step('b', 250, 1_000)],
      startedAt: at(0),
      finishedAt: at(1_100),
      now: zero + 9_999_999,
    })
    expect(spanMs).toBe(1_000)
    expect(bars.get('a')).toMatchObject({ leftPercent: 0, widthPercent: 25, open: false })
    expect(bars.get('b')).toMatchObject({ leftPercent: 25, widthPercent: 75, durationMs: 750 })
  })

  it('lets an open step grow with the clock and gives one that has not begun no bar', () => {
    const input = {
      steps: [step('a', 0, 500), step('b', 500, null), step('c', null, null)],
      startedAt: at(0),
      finishedAt: null,
    }
    const early = layoutWaterfall({ ...input, now: zero + 1_000 })
    expect(early.bars.get('b')).toMatchObject({
      leftPercent: 50,
      widthPercent: 50,
      open: true,
      durationMs: 500,
    })
    expect(layoutWaterfall({ ...input, now: zero + 2_000 }).bars.get('b')).toMatchObject({
      leftPercent: 25,
      widthPercent: 75,
    })
    expect(early.bars.has('c')).toBe(false)
  })

  it('never leaves the axis, even when the clocks of browser and server disagree', () => {
    const { bars } = layoutWaterfall({
      steps: [step('a', 5_000, null)],
      startedAt: at(4_000),
      finishedAt: null,
      now: zero,
    })
    const bar = bars.get('a')
    expect(bar?.leftPercent).toBeLessThanOrEqual(100)
    expect((bar?.leftPercent ?? 0) + (bar?.widthPercent ?? 0)).toBeLessThanOrEqual(100)
    expect(bar?.durationMs).toBe(0)
  })

  it('is empty before anything has begun', () => {
    const { bars, ticks } = layoutWaterfall({
      steps: [step('a', null, null)],
      startedAt: null,
      finishedAt: null,
      now: zero,
    })
    expect(bars.size + ticks.length).toBe(0)
  })

  it.each([3, 80, 999, 12_345, 3_600_000, 40 * 86_400_000])(
    'marks %d ms with few round ticks inside the axis',
    (spanMs) => {
      const { ticks } = layoutWaterfall({
        steps: [step('a', 0, spanMs)],
        startedAt: at(0),
        finishedAt: at(spanMs),
        now: zero,
      })
      expect(ticks.length).toBeGreaterThanOrEqual(2)
      expect(ticks.length).toBeLessThanOrEqual(6)
      expect(ticks.every((tick) => tick.leftPercent <= 94)).toBe(true)
    },
  )
})
