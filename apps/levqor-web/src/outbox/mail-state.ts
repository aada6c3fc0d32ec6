// What became of a mail, in a word and a colour.
import type { OutboxMail } from '@levqor/client'
import type { Tone } from '../ui/state-look.ts'

export const mailStates: Readonly<
  Record<OutboxMail['state'], { readonly word: string; readonly tone: Tone }>
> = {
  waiting: { word: 'On its way', tone: 'busy' },
  kept: { word: 'Kept here', tone: 'wait' },
  sent: { word: 'Sent', tone: 'good' },
}
