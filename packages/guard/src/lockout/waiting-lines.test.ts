import { describe, expect, it } from 'vitest'
import { createWaitingLines, type PlaceAnswer } from './waiting-lines.ts'

const reserved: PlaceAnswer = { outcome: 'reserved' }
const busy = (counter = 'a', newest = ''): PlaceAnswer => ({
  outcome: 'busy',
  counter,
  newest,
  retryAfterMs: 9,
})
const locked = (counter = 'a'): PlaceAnswer => ({ outcome: 'locked', counter, retryAfterMs: 1000 })
const setup = (waitMs = 2000, longestMs = 10_000) => createWaitingLines({ waitMs, longestMs })
const turn = () => new Promise((resolve) => setImmediate(resolve))

describe('attempts that find no place', () => {
  it('wait first come, first served, and only the head asks', async () => {
    const lines = setup()
    let places = 0
    const asked = new Set<number>()
    const served: number[] = []
    const enter = (n: number) =>
      lines.enter(['a'], async () => {
        asked.add(n)
        if (places === 0) return busy()
        places--
        served.push(n)
        return reserved
      })
    const first = enter(0)
    await turn()
    const others = Array.from({ length: 20 }, (_, i) => enter(i + 1))
    await turn()
    expect([lines.waiting, [...asked]]).toEqual([21, [0]])
    places = 21
    lines.wake(['a'])
    await Promise.all([first, ...others])
    expect(served).toEqual(Array.from({ length: 21 }, (_, i) => i))
    expect(lines.waiting).toBe(0)
  })

  it('those who arrive together ask one after another', async () => {
    const lines = setup()
    let asking = 0
    let most = 0
    const ask = async () => {
      most = Math.max(most, ++asking)
      await turn()
      asking--
      return reserved
    }
    await Promise.all(Array.from({ length: 30 }, (_, i) => lines.enter([`account-${i}`, 'address'], ask)))
    expect(most).toBe(1)
  })

  it('those of other counters do not wait', async () => {
    const lines = setup()
    const waiting = lines.enter(['a'], async () => busy())
    await turn()
    expect(await lines.enter(['b'], async () => reserved)).toEqual(reserved)
    expect(lines.waiting).toBe(1)
    void waiting
  })

  it('a lock answers everybody in the line with one question', async () => {
    const lines = setup()
    let asked = 0
    let answer = busy()
    const enter = () =>
      lines.enter(['a'], async () => {
        asked++
        return answer
      })
    const all = [enter(), ...Array.from({ length: 100 }, enter)]
    await turn()
    answer = locked()
    asked = 0
    lines.wake(['a'])
    expect(new Set(await Promise.all(all))).toEqual(new Set([locked()]))
    expect(asked).toBe(1)
  })

  it('a lock of one attempt’s other counter answers that attempt alone', async () => {
    const lines = setup()
    const answers = [locked('b'), reserved]
    const enter = () => lines.enter(['a'], async () => (started ? (answers.shift() ?? reserved) : busy()))
    let started = false
    const all = [enter(), enter(), enter()]
    await turn()
    started = true
    lines.wake(['a'])
    expect(await Promise.all(all)).toEqual([locked('b'), reserved, reserved])
  })

  it('a store that fails answers everybody at once', async () => {
    const lines = setup()
    let asked = 0
    let answer = busy()
    const enter = () =>
      lines.enter(['a'], async () => {
        asked++
        return answer
      })
    const all = [enter(), enter(), enter()]
    await turn()
    asked = 0
    answer = { outcome: 'unavailable' }
    lines.wake(['a'])
    expect((await Promise.all(all)).map(({ outcome }) => outcome)).toEqual(Array(3).fill('unavailable'))
    expect(asked).toBe(1)
  })

  it('one that waits for another counter now changes the line and holds nobody up', async () => {
    const lines = setup()
    const first = [busy('a'), busy('b'), reserved]
    const one = lines.enter(['a', 'b'], async () => first.shift() ?? reserved)
    await turn()
    const two = lines.enter(['a'], async () => reserved)
    lines.wake(['a'])
    expect(await two).toEqual(reserved)
    expect(await one).toEqual(reserved)
  })

  it('places given back elsewhere are found without being woken', async () => {
    const lines = setup()
    const answers = [busy(), busy(), busy()]
    expect(await lines.enter(['a'], async () => answers.shift() ?? reserved)).toEqual(reserved)
  })

  it('are refused when the line has stood still for so long', async () => {
    const lines = setup(60)
    const start = performance.now()
    const answers = await Promise.all(Array.from({ length: 5 }, () => lines.enter(['a'], async () => busy())))
    const took = performance.now() - start
    expect(answers.map(({ outcome }) => outcome)).toEqual(Array(5).fill('busy'))
    expect(took).toBeGreaterThanOrEqual(60)
    expect(took).toBeLessThan(1000)
    expect(lines.waiting).toBe(0)
  })

  it('are not refused while places go from hand to hand in another process', async () => {
    const lines = setup(60)
    const start = performance.now()
    let hand = 0
    const answer = await lines.enter(['a'], async () =>
      performance.now() - start > 300 ? reserved : busy('a', `${hand++}`),
    )
    expect(answer).toEqual(reserved)
  })

  it('are refused in the end, however much moves', async () => {
    const lines = setup(60, 150)
    let hand = 0
    const answer = await lines.enter(['a'], async () => busy('a', `${hand++}`))
    expect(answer.outcome).toBe('busy')
  })

  it('at most 512 stand in one line and 2,048 in all; the next is refused at once', async () => {
    const lines = setup()
    let open = false
    const ask = (counter: string) => async () => (open ? reserved : busy(counter))
    const enter = (counter: string) => lines.enter([counter], ask(counter))
    const waiting: Promise<PlaceAnswer>[] = []
    for (const counter of ['a', 'b', 'c', 'd']) {
      waiting.push(enter(counter))
      await turn()
      for (let i = 1; i < 512; i++) waiting.push(enter(counter))
      expect((await enter(counter)).outcome).toBe('busy')
    }
    expect(lines.waiting).toBe(2048)
    expect((await enter('e')).outcome).toBe('busy')
    open = true
    lines.wake(['a', 'b', 'c', 'd'])
    const answers = await Promise.all(waiting)
    expect(answers.every(({ outcome }) => outcome === 'reserved')).toBe(true)
    expect(lines.waiting).toBe(0)
  })
})
