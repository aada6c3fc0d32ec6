// Where the provider for tests keeps what it has issued. Its own memory warns on every start that it is not for production.
import type { Adapter, AdapterPayload } from 'oidc-provider'

/** One memory for all kinds of things of one provider. */
export function oidcMemory(): (kind: string) => Adapter {
  const kept = new Map<string, AdapterPayload>()
  const find = (matches: (payload: AdapterPayload) => boolean) =>
    Promise.resolve([...kept.values()].find(matches))
  return (kind) => {
    const keyOf = (id: string) => `${kind}:${id}`
    return {
      async upsert(id, payload) {
        kept.set(keyOf(id), payload)
      },
      find: async (id) => kept.get(keyOf(id)),
      findByUid: (uid) => find((payload) => payload.uid === uid),
      findByUserCode: (code) => find((payload) => payload.userCode === code),
      async consume(id) {
        const payload = kept.get(keyOf(id))
        if (payload) payload.consumed = Math.floor(Date.now() / 1_000)
      },
      async destroy(id) {
        kept.delete(keyOf(id))
      },
      async revokeByGrantId(grantId) {
        for (const [key, payload] of kept) if (payload.grantId === grantId) kept.delete(key)
      },
    }
  }
}
