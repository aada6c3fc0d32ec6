// What a device shows of itself in every request, without asking it for more: no script, no canvas, no list of fonts.
// Chosen is what stays the same for months and differs between people's devices:
//
// - the browser and system named in User-Agent, without any number: versions change every four weeks, and a browser
//   that updates itself is no new device;
// - Sec-CH-UA-Platform and Sec-CH-UA-Mobile, which Chromium sends with every request on HTTPS;
// - the first language of Accept-Language: the rest is reordered by travel and by extensions.
//
// Left out: Accept and Accept-Encoding (they depend on what is asked for and on proxies), the order of headers (HTTP/2
// and proxies change it), screen and hardware hints (only sent when asked for, and that would be fingerprinting).
import type { Exchange } from '../kernel/passage.ts'

type RequestHeaders = Exchange['headers']

const longestTrait = 256

/** The traits in one text. Equal for requests of one device; to be hashed with a key before it is kept. */
export function requestTraits(headers: RequestHeaders): string {
  const language = header(headers, 'accept-language').split(/[,;]/, 1)[0] ?? ''
  return JSON.stringify([
    header(headers, 'user-agent').replace(/\d+(?:[._]\d+)*/g, ''),
    header(headers, 'sec-ch-ua-platform'),
    header(headers, 'sec-ch-ua-mobile'),
    language.trim().toLowerCase(),
  ])
}

function header(headers: RequestHeaders, name: string): string {
  const value = headers[name]
  return (typeof value === 'string' ? value : (value?.join(',') ?? '')).slice(0, longestTrait)
}
