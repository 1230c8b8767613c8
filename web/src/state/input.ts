// How good a speaker's sound is to interpret from, in words for those who have to judge it. Pure.
import type { Line } from '../protocol.ts'

export type InputFault = 'quiet' | 'clipped' | 'narrow' | 'lossy'

/** What is wrong with what comes from a speaker; nothing is good. Undefined while they are not speaking. */
export function inputFaults(line: Line | undefined): InputFault[] | undefined {
  if (!line?.input) return undefined
  const { level, clipped, bandwidth } = line.input
  const found: InputFault[] = []
  if (clipped > 0.05) found.push('clipped')
  if (level < -35) found.push('quiet')
  if (bandwidth < 5_000) found.push('narrow')
  if (line.lossUp > 0.03) found.push('lossy')
  return found
}
