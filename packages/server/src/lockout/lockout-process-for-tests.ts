// One of several processes that try the same account at the same moment. At each SIGUSR2 it makes its attempts, first
// with right secrets, then with wrong ones, and prints what happened. Imports little, so that it starts quickly.
import { setTimeout as delay } from 'node:timers/promises'
import { lockoutOn, openForRestart } from './lockout-for-tests.ts'

const [url = '', count = '0'] = process.argv.slice(2)
const database = await openForRestart(url)
const lockout = lockoutOn(database)
const secrets = ['right', 'wrong']

process.on('SIGUSR2', async () => {
  const secret = secrets.shift()
  let checks = 0
  const attempt = () =>
    lockout.attempt({ account: 'ada@example.test', address: '198.51.100.7' }, async () => {
      checks++
      await delay(5)
      return secret === 'right' ? 'ada' : undefined
    })
  const results = await Promise.all(Array.from({ length: Number(count) }, attempt))
  const succeeded = results.filter(({ outcome }) => outcome === 'succeeded').length
  console.log(`${secret}: checks=${checks} succeeded=${succeeded}`)
})
setInterval(() => {}, 1000)
console.log('ready')
