// Tokens: how long a stolen one is good for, and whether one can be forged.
import { tokenSettings } from '../../tokens/token-policy.ts'
import { type ConfigurationChecks, ifPresent, ifTold, sign, signIf } from '../check.ts'

const longestAccessMs = 15 * 60_000
const longestRefreshMs = 30 * 86_400_000

export const tokenChecks: ConfigurationChecks = {
  'GUARD-060': {
    title: 'Access tokens live long',
    severity: 'warning',
    explanation:
      'A stolen access token is good until it ends or the revocation bus has told everybody; nobody notices its use.',
    fix: 'Leave tokens.accessLifetimeMs at 15 minutes or less.',
    run: ({ policy }) =>
      ifPresent('tokens', policy.tokens, (tokens) => {
        const { accessLifetimeMs } = tokenSettings(tokens)
        const isLong = accessLifetimeMs > longestAccessMs
        return signIf(isLong, 'tokens.accessLifetimeMs', `${accessLifetimeMs / 60_000} minutes.`)
      }),
  },
  'GUARD-061': {
    title: 'Refresh tokens live long',
    severity: 'warning',
    explanation: 'A lost or sold device keeps its way in for as long.',
    fix: 'Leave tokens.refreshLifetimeMs at 30 days or less.',
    run: ({ policy }) =>
      ifPresent('tokens', policy.tokens, (tokens) => {
        const { refreshLifetimeMs } = tokenSettings(tokens)
        const isLong = refreshLifetimeMs > longestRefreshMs
        return signIf(isLong, 'tokens.refreshLifetimeMs', `${refreshLifetimeMs / 86_400_000} days.`)
      }),
  },
  'GUARD-062': {
    title: 'The algorithm of tokens is not pinned',
    severity: 'critical',
    explanation:
      'A verifier that takes several algorithms, or asks the token which, can be handed a token signed with the public key as an HMAC secret, or with nothing.',
    fix: 'Verify with createTokenKeys, which pins one of HS256 and EdDSA.',
    run: ({ facts }) =>
      ifTold('tokenAlgorithms', facts.tokenAlgorithms, (accepted) => {
        if (accepted.length === 0) return [sign('tokens', 'Any algorithm is accepted.')]
        if (accepted.some((algorithm) => algorithm.toLowerCase() === 'none')) {
          return [sign('tokens', 'Tokens without any signature are accepted.')]
        }
        const hmac = accepted.filter((algorithm) => algorithm.startsWith('HS')).length
        const mixed = hmac > 0 && hmac < accepted.length
        return signIf(mixed, 'tokens', `${accepted.join(', ')} are accepted side by side.`)
      }),
  },
  'GUARD-063': {
    title: 'The key that signs tokens is short',
    severity: 'critical',
    explanation:
      'Whoever has one token tries keys against it offline; RFC 7518 section 3.2 wants 256 bits for HS256.',
    fix: 'Use 32 random bytes: `guard secrets`.',
    run: ({ facts }) =>
      ifTold('hmacKeyBits', facts.hmacKeyBits, (bits) => signIf(bits < 256, 'tokens', `${bits} bits.`)),
  },
}
