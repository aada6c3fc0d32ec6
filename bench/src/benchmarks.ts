// Every benchmark by name.
import type { Benchmark } from './harness/benchmark.ts'
import { intakeHttp } from './intake-http/intake-http.ts'
import { jobsEmbedded } from './jobs-embedded/jobs-embedded.ts'

export const benchmarks: readonly Benchmark[] = [jobsEmbedded(), intakeHttp()]
