// Finds the guard or the policy that an application's module exports.
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { DoctorFacts } from '../doctor/doctor-facts.ts'
import type { Guard } from '../kernel/create-guard.ts'
import type { Policy } from '../policy/policy.ts'
import { usageError } from './command.ts'

/** What a module told about an application. */
export interface LoadedApp {
  /** Absent when the module exports a policy only. */
  readonly guard: Guard | undefined
  readonly policy: Policy
  /** From the export `guardFacts`. */
  readonly facts: DoctorFacts
}

/** For the help of every command that takes `--app`. */
export const appHelp: readonly string[] = [
  '--app FILE    A module that exports, by name, one of',
  '                guard         the guard, a promise of it, or a function that returns either',
  '                policy        the policy, likewise',
  '              and, for the doctor, if it likes',
  '                guardFacts    what the policy cannot know; see DoctorFacts',
  '              It is imported, so it must not start to listen by being imported (import.meta.main).',
]

/**
 * Imports a module and takes its guard or its policy, which may still be a wrong one.
 * @throws usage error when the file does not exist or exports neither
 */
export async function loadApp(path: string, folder: string): Promise<LoadedApp> {
  const file = resolve(folder, path)
  if (!existsSync(file)) throw usageError(`There is no file ${path}.`)
  const module: Readonly<Record<string, unknown>> = await import(pathToFileURL(file).href)
  const guard = await settle(module.guard)
  const facts = (await settle(module.guardFacts)) ?? {}
  if (!isObject(facts)) throw usageError(`${path} exports guardFacts, but it is no object.`)
  if (isGuard(guard)) return { guard, policy: guard.policy, facts }
  if (guard !== undefined) throw usageError(`${path} exports guard, but it is not what createGuard returns.`)
  const policy = await settle(module.policy)
  if (!isPolicy(policy)) {
    const names = Object.keys(module).join(', ') || 'nothing'
    throw usageError(`${path} exports neither guard nor policy; it exports ${names}.`)
  }
  return { guard: undefined, policy, facts }
}

async function settle(exported: unknown): Promise<unknown> {
  return typeof exported === 'function' ? await exported() : await exported
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function isGuard(value: unknown): value is Guard {
  return isObject(value) && 'explain' in value && 'policy' in value && isPolicy(value.policy)
}

/** Enough to hand it to checkPolicy, which says what else is wrong. */
function isPolicy(value: unknown): value is Policy {
  const parts = ['doors', 'unmatched', 'credentialGuesses', 'clientAddress', 'browser', 'transport']
  return isObject(value) && parts.every((part) => part in value)
}
