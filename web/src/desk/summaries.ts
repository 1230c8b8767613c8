// The order of the desk: what is to come first, the nearest on top; then what has passed or was cancelled, the latest on top.
import type { Summary } from '../protocol.ts'

export function inOrder(all: readonly Summary[], now: Date): { upcoming: Summary[]; earlier: Summary[] } {
  const starts = (summary: Summary) => Date.parse(summary.startsAt)
  // One that runs over its time stays above while people are at the table.
  const coming = (summary: Summary) =>
    !summary.cancelled && (starts(summary) + summary.minutes * 60_000 >= now.getTime() || summary.present > 0 || summary.waiting > 0)
  return {
    upcoming: all.filter(coming).sort((a, b) => starts(a) - starts(b)),
    earlier: all.filter((summary) => !coming(summary)).sort((a, b) => starts(b) - starts(a)),
  }
}
