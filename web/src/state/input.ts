// How good a speaker's sound is to interpret from, in words for those who have to judge it. Pure.
import type { Line } from '../protocol.ts'

export type InputFault = 'quiet' | 'clipped' | 'narrow' | 'lossy' | 'lips'

// The picture may be 300 ms behind the sound: so long every listener's sound is held back for it, and more than that is felt in a conversation.
// The sound may be 125 ms behind the picture (ITU-R BT.1359); nothing can hurry it.
const pictureLate = 300
const soundLate = 125

/** What is wrong with what comes from a speaker, whose picture is so many ms `behind` the sound; nothing is good. Undefined while they are not speaking. */
export function inputFaults(line: Line | undefined, behind = 0): InputFault[] | undefined {
  if (!line?.input) return undefined
  const { level, clipped, bandwidth } = line.input
  const found: InputFault[] = []
  if (clipped > 0.05) found.push('clipped')
  if (level < -35) found.push('quiet')
  if (bandwidth < 5_000) found.push('narrow')
  if (line.lossUp > 0.03) found.push('lossy')
  if (behind > pictureLate || behind < -soundLate) found.push('lips')
  return found
}
