import { readdirSync, readFileSync } from 'node:fs'

/** The niceness of every thread of this process: field 19 of proc(5)'s stat. */
export function nicenesses(): number[] {
  return readdirSync('/proc/self/task').map((task) => {
    const stat = readFileSync(`/proc/self/task/${task}/stat`, 'utf8')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16])
  })
}
