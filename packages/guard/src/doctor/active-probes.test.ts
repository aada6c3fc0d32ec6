// Each fault of the test server is switched on by itself: the doctor finds exactly that one, and none in a sound server.
import { describe, expect, it } from 'vitest'
import type { DoctorCode } from './check.ts'
import { probeChecks } from './check-table.ts'
import { type DoctorReport, doctor } from './doctor.ts'
import { type FaultName, faults, startTestServer, visitorsKey } from './test-server.ts'

const expected: Readonly<Record<FaultName, DoctorCode>> = {
  'believes the leftmost forwarded address': 'GUARD-101',
  'believes Forwarded from everybody': 'GUARD-101',
  'believes X-Real-IP': 'GUARD-101',
  'believes a forwarded address and hides its limits': 'GUARD-101',
  'answers plain HTTP': 'GUARD-102',
  'redirects API clients to HTTPS': 'GUARD-103',
  'redirects to the Host of the request': 'GUARD-104',
  'no HSTS': 'GUARD-105',
  'short HSTS': 'GUARD-105',
  'no content policy': 'GUARD-106',
  'inline scripts': 'GUARD-107',
  'inline styles': 'GUARD-107',
  'scripts of any site': 'GUARD-107',
  'plug-ins and base allowed': 'GUARD-107',
  'content sniffing': 'GUARD-108',
  framing: 'GUARD-109',
  'no referrer policy': 'GUARD-110',
  'referrer policy unsafe-url': 'GUARD-110',
  'no isolation of resources': 'GUARD-111',
  'no isolation of windows': 'GUARD-111',
  'X-Powered-By': 'GUARD-112',
  'Server with a version': 'GUARD-112',
  'CORS for everybody': 'GUARD-113',
  'CORS repeats the origin': 'GUARD-113',
  'CORS for null': 'GUARD-113',
  'CORS for localhost': 'GUARD-113',
  'health shows versions': 'GUARD-116',
  'metrics for strangers': 'GUARD-116',
  'serves .env': 'GUARD-117',
  'serves .git': 'GUARD-117',
  'sockets for every origin': 'GUARD-118',
  'bodies of any size': 'GUARD-119',
  'answers TRACE': 'GUARD-120',
  'errors with stacks': 'GUARD-121',
  'cookie for scripts': 'GUARD-122',
  'cookie for plain HTTP': 'GUARD-122',
  'cookie for other sites': 'GUARD-122',
  'cookie without prefix': 'GUARD-122',
  'limits observe only': 'GUARD-123',
  'limits off': 'GUARD-123',
  'refusals without Retry-After': 'GUARD-124',
  'own answers for caches': 'GUARD-125',
  'a wrong clock': 'GUARD-126',
  'no content type': 'GUARD-127',
  'text without charset': 'GUARD-127',
  'upgrades without an answer': 'GUARD-128',
}

async function visit(fault?: FaultName): Promise<DoctorReport> {
  const server = await startTestServer(fault)
  try {
    return await doctor({
      facts: { production: true },
      server: {
        url: server.url,
        // First the one that reads a body: what matches no route is refused before.
        paths: ['/echo', '/', '/health', '/notes'],
        credential: { header: 'authorization', value: visitorsKey },
      },
    })
  } finally {
    await server.close()
  }
}

const codesIn = (report: DoctorReport) => [...new Set(report.findings.map(({ code }) => code))]

describe('active probes', () => {
  it('find nothing in a sound server, and leave nothing out', async () => {
    const report = await visit()
    expect(report.findings).toEqual([])
    expect(report).toMatchObject({ ok: true, production: true, skipped: [] })
    expect(report.passed.toSorted()).toEqual(Object.keys(probeChecks).toSorted())
  })

  it.each(Object.entries(expected))('find exactly the fault: %s', async (fault, code) => {
    const report = await visit(fault as FaultName) // a key of the table above
    expect(codesIn(report)).toEqual([code])
    expect(report.ok).toBe(false)
  })

  it('have a fault for every code', () => {
    expect(Object.keys(expected).toSorted()).toEqual(Object.keys(faults).toSorted())
    expect([...new Set(Object.values(expected))].toSorted()).toEqual(Object.keys(probeChecks).toSorted())
  })
})
