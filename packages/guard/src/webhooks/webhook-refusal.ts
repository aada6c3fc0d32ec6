// Why a delivery was not believed. For our own records: the sender is told nothing but 401.

/** The precise reasons, in the order in which they are found. */
export type WebhookRefusal =
  | 'body_not_raw'
  | 'header_missing'
  | 'header_repeated'
  | 'header_too_long'
  | 'id_bad'
  | 'timestamp_bad'
  | 'too_old'
  | 'too_new'
  | 'signature_malformed'
  | 'signature_wrong'
  | 'secret_wrong'
  | 'id_missing'
