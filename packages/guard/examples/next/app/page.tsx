// app/page.tsx: Next puts the nonce on its own scripts; ours take it from the request.
import { headers } from 'next/headers'

export default async function Page() {
  const nonce = (await headers()).get('x-nonce') ?? ''
  return <script nonce={nonce}>{`document.title = 'Hi'`}</script>
}
