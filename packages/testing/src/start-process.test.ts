import { expect, it, onTestFinished } from 'vitest'
import { startProcess } from './start-process.ts'
import { until } from './until.ts'

const node = (code: string) => ({ command: process.execPath, args: ['-e', code] })
const forever = 'setInterval(() => {}, 1000)'
const listening = `require('node:http').createServer((q, r) => r.end()).listen(0, '127.0.0.1', function () { console.log('port=' + this.address().port) })`
// Asked by its port: a process id lives on as a zombie where process 1 does not reap orphans.
const isServing = (port: string | undefined) =>
  fetch(`http://127.0.0.1:${port}`).then(
    () => true,
    () => false,
  )

it('waits for the ready line and hands over what it matched', async () => {
  await using child = await startProcess({
    ...node(`setTimeout(() => console.log('listening on', process.env.WHERE), 50); ${forever}`),
    env: { WHERE: 'here' },
    readyWhen: /listening on (\w+)/,
  })
  expect(child.ready?.[1]).toBe('here')
  expect(child.output()).toBe('listening on here\n')
})

it('waits for an address to answer', async () => {
  await using child = await startProcess({
    ...node(`const s = require('node:http').createServer((q, r) => r.writeHead(q.url === '/up' ? 200 : 503).end())
      s.listen(0, '127.0.0.1', () => console.log('port=' + s.address().port))`),
    readyWhen: /port=(\d+)/,
  })
  const again = await startProcess({
    ...node(forever),
    readyWhen: { url: `http://127.0.0.1:${child.ready?.[1]}/up` },
  })
  onTestFinished(() => void again.kill('SIGKILL'))
  await expect(
    startProcess({
      ...node(forever),
      readyWhen: { url: `http://127.0.0.1:${child.ready?.[1]}/down` },
      timeoutMs: 50,
    }),
  ).rejects.toThrow('to be ready')
})

it('reports the output of a process that ends too early or never gets ready', async () => {
  const early = startProcess({ ...node(`console.error('no database'); process.exit(3)`), readyWhen: /ready/ })
  await expect(early).rejects.toThrow(/ended with 3 before it was ready[\s\S]*no database/)
  const silent = startProcess({
    ...node(`console.log('hm'); ${forever}`),
    readyWhen: /ready/,
    timeoutMs: 300,
  })
  await expect(silent).rejects.toThrow('Gave up after 300 ms')
  await expect(startProcess({ command: '/no/such/program' })).rejects.toThrow('ENOENT')
})

it('sends the signal, and SIGKILL when the process does not listen', async () => {
  const polite = await startProcess({
    ...node(`process.on('SIGTERM', () => process.exit(5)); console.log('up'); ${forever}`),
    readyWhen: /up/,
  })
  expect(await polite.kill()).toEqual({ code: 5, signal: null })
  const stubborn = await startProcess({
    ...node(`process.on('SIGTERM', () => {}); console.log('up'); ${forever}`),
    readyWhen: /up/,
  })
  expect(await stubborn.kill('SIGTERM', 50)).toEqual({ code: null, signal: 'SIGKILL' })
})

it('reaches the children of a shell', async () => {
  const shell = await startProcess({
    command: 'sh',
    args: ['-c', '"$0" -e "$1" & wait', process.execPath, listening],
    readyWhen: /port=(\d+)/,
  })
  expect(await isServing(shell.ready?.[1])).toBe(true)
  await shell.kill('SIGTERM')
  await until(async () => !(await isServing(shell.ready?.[1])), { what: 'the grandchild to end' })
})

it.each(['exits', 'is killed'])('ends what is still running when the test process %s', async (how) => {
  const module = new URL('./start-process.ts', import.meta.url).href
  const parent = await startProcess({
    command: process.execPath,
    args: [
      '--input-type=module',
      '-e',
      `const { startProcess } = await import(${JSON.stringify(module)})
       const { ready } = await startProcess({
         command: process.execPath,
         args: ['-e', ${JSON.stringify(listening)}],
         readyWhen: /port=(\\d+)/,
       })
       console.log(ready[0], (await fetch('http://127.0.0.1:' + ready[1])).status)
       ${how === 'exits' ? 'process.exit(0)' : forever}`,
    ],
    readyWhen: /port=(\d+) 200/,
  })
  if (how === 'exits') await parent.ended
  else await parent.kill('SIGKILL')
  await until(async () => !(await isServing(parent.ready?.[1])), { what: 'the child to end' })
})
