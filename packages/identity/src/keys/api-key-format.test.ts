import { seededRandom } from '@levqor/testing'
import { expect, it } from 'vitest'
import { type ApiKeyMode, apiKeyHash, newApiKey } from './api-key-format.ts'

it.each<ApiKeyMode>(['live', 'test'])('every new %s key is recognised, and no two are alike', (mode) => {
  const keys = Array.from({ length: 500 }, () => newApiKey(mode))
  expect(new Set(keys.map(({ text }) => text)).size).toBe(500)
  for (const { text, hash, displayPrefix } of keys) {
    expect(text).toMatch(new RegExp(`^lvk_${mode}_[0-9A-Za-z]{49}$`))
    expect(apiKeyHash(text)).toBe(hash)
    expect(hash).toMatch(/^[0-9a-f]{64}$/)
    expect(text.startsWith(displayPrefix)).toBe(true)
    expect(displayPrefix).toHaveLength(13)
  }
})

it('finds every wrong character and every swapped pair', () => {
  const random = seededRandom(7)
  const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
  const { text } = newApiKey()
  for (let at = 9; at < text.length; at++) {
    const other = alphabet[Math.floor(random() * alphabet.length)] ?? '0'
    const changed = text.slice(0, at) + other + text.slice(at + 1)
    if (changed !== text) expect(apiKeyHash(changed), `character ${at}`).toBeUndefined()
    const swapped = text.slice(0, at - 1) + text[at] + text[at - 1] + text.slice(at + 1)
    if (at > 9 && swapped !== text) expect(apiKeyHash(swapped), `pair ${at}`).toBeUndefined()
  }
})

it.each([
  '',
  'lvk_live_',
  'lvk_live_é',
  `lvk_live_${'a'.repeat(48)}`,
  `lvk_live_${'a'.repeat(50)}`,
  `x${newApiKey().text}`,
  newApiKey('live').text.replace('live', 'test'),
  newApiKey('test').text.replace('test', 'live'),
  newApiKey('test').text.replace('test', 'best'),
  `${newApiKey().text}\n`,
])('refuses %s', (text) => {
  expect(apiKeyHash(text)).toBeUndefined()
})
