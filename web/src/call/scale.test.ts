import { expect, test } from 'vitest'
import { scaled } from './scale.ts'

test.each([
  ['three sizes of 720 lines', 3, 720, undefined, [[true, 4], [true, 2], [true, 1]]],
  ['two of 360, the larger one whole', 3, 360, undefined, [[true, 2], [true, 1], [false, 1]]],
  ['one of 180', 3, 180, undefined, [[true, 1], [false, 1], [false, 1]]],
  ['two offered', 2, 360, undefined, [[true, 2], [true, 1]]],
  ['an unknown camera', 3, undefined, undefined, [[true, 4], [true, 2], [true, 1]]],
  ['only what is wanted', 3, 720, [0], [[true, 4], [false, 2], [false, 1]]],
  ['nobody watches', 3, 720, [], [[false, 4], [false, 2], [false, 1]]],
  ['more is wanted than there is', 3, 360, [2], [[false, 2], [true, 1], [false, 1]]],
] as const)('%s', (_, offered, lines, wanted, want) => {
  expect(scaled(offered, lines, wanted).map((one) => [one.active, one.scaleResolutionDownBy])).toEqual(want)
})
