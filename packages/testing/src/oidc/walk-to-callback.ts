// What a browser does at a provider, without one: follows redirects with cookies until they lead away.

/** @returns the address at the relying party that the provider sends the browser to */
export async function walkToCallback(
  start: string,
  providerOrigin: string,
  headers: Readonly<Record<string, string>>,
): Promise<URL> {
  const jar = new Map<string, string>()
  let address = new URL(start)
  for (let steps = 0; address.origin === providerOrigin; steps++) {
    if (steps > 20) throw new Error('The provider redirects in a circle.')
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(address, { redirect: 'manual', headers: { ...headers, cookie } })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      jar.set(name, value)
    }
    const location = response.headers.get('location')
    if (location === null)
      throw new Error(`The provider answered ${response.status}: ${await response.text()}`)
    await response.body?.cancel()
    address = new URL(location, address)
  }
  return address
}
