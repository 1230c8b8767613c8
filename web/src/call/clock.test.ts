import { expect, test } from 'vitest'
import { ClockOffset } from './clock.ts'

test('the clocks are compared by the shortest round trip', () => {
  const clock = new ClockOffset()
  expect(clock.ahead).toBeUndefined()
  clock.note(1_000, 6_090, 1_100) // 100 ms, of which 90 on the way there
  expect(clock.ahead).toBe(5_040)
  clock.note(1_500, 6_505, 1_510)
  expect(clock.ahead).toBe(5_000)
  clock.note(2_000, 9_999, 2_400)
  expect(clock.ahead).toBe(5_000)
})

test('an old round trip, one that took too long, and a clock that was set back count for nothing', () => {
  const clock = new ClockOffset()
  clock.note(0, 100, 2)
  for (let n = 1; n <= 60; n++) clock.note(n * 500, n * 500 + 207, n * 500 + 10)
  expect(clock.ahead).toBe(202)
  clock.note(50_000, 99_999, 51_500)
  clock.note(60_000, 0, 59_000)
  expect(clock.ahead).toBe(202)
})
