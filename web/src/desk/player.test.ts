import { expect, test } from 'vitest'
import { follow, type Track } from './player.ts'

function track(currentTime: number, paused = false): Track {
  const one = { currentTime, duration: 60, paused, playbackRate: 1, play: async () => { one.paused = false }, pause: () => { one.paused = true } }
  return one
}

test.each([
  [10, 10, 1, 10], [9.98, 10, 1, 9.98], [9.9, 10, 1.05, 9.9], [10.1, 10, 0.95, 10.1], [8, 10, 1, 10], [12, 10, 1, 10],
])('at %d beside %d it goes at %d from %d', (own, at, rate, after) => {
  const one = track(own)
  follow(one, at, true)
  expect(one.playbackRate).toBe(rate)
  expect(one.currentTime).toBe(after)
})

test('what is over stands still, and plays again after a step back', () => {
  const one = track(59)
  follow(one, 61, true)
  expect(one.paused).toBe(true)
  for (const at of [20, 20.2]) follow(one, at, true)
  expect(one.paused).toBe(false)
  expect(one.currentTime).toBe(20)
})

test('who came late waits for their turn, and is heard once', () => {
  const one = track(39)
  Object.defineProperty(one, 'currentTime', { get: () => 39, set: () => undefined }) // it goes to nothing before its beginning
  for (const at of [1, 1.2, 20, 38.9]) {
    follow(one, at, true)
    expect(one.paused).toBe(true)
  }
  follow(one, 39.1, true)
  expect(one.paused).toBe(false)
})

test('a hand that goes back in steps silences nobody', () => {
  const one = track(30)
  for (const at of [20, 10, 10.2]) follow(one, at, true)
  expect(one.paused).toBe(false)
  expect(one.currentTime).toBe(10)
})
