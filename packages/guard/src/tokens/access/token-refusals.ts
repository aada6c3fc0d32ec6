// Why a token was refused, as a closed list: precise for our own records. The caller is told `credential_invalid` for
// every one of them.

/** The reasons with what each means. */
export const tokenRefusals = {
  token_too_long: 'longer than any token that is issued here',
  token_segments: 'not exactly three segments with two dots',
  token_encoding: 'a segment is not canonical base64url: padding, spaces, other letters, stray bits',
  header_json: 'the header is not one JSON object of texts in its shortest form',
  header_duplicate: 'the header names a member twice',
  header_member: 'the header has a member other than alg, typ and kid: crit, jwk, jku, x5u, x5c, b64 …',
  header_algorithm: 'the algorithm is not the one that is pinned',
  header_type: 'the type is not that of an access token',
  key_form: 'the key id is missing or has characters that key ids never have',
  key_unknown: 'no key of that id is accepted, or not any more',
  signature_missing: 'the signature is empty',
  signature_wrong: 'the signature does not hold',
  claims_json: 'the claims are not one JSON object in its shortest form',
  claims_nested: 'a claim is neither a text nor a number',
  claims_duplicate: 'a claim stands twice',
  claim_form: 'a claim is missing or has the wrong form',
  issuer_wrong: 'issued by somebody else',
  audience_wrong: 'issued for somebody else',
  expired: 'its time is over',
  not_yet_valid: 'its time has not begun',
  issued_in_future: 'issued later than now',
  revoked: 'its session, family, user, key or itself was ended',
} as const

/** Why a token was refused. */
export type TokenRefusal = keyof typeof tokenRefusals
