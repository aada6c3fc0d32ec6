// What one row of the doctor's table is.
import type { Severity } from '../events/catalogue.ts'
import type { Guard } from '../kernel/create-guard.ts'
import type { Maybe } from '../kernel/identity.ts'
import type { Policy } from '../policy/policy.ts'
import type { DoctorFacts } from './doctor-facts.ts'

/** Stable: an installation may list codes it has accepted. Up to 099 the configuration is read, from 101 on probed. */
export type DoctorCode = `GUARD-${number}`

/** What is wrong and where. No secrets: reports are mailed and pasted. */
export interface Sign {
  /** Such as `doors.jobs.read.onStoreFailure` or `GET /health`. */
  readonly place: string
  readonly detail: string
}

/** The signs of a fault, none if it is not there; a text says why it cannot be judged here. */
export type Judgement = readonly Sign[] | string

/** The configuration that checks read. */
export interface Patient {
  readonly policy: Policy
  readonly guard: Guard | undefined
  readonly facts: DoctorFacts
  readonly production: boolean
  /** By the guard's clock. */
  readonly nowMs: number
}

/** What every row says about itself. */
export interface CheckText {
  readonly title: string
  /** `notice` is for information; `warning` and `critical` fail. */
  readonly severity: Exclude<Severity, 'info'>
  /** What an attacker gains. */
  readonly explanation: string
  readonly fix: string
}

/** A row that reads the configuration. */
export interface ConfigurationCheck extends CheckText {
  readonly run: (patient: Patient) => Maybe<Judgement>
}

/** Rows by code. */
export type ConfigurationChecks = Readonly<Record<DoctorCode, ConfigurationCheck>>

/** A place and what is wrong there. */
export function sign(place: string, detail: string): Sign {
  return { place, detail }
}

/** Why rows about installations that strangers can reach say nothing in development. */
export const onlyInProduction = 'only in production'

/** Judges what was told. */
export function ifTold<T>(name: string, fact: T | undefined, judge: (fact: T) => Judgement): Judgement {
  return fact === undefined ? `it was not told (facts.${name})` : judge(fact)
}

/** Judges a part of the policy that is there. */
export function ifPresent<T>(name: string, part: T | undefined, judge: (part: T) => Judgement): Judgement {
  return part === undefined ? `the policy has no ${name}` : judge(part)
}

/** One sign if it is so. */
export function signIf(isSo: boolean, place: string, detail: string): readonly Sign[] {
  return isSo ? [sign(place, detail)] : []
}
