// An authenticator that the browser simulates itself.
import type { Page } from '@levqor/testing'

export interface Device {
  /** Whether its owner is recognised when asked; otherwise they turn away. */
  recognises(owner: boolean): Promise<void>
  passkeys(): Promise<number>
  /** Takes it away from the browser. */
  unplug(): Promise<void>
}

export async function plugIn(page: Page): Promise<Device> {
  const browser = await page.context().newCDPSession(page)
  await browser.send('WebAuthn.enable')
  const { authenticatorId } = await browser.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  return {
    async recognises(isUserVerified) {
      await browser.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified })
    },
    async passkeys() {
      return (await browser.send('WebAuthn.getCredentials', { authenticatorId })).credentials.length
    },
    async unplug() {
      await browser.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId })
    },
  }
}
