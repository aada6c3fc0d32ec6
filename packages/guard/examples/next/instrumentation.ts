// instrumentation.ts: lets the guard see where requests come from.
export async function register() {
  if (process.env.NEXT_RUNTIME === 'nodejs') {
    const { stampConnections } = await import('@levqor/guard/next')
    stampConnections()
  }
}
