// All connectors. Adding one is a file and a line here; nothing else lists them.
import type { Connector, ConnectorTable } from './connector.ts'
import { csvParse } from './csv-parse.ts'
import { dataTransform } from './data-transform.ts'
import { emailSend } from './email-send.ts'
import { flowWait } from './flow-wait.ts'
import { htmlExtract } from './html-extract.ts'
import { httpRequest } from './http-request.ts'
import { textTemplate } from './text-template.ts'
import { webhookSend } from './webhook-send.ts'

const all: readonly Connector[] = [
  httpRequest,
  htmlExtract,
  csvParse,
  dataTransform,
  textTemplate,
  flowWait,
  emailSend,
  webhookSend,
]

/** Every connector by its id, in the order in which they are documented. */
export const connectors: ConnectorTable = new Map(all.map((connector) => [connector.id, connector]))
