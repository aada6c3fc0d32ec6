// Levqor's own start, with Google and Microsoft where a test has put them: where they really are is no setting, so that
// nobody can set it wrong.
import { createLogger, loadConfig, type ProviderConfig } from '@levqor/server'
import { startServer } from '../src/start/start-server.ts'

function placed(provider: ProviderConfig): ProviderConfig {
  const { GOOGLE_FOR_TESTS: issuer, MICROSOFT_FOR_TESTS: authority } = process.env
  if (provider.id === 'google' && issuer !== undefined) return { ...provider, issuer }
  if (provider.id === 'microsoft' && authority !== undefined) return { ...provider, authority }
  return provider
}

const config = loadConfig(process.env)
const server = await startServer(
  { ...config, providers: config.providers.map(placed) },
  createLogger({ level: config.logLevel }),
  (text) => console.error(text),
)
process.once('SIGTERM', () => void server.stop())
console.error('Levqor is ready.')
