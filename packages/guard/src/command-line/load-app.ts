// Finds the guard or the policy that an application's module exports.
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { DoctorFacts } from '../doctor/doctor-facts.ts'
import type { Guard } from '../kernel/create-guard.ts'
import { definePolicy } from '../policy/define-policy.ts'
import type { Policy } from '../policy/policy.ts'
import { usageError } from './command.ts'
import { isListenError, withoutListening } from './without-listening.ts'

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
  '              It is imported, so it must not start to listen by being imported (import.meta.main).',
]

/** What the doctor reads beside it. */
export const factsHelp: readonly string[] = [
  '              It may also export guardFacts: what the policy cannot know; see DoctorFacts in the README.',
]

/**
 * Imports a module and takes its guard or its policy, which may still be a wrong one.
 * @throws usage error when the file does not exist, exports neither, or listens; GuardError `bad_policy` for an object
 *   that lacks whole parts of a policy
 */
export async function loadApp(path: string, folder: string): Promise<LoadedApp> {
  const file = resolve(folder, path)
  if (!existsSync(file)) throw usageError(`There is no file ${path}.`)
  const { module, guard, policy, facts } = await loadModule(file, path)
  if (!isObject(facts)) throw usageError(`${path} exports guardFacts, but it is no object.`)
  if (isGuard(guard)) return { guard, policy: guard.policy, facts }
  if (guard !== undefined) throw usageError(`${path} exports guard, but it is not what createGuard returns.`)
  if (policy === undefined) {
    const names = Object.keys(module).join(', ') || 'nothing'
    throw usageError(`${path} exports neither guard nor policy; it exports ${names}.`)
  }
  if (!isObject(policy)) throw usageError(`${path} exports policy, but it is no object.`)
  return { guard: undefined, policy: isPolicy(policy) ? policy : refused(policy, path), facts }
}

async function loadModule(file: string, path: string) {
  try {
    return await withoutListening(async () => {
      const module: Readonly<Record<string, unknown>> = await import(pathToFileURL(file).href)
      const guard = await settle(module.guard)
      const policy = guard === undefined ? await settle(module.policy) : undefined
      return { module, guard, policy, facts: (await settle(module.guardFacts)) ?? {} }
    })
  } catch (error) {
    throw isListenError(error) ? usageError(listens(path)) : error
  }
}

/** What to do about a module that serves as soon as it is imported. */
export function listens(path: string): string {
  return `${path} starts to listen when it is imported. Put listen() under if (import.meta.main), or give the file that exports the policy.`
}

/** Says what is wrong with an object that lacks whole parts of a policy. */
function refused(policy: object, path: string): never {
  const missing = policyParts.filter((part) => !(part in policy)).join(', ')
  try {
    definePolicy(policy as Policy) // to be told otherwise
  } catch (error) {
    if (isObject(error) && 'code' in error && error.code === 'bad_policy') throw error
  }
  throw usageError(`${path} exports policy, but it is no policy yet. It lacks: ${missing}.`)
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
  return isObject(value) && policyParts.every((part) => part in value)
}

const policyParts = ['doors', 'unmatched', 'credentialGuesses', 'clientAddress', 'browser', 'transport']
