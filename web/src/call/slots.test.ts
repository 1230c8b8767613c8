import { describe, expect, test } from 'vitest'
import { reached, slotNames } from './slots.ts'

describe('a timestamp at or past another', () => {
  const table: [number, number, boolean][] = [
    [0, 0, true], [1, 0, true], [0, 1, false], [0, 0xffffffff, true], [0xffffffff, 0, false],
    [0x7fffffff, 0, true], [0x80000000, 0, false], [3000, 0xfffffff0, true], [0xfffffff0, 3000, false],
  ]
  test.each(table)('%d from %d: %s', (timestamp, from, want) => expect(reached(timestamp, from)).toBe(want))
})

test('the slots in the order of the offer', () => {
  expect(slotNames.length).toBe(32)
  expect(slotNames.slice(0, 4)).toEqual(['v0', 'a0', 'v1', 'a1'])
  expect(slotNames.slice(-2)).toEqual(['x6', 'x7'])
})
