// Which network announces an address, answered from memory: the first address of every range in one ascending typed
// array, the network numbers in another. A range ends where the next one begins; number 0 is a gap that nobody
// announces. Positions have 64 bits: IPv6 is kept by /64, the smallest prefix that is given to one subscriber.
import { type Ip, parseIp } from '../address/ip.ts'
import { guardError } from '../errors.ts'
import { type NetworkOf, readAddress } from './network-of.ts'

/** A finished table. */
export interface NetworkTable {
  readonly networkOf: NetworkOf
  /** Ranges kept, gaps included. */
  readonly ranges: number
  /** Memory of the table. */
  readonly bytes: number
}

/** Takes ranges in ascending order, each family by itself. */
export interface NetworkTableBuilder {
  /**
   * One line: first address, last address and network number, separated by commas or tabs; what follows is ignored.
   * Blank lines are skipped. Where ranges overlap the first one wins.
   * @throws GuardError `bad_network_table` naming the line
   */
  addLine(line: string): void
  finish(): NetworkTable
}

/** Starts an empty table. */
export function createNetworkTableBuilder(): NetworkTableBuilder {
  const families = { 4: createRanges(), 6: createRanges() }
  let lines = 0
  return {
    addLine(line) {
      lines++
      if (line === '') return
      const [from = '', to = '', number = ''] = line.split(/[,\t]/, 3)
      const first = parseIp(from)
      const last = parseIp(to)
      if (first === undefined || last?.family !== first.family || !/^\d{1,9}\d?$/.test(number)) {
        throw broken('is not "first address, last address, network number"')
      }
      const problem = families[first.family].add(positionOf(first), positionOf(last), Number(number))
      if (problem !== undefined) throw broken(problem)
    },
    finish: () => tableOf(families[4].finish(), families[6].finish()),
  }

  function broken(what: string) {
    const message = `Line ${lines} of the network table ${what}. Install or download the table again.`
    return guardError('bad_network_table', message, { line: lines })
  }
}

/** Apart from the builder, so that the arrays it grew are not kept alive with the table. */
function tableOf(four: FinishedRanges, six: FinishedRanges): NetworkTable {
  return {
    ranges: four.size + six.size,
    bytes: four.bytes + six.bytes,
    networkOf(address) {
      const ip = readAddress(address)
      if (ip === undefined) return undefined
      return (ip.family === 4 ? four : six).find(positionOf(ip))
    },
  }
}

const lastPosition = 2n ** 64n - 1n

/** One family's ranges. */
interface Ranges {
  /** Returns what is wrong with the range, if anything. */
  add(first: bigint, last: bigint, network: number): string | undefined
  finish(): FinishedRanges
}

interface FinishedRanges {
  readonly size: number
  readonly bytes: number
  find(position: bigint): number | undefined
}

function createRanges(): Ranges {
  let starts = new BigUint64Array(1024)
  let networks = new Uint32Array(1024)
  let size = 0
  let lastFirst = -1n
  // Everything before this position has been given away.
  let free = 0n

  function push(start: bigint, network: number): void {
    // Neighbours of one network are one range.
    if (size > 0 && networks[size - 1] === network) return
    if (size === starts.length) {
      const moreStarts = new BigUint64Array(size * 2)
      const moreNetworks = new Uint32Array(size * 2)
      moreStarts.set(starts)
      moreNetworks.set(networks)
      starts = moreStarts
      networks = moreNetworks
    }
    starts[size] = start
    networks[size] = network
    size++
  }

  return {
    add(first, last, network) {
      if (last < first) return 'ends before it begins'
      if (first < lastFirst) return 'is out of order'
      lastFirst = first
      if (last < free) return undefined
      if (first > free) push(free, 0)
      push(first > free ? first : free, network)
      free = last + 1n
      return undefined
    },
    finish() {
      // A range that reaches the last position has nothing behind it.
      if (size > 0 && free <= lastPosition) push(free, 0)
      return finishedRanges(starts.slice(0, size), networks.slice(0, size))
    },
  }
}

function finishedRanges(starts: BigUint64Array, networks: Uint32Array): FinishedRanges {
  const size = starts.length
  return {
    size,
    bytes: starts.byteLength + networks.byteLength,
    find(position) {
      let low = 0
      let high = size
      // Looks for the first start above the position; the range before it holds the position.
      while (low < high) {
        const middle = (low + high) >>> 1
        if ((starts[middle] ?? 0n) > position) high = middle
        else low = middle + 1
      }
      return networks[low - 1] || undefined
    },
  }
}

function positionOf(ip: Ip): bigint {
  if (ip.family === 4) return BigInt(ip.bits)
  const [a = 0, b = 0, c = 0, d = 0] = ip.words
  return (BigInt(((a << 16) | b) >>> 0) << 32n) | BigInt(((c << 16) | d) >>> 0)
}
