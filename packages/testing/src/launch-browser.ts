// A real Chromium for tests: the machine's own, or the one that npm brought.
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Browser } from 'playwright-core'

/** Environment variable that names a browser to use before any other. */
const overrideVariable = 'LEVQOR_TEST_BROWSER'

const installedNames = ['google-chrome-stable', 'google-chrome', 'chromium', 'chromium-browser']

const installedPlaces = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

/**
 * Starts a headless browser; the caller closes it. Root needs `--no-sandbox` (Chromium refuses to start
 * otherwise); nothing else is switched off, so what passes here passes under a normal browser's rules.
 */
export async function launchBrowser(): Promise<Browser> {
  // Loaded on use: most test files never open a browser.
  const { chromium } = await import('playwright-core')
  const installed = installedBrowser()
  return chromium.launch({
    executablePath: installed ?? (await bundledBrowser()),
    headless: true,
    chromiumSandbox: process.getuid?.() !== 0 && installed !== undefined,
    args: ['--disable-dev-shm-usage'],
  })
}

/** Path of a Chrome or Chromium on this machine, or undefined. */
export function installedBrowser(): string | undefined {
  const named = process.env[overrideVariable]
  if (named) return named
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean)
  const candidates = [
    ...folders.flatMap((folder) => installedNames.map((name) => join(folder, name))),
    ...installedPlaces,
  ]
  return candidates.find(isExecutable)
}

/** The npm package's Chromium (Linux x64 only), unpacked once into the temporary folder. Its arguments are not used: they switch off web security and site isolation. */
async function bundledBrowser(): Promise<string> {
  const { default: bundled } = await import('@sparticuz/chromium')
  return bundled.executablePath()
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
