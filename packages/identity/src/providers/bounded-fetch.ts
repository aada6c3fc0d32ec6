// How providers are asked: over TLS (plain HTTP on this machine alone), without following redirects, and no answer is read
// past what any honest one needs.
import { isLoopbackHost } from '@levqor/server'
import type { CustomFetch } from 'openid-client'
import { UnacceptableAnswer } from './provider-failure.ts'

const mostBytes = 512 * 1024

/** Whether requests, codes and people may be sent there. */
export function isSafeAddress(text: unknown): boolean {
  if (typeof text !== 'string' || !URL.canParse(text)) return false
  const { protocol, hostname } = new URL(text)
  return protocol === 'https:' || (protocol === 'http:' && isLoopbackHost(hostname))
}

export const boundedFetch: CustomFetch = async (url, { method, headers, body, signal }) => {
  if (!isSafeAddress(url)) throw new UnacceptableAnswer('address')
  const response = await fetch(url, {
    method,
    headers,
    redirect: 'manual',
    ...(body === undefined ? {} : { body }),
    ...(signal === undefined ? {} : { signal }),
  })
  const chunks: Uint8Array<ArrayBuffer>[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength
    if (bytes > mostBytes) throw new UnacceptableAnswer('too_large')
    chunks.push(chunk)
  }
  const { status } = response
  const empty = status === 204 || status === 304
  return new Response(empty ? null : new Blob(chunks), { status, headers: response.headers })
}
