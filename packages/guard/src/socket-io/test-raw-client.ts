// A WebSocket client that keeps no rule: every byte is the test's own. It answers no close and no ping.
import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { until } from '@levqor/testing'

export interface RawClient {
  /** A WebSocket frame (RFC 6455 section 5.2): masked text unless said otherwise. */
  frame(
    payload: string | Buffer,
    head?: { opcode?: number; masked?: boolean; flags?: number; length?: bigint },
  ): void
  /** Bytes as they are. */
  bytes(data: Buffer): void
  /** Text frames that came in. */
  readonly texts: readonly string[]
  /** Whether the server has ended the line. */
  readonly closed: boolean
  /** Reads nothing more, so that what the server sends piles up there. */
  pause(): void
  destroy(): void
}

/** Connects and upgrades. `headers` are lines of the request. */
export async function rawClient(port: number, headers: Record<string, string>): Promise<RawClient> {
  const line = connect(port, '127.0.0.1')
  const texts: string[] = []
  let closed = false
  let upgraded = false
  let waiting: Buffer = Buffer.alloc(0)
  line.on('close', () => {
    closed = true
  })
  line.on('error', () => {})
  line.on('data', (chunk) => {
    waiting = Buffer.concat([waiting, chunk])
    if (!upgraded) {
      const end = waiting.indexOf('\r\n\r\n')
      if (end < 0) return
      upgraded = waiting.subarray(0, end).includes('101')
      waiting = waiting.subarray(end + 4)
    }
    waiting = readFrames(waiting, texts)
  })
  const path = '/socket.io/?EIO=4&transport=websocket'
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  line.write(
    [
      `GET ${path} HTTP/1.1`,
      'Host: chat.example',
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
      ...lines,
      '',
      '',
    ].join('\r\n'),
  )
  await until(() => upgraded || closed, { what: 'the upgrade' })
  return {
    texts,
    get closed() {
      return closed
    },
    frame: (payload, head = {}) => writeFrame(line, Buffer.from(payload), head),
    bytes: (data) => void line.write(data),
    pause: () => line.pause(),
    destroy: () => line.destroy(),
  }
}

function writeFrame(
  line: Socket,
  payload: Buffer,
  {
    opcode = 1,
    masked = true,
    flags = 0x80,
    length,
  }: { opcode?: number; masked?: boolean; flags?: number; length?: bigint },
): void {
  const size = length ?? BigInt(payload.length)
  const first = flags | opcode
  const bit = masked ? 0x80 : 0
  let head: Buffer
  if (size < 126n) head = Buffer.from([first, bit | Number(size)])
  else if (size < 65_536n) {
    head = Buffer.from([first, bit | 126, 0, 0])
    head.writeUInt16BE(Number(size), 2)
  } else {
    head = Buffer.alloc(10)
    head[0] = first
    head[1] = bit | 127
    head.writeBigUInt64BE(size, 2)
  }
  // A mask of zeros leaves the payload as it is.
  line.write(Buffer.concat([head, masked ? Buffer.alloc(4) : Buffer.alloc(0), payload]))
}

/** Takes whole frames off the front. */
function readFrames(data: Buffer, texts: string[]): Buffer {
  let rest = data
  for (;;) {
    const [first = 0, second = 0] = rest
    const short = second & 0x7f
    const start = short < 126 ? 2 : short === 126 ? 4 : 10
    if (rest.length < start) return rest
    const size = short < 126 ? short : short === 126 ? rest.readUInt16BE(2) : Number(rest.readBigUInt64BE(2))
    if (rest.length < start + size) return rest
    if ((first & 0x0f) === 1) texts.push(rest.subarray(start, start + size).toString())
    rest = rest.subarray(start + size)
  }
}
