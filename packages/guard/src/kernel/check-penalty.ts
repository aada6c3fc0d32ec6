// The penalty box at a door: asked before anything else, and nothing at all while it is empty.
import { challengeHeader, longestChallengeToken } from '../challenge/challenge.ts'
import type { PenaltyBox, PenaltyVerdict } from '../penalty/penalty-box.ts'
import type { Switches } from '../switches/switches.ts'
import type { Maybe } from './identity.ts'
import type { OpenPassage } from './passage.ts'

/** What a penalised address meets; nothing for everybody else. */
export type CheckPenalty = (passage: OpenPassage) => Maybe<PenaltyVerdict> | undefined

/** Binds a box; without one nobody is ever penalised. */
export function createCheckPenalty(box: PenaltyBox | undefined, switches: Switches): CheckPenalty {
  if (box === undefined) return () => undefined
  return ({ door, client, exchange }) => {
    if (box.size === 0 || !door.penalises || switches.mode('penalties') === 'off') return undefined
    const token = exchange.headers[challengeHeader]
    const usable = typeof token === 'string' && token !== '' && token.length <= longestChallengeToken
    return box.check(client.key, client.ip, usable ? token : undefined)
  }
}
