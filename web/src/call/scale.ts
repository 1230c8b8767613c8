// Which of a camera's sizes can be sent, by the lines that the camera really gives.

/**
 * Chromium sends two sizes below 540 lines and one below 270, and leaves out the last ones of the list, not the smallest: a
 * camera of 360 lines offered in quarters, halves and whole would never be sent whole. So the largest that can be sent is whole.
 */
export function sizesFor(lines: number | undefined, offered: number): number {
  if (lines === undefined) return offered
  return Math.min(offered, lines >= 540 ? 3 : lines >= 270 ? 2 : 1)
}

export interface Scaled {
  readonly active: boolean
  readonly scaleResolutionDownBy: number
}

/** For each size offered, whether it is sent and how much smaller; who wants one that the camera has not gets the largest that it has. */
export function scaled(offered: number, lines: number | undefined, wanted?: readonly number[]): Scaled[] {
  const sizes = sizesFor(lines, offered)
  return Array.from({ length: offered }, (_, rank) => ({
    active: rank < sizes && (wanted === undefined || wanted.includes(rank) || rank === sizes - 1 && wanted.some((one) => one >= sizes)),
    scaleResolutionDownBy: rank < sizes ? 2 ** (sizes - 1 - rank) : 1,
  }))
}
