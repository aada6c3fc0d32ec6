// Every error a caller can meet, in one table: the only place where a code becomes a status and a sentence.
// Codes are a promise: a client may switch on them, so they are added and never renamed.
import { type DecisionReason, decisionReasons } from '@levqor/guard'

export interface ErrorFacts {
  readonly status: number
  readonly title: string
  /** Whether the very same request may succeed later. */
  readonly retryable: boolean
  /** What the caller can do. */
  readonly help: string
}

const facts = (status: number, title: string, help: string, retryable = false): ErrorFacts => ({
  status,
  title,
  retryable,
  help,
})

const own = {
  // The request itself
  validation_failed: facts(
    400,
    'The request is not valid',
    'Mend every problem listed in "errors" and send it again.',
  ),
  malformed_json: facts(400, 'Malformed JSON', 'Send one JSON value in UTF-8 as the body.'),
  malformed_request: facts(400, 'Malformed request', 'Send a well-formed HTTP request.'),
  bad_sql_value: facts(
    400,
    'A value cannot be stored',
    'Send text without NUL characters and with whole surrogate pairs.',
  ),
  bad_cursor: facts(400, 'Unknown cursor', 'Start the list again without a cursor.'),
  not_found: facts(404, 'Not found', 'Check the address and the identifier.'),
  method_not_allowed: facts(405, 'Method not allowed', 'Use one of the methods in the Allow header.'),
  request_timeout: facts(408, 'The request took too long to arrive', 'Send it again.', true),
  conflict: facts(409, 'Conflict', 'Load the current state and decide again.'),
  body_too_large: facts(413, 'Body too large', 'Send at most 512 KB.'),
  payload_too_large: facts(413, 'Payload too large', 'Send a payload of at most 200 KB.'),
  uri_too_long: facts(414, 'Address too long', 'Send a shorter address.'),
  unsupported_media_type: facts(
    415,
    'Unsupported media type',
    'Send the body as Content-Type: application/json.',
  ),
  headers_too_large: facts(431, 'Headers too large', 'Send fewer or shorter headers and cookies.'),

  // Who may
  forbidden: facts(403, 'Not allowed', 'Ask somebody with a higher role in this workspace.'),
  operator_required: facts(403, 'For operators only', 'Ask the operator of this installation.'),

  // Signing in and keys
  link_invalid: facts(400, 'This link is not valid', 'Ask for a new sign-in link.'),
  link_expired: facts(410, 'This link has expired', 'Ask for a new sign-in link.'),
  link_used: facts(410, 'This link has been used', 'Ask for a new sign-in link.'),
  link_other_browser: facts(
    403,
    'This link was asked for in another browser',
    'Open it in the browser that asked, or type in the code of the same mail.',
  ),
  link_wrong_code: facts(403, 'Wrong code', 'Type in the six digits of the mail; five tries are allowed.'),
  key_ended: facts(409, 'This API key has ended', 'Make a new key.'),
  key_rotated: facts(409, 'This API key has been rotated already', 'Rotate its successor instead.'),
  too_many_keys: facts(409, 'Too many API keys', 'Revoke a key that is not used any more.'),
  token_invalid: facts(400, 'This link is not valid', 'Ask for a new mail.'),
  token_expired: facts(410, 'This link has expired', 'Ask for a new mail.'),
  token_withdrawn: facts(
    410,
    'This has been withdrawn',
    'Use the newest mail, or ask again in your account.',
  ),
  token_used: facts(410, 'This link has been used', 'Sign in, or ask for a new mail.'),
  registration_other_browser: facts(
    403,
    'Asked for in another browser',
    'Open the link in the browser in which you registered, or send the password that you chose there along with it.',
  ),
  registration_password_wrong: facts(
    403,
    'This is not the right password',
    'This is not the password that was chosen when this account was asked for. If it was not you who asked, close this page: nothing happens.',
  ),
  registration_not_invited: facts(
    403,
    'Your invitation is not open any more',
    'Only invited people may make an account here. Ask for a new invitation, then use this link again or register anew.',
  ),
  password_wrong: facts(403, 'This is not your password', 'Type in the password that you sign in with.'),
  password_none: facts(
    409,
    'This account has no password',
    "Choose one by 'I have forgotten my password': a link is mailed to you.",
  ),
  second_factor_wrong: facts(
    403,
    'This code is not right',
    'Type in the code that your app shows now, each only once, or a recovery code that you have not used. If it keeps failing, let the clock of your phone be set automatically.',
  ),
  second_factor_expired: facts(410, 'This sign-in took too long', 'Sign in again.'),
  second_factor_on: facts(
    409,
    'Two-step sign-in is on already',
    'Switch it off first to use another app, or make new recovery codes.',
  ),
  second_factor_off: facts(409, 'Two-step sign-in is off', 'Switch it on first.'),
  totp_start_expired: facts(410, 'This took too long', 'Start again with a new secret for your app.'),
  password_needs_second_factor: facts(
    409,
    'Your password is too short for that',
    'It was chosen with two-step sign-in and is too short without. Choose a longer one first, then switch it off.',
  ),
  passkey_refused: facts(
    403,
    'This passkey was not accepted',
    'Try another passkey, or sign in another way.',
  ),
  passkey_expired: facts(
    410,
    'This request for a passkey is over',
    'Start again; a passkey has five minutes to answer, once, in the browser that asked.',
  ),
  too_many_passkeys: facts(409, 'Too many passkeys', 'Remove one that you do not use any more.'),
  passkey_needs_domain: facts(
    409,
    'Passkeys need an address with a name',
    'Passkeys do not work at an IP address. Open this installation at its name, in development http://localhost with its port, and set LEVQOR_URL to that.',
  ),
  proof_required: facts(
    403,
    'Confirm that it is you',
    'Prove again who you are (POST /api/auth/proof), then repeat the request.',
  ),
  proof_method_unsuitable: facts(
    403,
    'Prove it in another way',
    'GET /api/auth/proof lists the ways of this account: its second factor where it has one.',
  ),
  proof_code_wrong: facts(
    403,
    'This is not the code of the mail',
    'Type in the six digits of the newest mail, or ask for another one.',
  ),
  proof_mails_exhausted: facts(
    429,
    'You were sent enough codes for now',
    'Use the newest one, or try again in a few minutes.',
    true,
  ),
  not_while_impersonating: facts(
    403,
    'Not while acting for somebody else',
    'Only the person themselves may do this. Stop acting for them first.',
  ),
  email_unverified: facts(
    403,
    'Your address is not verified yet',
    'Follow the link in the mail that was sent to you, then try again.',
  ),
  provider_unknown: facts(
    404,
    'No such way to sign in',
    'Choose one of those that GET /api/auth/methods lists.',
  ),
  provider_unavailable: facts(
    503,
    'The provider does not answer',
    'Try again in a moment, or sign in another way.',
    true,
  ),
  identity_last_way: facts(
    409,
    'This is your only way to sign in',
    'Confirm your address, choose a password or link another provider first.',
  ),
  email_taken: facts(
    409,
    'This address has an account',
    'Sign in with it, or choose another address for this account.',
  ),
  last_operator: facts(409, 'An installation needs an operator', 'Make somebody else an operator first.'),
  impersonation_refused: facts(
    403,
    'Nobody can act for this account',
    'Operators act only for other people, who are no operators and whose account is open.',
  ),
  user_not_found: facts(404, 'No such user', 'Check the address.'),

  // Workspaces
  last_owner: facts(
    409,
    'A workspace needs an owner',
    'Make somebody else an owner first, or transfer the workspace.',
  ),
  too_many_workspaces: facts(
    409,
    'Too many workspaces',
    'Transfer a workspace that you do not need any more, or use one that you have.',
  ),
  already_member: facts(409, 'Already a member', 'Change the role of the member instead.'),
  already_invited: facts(
    409,
    'Already invited in another role',
    'Withdraw the open invitation first, then invite again.',
  ),
  too_many_invitations: facts(
    409,
    'Too many invitations',
    'Withdraw invitations that nobody accepts, or go on tomorrow.',
  ),
  invitation_mails_exhausted: facts(
    429,
    'This address has been invited often enough today',
    'Try again tomorrow.',
    true,
  ),
  invitation_invalid: facts(400, 'This invitation is not valid', 'Ask for a new invitation.'),
  invitation_expired: facts(410, 'This invitation has expired', 'Ask for a new invitation.'),
  invitation_used: facts(410, 'This invitation has been used', 'Ask for a new invitation.'),
  invitation_withdrawn: facts(
    410,
    'This invitation has been withdrawn',
    'Use the newest mail if you were sent several; otherwise ask for a new invitation.',
  ),
  invitation_other_mailbox: facts(
    403,
    'This invitation was sent to another address',
    'Sign in with the address that the invitation was sent to.',
  ),

  // Jobs and workflows
  unknown_workflow: facts(404, 'Unknown workflow', 'List the workflows to see their names.'),
  workflow_not_found: facts(404, 'Unknown workflow', 'List the workflows to see their names.'),
  invalid_payload: facts(
    400,
    'The payload does not fit the workflow',
    'Mend every problem listed in "errors" and send it again.',
  ),
  invalid_definition: facts(
    400,
    'The workflow definition is not valid',
    'Mend every problem listed in "errors" and send it again.',
  ),
  idempotency_conflict: facts(
    409,
    'Idempotency key used with another request',
    'Use a new Idempotency-Key for a different request.',
  ),
  bad_callback_url: facts(
    400,
    'Callback address refused',
    'Give a public https:// or http:// address, or ask the operator to allow it.',
  ),
  queue_full: facts(
    429,
    'Too many jobs are waiting',
    'Wait until jobs of this workspace have finished.',
    true,
  ),
  sandbox_timeout: facts(
    400,
    'Checking took too long',
    'Simplify the pattern, template or expression, or send less.',
  ),
  sandbox_memory: facts(
    400,
    'Checking needed too much memory',
    'Simplify the pattern, template or expression, or send less.',
  ),
  sandbox_busy: facts(503, 'Busy', 'Nothing was changed. Try again after Retry-After seconds.', true),
  sandbox_unavailable: facts(
    503,
    'Temporarily unavailable',
    'Nothing was changed. Try again after Retry-After seconds.',
    true,
  ),
  job_not_found: facts(404, 'No such job', 'Check the identifier.'),
  job_finished: facts(409, 'The job has already finished', 'Submit it again, or retry it if it is dead.'),
  job_not_redrivable: facts(
    409,
    'The job cannot be run again',
    'Only dead and cancelled jobs can be retried.',
  ),

  too_many_streams: facts(
    429,
    'Too many open event streams',
    'Close some, or ask for the status instead.',
    true,
  ),

  // The service
  busy: facts(503, 'Busy', 'Nothing was changed. Try again after Retry-After seconds.', true),
  database_busy: facts(503, 'Busy', 'Nothing was changed. Try again after Retry-After seconds.', true),
  database_full: facts(
    503,
    'Out of storage',
    'Nothing was changed. The operator must free disk space.',
    true,
  ),
  database_unavailable: facts(
    503,
    'Temporarily unavailable',
    'Nothing was changed. Try again after Retry-After seconds.',
    true,
  ),
  timeout: facts(503, 'The answer took too long', 'Try again in a moment.', true),
  internal_error: facts(
    500,
    'Internal error',
    'Tell the operator the request_id; it leads to the details in the log.',
    true,
  ),
} as const satisfies Record<string, ErrorFacts>

const retryableReasons: ReadonlySet<string> = new Set([
  'rate_limited',
  'limits_unavailable',
  'locked',
  'address_blocked',
  'credential_unverifiable',
  'too_many_connections',
])

// What the guard says is part of the same promise. Reasons that are no errors are left out.
const guarded = Object.fromEntries(
  Object.entries(decisionReasons)
    .filter(([, { status }]) => status >= 400)
    .map(([code, reason]) => [code, { ...reason, retryable: retryableReasons.has(code) }]),
)

/** Every code that can appear in a problem document. */
export type ErrorCode = keyof typeof own | Exclude<DecisionReason, 'allowed' | 'https_redirect'>

/** The catalogue. Rendered at `/docs/errors`. */
export const errorCatalogue: Readonly<Record<string, ErrorFacts>> = { ...guarded, ...own }

/** The facts of a code, or undefined for one that no caller may see. */
export function findError(code: string): ErrorFacts | undefined {
  return Object.hasOwn(errorCatalogue, code) ? errorCatalogue[code] : undefined
}
