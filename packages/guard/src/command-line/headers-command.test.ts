// What `guard headers` writes and says.
import { describe, expect, it } from 'vitest'
import { hostFormats } from '../headers/host-formats/host-formats.ts'
import { folderOf, guard, policyOnly } from './test-command.ts'

describe('guard headers', () => {
  it('writes the default policy, or that of an application', async () => {
    const plain = await guard(['headers', '--format', 'netlify'])
    expect(plain).toMatchObject({
      status: 0,
      error: 'The text above belongs into _headers in the folder that is published.',
    })
    expect(plain.out).toContain("  Content-Security-Policy: default-src 'self'; script-src 'self';")
    const bare = folderOf({
      'app.mjs': `import { policy as whole } from ${JSON.stringify(policyOnly)}
        const { headers, ...rest } = whole
        export const policy = rest`,
    })
    const same = await guard(['headers', '--format', 'netlify', '--app', 'app.mjs'], { folder: bare })
    expect(same.out).toBe(plain.out)
    const own = await guard(['headers', '--format', 'nginx', '--app', policyOnly])
    expect(own.out).toContain("connect-src 'self' https://api.example;")
  })

  it('where the form has no comments, the terminal says what the others hold', async () => {
    for (const format of ['vercel', 'firebase']) {
      const { error } = await guard(['headers', '--format', format])
      expect(error).toMatch(
        /nothing inline runs.*\npreload is for good: .*\nThe text above belongs into \w+\.json\.$/,
      )
    }
  })

  it('says what preload means wherever it is written, and nowhere else', async () => {
    for (const format of Object.keys(hostFormats)) {
      const { out, error } = await guard(['headers', '--format', format])
      expect(out + error).toContain('preload is for good')
      const without = await guard(['headers', '--format', format, '--no-preload'])
      expect(without.out + without.error).not.toContain('preload')
    }
  })

  it('asks for a place on the preload lists unless told not to, and warns when plain HTTP is allowed', async () => {
    const plain = folderOf({
      'app.mjs': `import { policy as whole } from ${JSON.stringify(policyOnly)}
        export const policy = { ...whole, transport: { plainHttp: 'allow' } }`,
    })
    const hsts = async (...args: string[]) => {
      const { out, error } = await guard(['headers', '--format', 'nginx', ...args], { folder: plain })
      return [
        /includeSubDomains(.*)" always/.exec(out)?.[1],
        error.includes('Warning: the policy allows plain'),
      ]
    }
    expect(await hsts()).toEqual(['; preload', false])
    expect(await hsts('--no-preload')).toEqual(['', false])
    expect(await hsts('--app', policyOnly)).toEqual(['; preload', false])
    expect(await hsts('--app', 'app.mjs')).toEqual(['; preload', true])
    expect(await hsts('--no-preload', '--app', 'app.mjs')).toEqual(['', false])
  })

  it('--json gives the headers and the text', async () => {
    const { out, error } = await guard(['headers', '--format', 'vercel', '--json'])
    const { headers, text, format, file } = JSON.parse(out)
    expect([format, file, error]).toEqual(['vercel', 'vercel.json', ''])
    expect(headers['x-content-type-options']).toBe('nosniff')
    expect(JSON.parse(text)).toHaveProperty('headers')
  })
})
