// Reads the table of networks from the npm package @ip-location-db/asn (an optional peer: 65 MB installed), or from
// files of the same form. In pieces, so that a server that starts can answer meanwhile.
//
// The data is licensed CC BY 4.0: whoever shows results names RouteViews, NRO and DB-IP (https://db-ip.com).
import { createReadStream } from 'node:fs'
import { createRequire } from 'node:module'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { guardError } from '../errors.ts'
import { createNetworkTableBuilder, type NetworkTable, type NetworkTableBuilder } from './network-table.ts'

const packageName = '@ip-location-db/asn'
const fileNames = ['asn-ipv4.csv', 'asn-ipv6.csv']

/**
 * Loads the table, by default the installed package's.
 * @param files CSV or TSV files with "first address, last address, network number" in ascending order
 * @throws GuardError `package_missing`, `bad_network_table`; rejects with the system's error for a file it cannot read
 * @example
 * const { networkOf } = await loadNetworkTable()
 */
export async function loadNetworkTable(files: readonly string[] = installedFiles()): Promise<NetworkTable> {
  const builder = createNetworkTableBuilder()
  for (const file of files) await addFile(builder, file)
  return builder.finish()
}

function installedFiles(): readonly string[] {
  const { resolve } = createRequire(import.meta.url)
  try {
    return fileNames.map((name) => resolve(`${packageName}/${name}`))
  } catch (error) {
    const message = `Install the table of networks: npm install ${packageName}. Or name files of the same form.`
    throw guardError('package_missing', message, { package: packageName, cause: String(error) })
  }
}

async function addFile(builder: NetworkTableBuilder, file: string): Promise<void> {
  let rest = ''
  for await (const chunk of createReadStream(file, { encoding: 'latin1' })) {
    const lines = `${rest}${chunk}`.split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) builder.addLine(line.trimEnd())
    await nextTurn()
  }
  builder.addLine(rest.trimEnd())
}
