// Verifying webhooks with large bodies: ours against the reference library and against the bare computation.
import { createHmac, timingSafeEqual } from 'node:crypto'
import { createSecret } from '@levqor/guard'
import {
  createMemoryReplayStore,
  createWebhookReceiver,
  createWebhookSecret,
  signWebhook,
  verifyWebhook,
} from '@levqor/guard/webhooks'
import { Webhook } from 'standardwebhooks'
import type { Benchmark, Contestant } from '../harness/benchmark.ts'

/** How often each verifies in one measurement; the reference library is many times slower. */
export interface Counts {
  readonly fast: number
  readonly slow: number
}

const usual: Counts = { fast: 1_000, slow: 60 }
const bodyBytes = 512 * 1024

/** @param counts smaller ones for tests; rates of tiny counts mean nothing */
export function guardWebhooks(counts: Counts = usual): Benchmark {
  return {
    name: 'guard-webhooks',
    about: 'verifying 512 KiB webhooks against standardwebhooks and bare node:crypto',
    async prepare() {
      const body = jsonOf(bodyBytes)
      const secret = createWebhookSecret()
      return {
        contestants: [
          verifying(body, secret, counts.fast),
          reference(body, secret, counts.slow),
          receiving(body, secret, counts.fast),
        ],
        ratios: [
          ratio('vs_standardwebhooks_512k', 'levqor.verified', 'standardwebhooks.verified'),
          ratio('vs_raw_hmac_512k', 'levqor.verified', 'levqor.raw_hmac'),
          ratio('receive_vs_standardwebhooks_512k', 'levqor_receive.verified', 'standardwebhooks.verified'),
        ],
        notes: [
          `One JSON body of ${bodyBytes} bytes, signed by Standard Webhooks; every signature is right, so everything is computed. Rates are per second of this process's CPU time.`,
          'raw_hmac: createHmac over the same bytes and timingSafeEqual, nothing else, in turn with ours every few messages, because the two differ by less than a busy machine does within a second. standardwebhooks: verify() of a Buffer without parsing the JSON.',
          'levqor_receive: the whole receiver, with a claim and a commit in memory for every message.',
        ],
        close: async () => undefined,
      }
    },
  }
}

/** How many messages in a row before the other one's turn. */
const turn = 20

function verifying(body: Buffer, secrets: string, count: number): Contestant {
  const nowMs = Date.now()
  const headers = signWebhook({ id: 'msg_1', timestampMs: nowMs, body }, secrets)
  const ours = () => {
    if (!verifyWebhook({ headers, body, secrets, nowMs }).valid) throw new Error('refused')
  }
  const raw = rawHmac(body, secrets)
  return {
    name: 'levqor',
    async measure() {
      const micros = { ours: 0, raw: 0 }
      for (let done = 0; done < count; done += turn) {
        micros.ours += cpuMicros(turn, ours)
        micros.raw += cpuMicros(turn, raw)
      }
      const all = Math.ceil(count / turn) * turn * 1_000_000
      return { verified_per_cpu_second: all / micros.ours, raw_hmac_per_cpu_second: all / micros.raw }
    },
  }
}

function rawHmac(body: Buffer, secret: string): () => void {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
  const before = `msg_1.${Math.floor(Date.now() / 1000)}.`
  const signature = createHmac('sha256', key).update(before).update(body).digest('base64')
  return () => {
    const expected = createHmac('sha256', key).update(before).update(body).digest()
    if (!timingSafeEqual(Buffer.from(signature, 'base64'), expected)) throw new Error('refused')
  }
}

function reference(body: Buffer, secret: string, count: number): Contestant {
  const webhook = new Webhook(secret)
  return {
    name: 'standardwebhooks',
    async measure() {
      // It reads the machine's clock, so the message must be fresh in every round.
      const headers = signWebhook({ id: 'msg_1', timestampMs: Date.now(), body }, secret)
      const micros = cpuMicros(count, () => webhook.verify(body, headers, { jsonParse: false }))
      return { verified_per_cpu_second: (count * 1_000_000) / micros }
    },
  }
}

function receiving(body: Buffer, secret: string, count: number): Contestant {
  let sent = 0
  const clock = { now: Date.now }
  const receiver = createWebhookReceiver({
    policy: { senders: { peer: { provider: 'standard-webhooks' } }, timedMemoryMs: 660_000 },
    secrets: { peer: [{ secret: createSecret(secret, { name: 'peer' }) }] },
    replayStore: createMemoryReplayStore({ clock }),
    clock,
  })
  return {
    name: 'levqor_receive',
    async measure() {
      const deliveries = Array.from({ length: count }, () => ({
        sender: 'peer' as const,
        headers: signWebhook({ id: `msg_${++sent}`, timestampMs: Date.now(), body }, secret),
        rawBody: body,
      }))
      const before = process.cpuUsage()
      for (const delivery of deliveries) {
        const { outcome } = await receiver.receive(delivery, () => undefined)
        if (outcome !== 'processed') throw new Error(outcome)
      }
      return { verified_per_cpu_second: (count * 1_000_000) / usedSince(before) }
    },
  }
}

function cpuMicros(count: number, verify: () => void): number {
  const before = process.cpuUsage()
  for (let i = 0; i < count; i++) verify()
  return usedSince(before)
}

function usedSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before)
  return user + system
}

function ratio(name: string, of: string, to: string) {
  return { name, of: `${of}_per_cpu_second`, to: `${to}_per_cpu_second` }
}

/** A JSON text of exactly that many bytes. */
function jsonOf(bytes: number): Buffer {
  const shell = '{"type":"report.finished","data":""}'
  const filling = 'The quick brown fox jumps over the lazy dog. '.repeat(Math.ceil(bytes / 45))
  return Buffer.from(shell.replace('""}', `"${filling.slice(0, bytes - shell.length)}"}`))
}
