// Reading an answer within its bound. Bytes are counted as they arrive and again as they unpack, so a compressed
// bomb is cut after the bound, not after it has filled the memory.
import type { IncomingMessage } from 'node:http'
import type { Readable, Transform } from 'node:stream'
import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createZstdDecompress,
} from 'node:zlib'
import { egressError } from './egress-error.ts'

/** Encodings we ask for, each with its decoder. Stacked encodings are refused: nobody needs them but bombs. */
const decoders: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
  // RFC 9659 allows windows up to 8 MiB here; by default a few bytes of a frame's head make the decoder take 128 MiB.
  zstd: () => createZstdDecompress({ params: { [constants.ZSTD_d_windowLogMax]: 23 } }),
}

/** What to ask servers for. */
export const acceptEncoding = 'gzip, deflate, br, zstd'

/** Collects the decoded body. Rejects with `egress_too_large` or `egress_failed` and destroys the connection. */
export function readBody(response: IncomingMessage, maxBytes: number, host: string): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => {
      // First of all: destroying reports a broken-off answer at once, and the first reason is the true one.
      reject(error)
      response.destroy()
      decoder?.destroy()
    }
    const tooLarge = () =>
      egressError('egress_too_large', `The answer is over ${maxBytes} bytes.`, host, 'size')
    const encoding = (response.headers['content-encoding'] ?? 'identity').trim().toLowerCase()
    const empty = response.statusCode === 204 || response.statusCode === 304
    const create = encoding === 'identity' || encoding === '' || empty ? undefined : decoders[encoding]
    let decoder: Transform | undefined
    if (create === undefined && encoding !== 'identity' && encoding !== '' && !empty) {
      return fail(
        egressError('egress_failed', 'The answer has an encoding we did not ask for.', host, 'encoding'),
      )
    }
    if (Number(response.headers['content-length'] ?? 0) > maxBytes) return fail(tooLarge())
    let received = 0
    let size = 0
    const chunks: Buffer[] = []
    let source: Readable = response
    if (create !== undefined) {
      decoder = create()
      decoder.on('error', () =>
        fail(egressError('egress_failed', 'The answer is badly encoded.', host, 'encoding')),
      )
      response.on('data', (chunk: Buffer) => {
        received += chunk.length
        if (received > maxBytes) fail(tooLarge())
      })
      source = response.pipe(decoder)
    }
    source.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > maxBytes) fail(tooLarge())
      else chunks.push(chunk)
    })
    source.on('end', () => resolve(new Uint8Array(Buffer.concat(chunks))))
    const cut = (error?: Error) =>
      fail(egressError('egress_failed', 'The answer broke off.', host, codeOf(error)))
    response.on('error', cut)
    response.on('aborted', cut)
  })
}

function codeOf(error: Error | undefined): string {
  return error !== undefined && 'code' in error ? String(error.code) : 'aborted'
}
