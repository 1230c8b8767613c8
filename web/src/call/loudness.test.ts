import { expect, test } from 'vitest'
import { LoudnessWatch, type Finding } from './loudness.ts'

/** Feeds a level for some milliseconds at 20 a second; gives what was found last. */
function feed(watch: LoudnessWatch, at: { now: number }, on: boolean, rms: number, ms: number): Finding {
  let found: Finding = 'none'
  for (const end = at.now + ms; at.now < end; at.now += 50) found = watch.judge(on, rms, rms * 1.4, at.now)
  return found
}

test('speaking while off is told, and for a while after the last word', () => {
  const watch = new LoudnessWatch()
  const at = { now: 1_000 }
  expect(feed(watch, at, false, 0.001, 2_000)).toBe('none')
  expect(feed(watch, at, false, 0.1, 200)).toBe('none')
  expect(feed(watch, at, false, 0.1, 400)).toBe('muted')
  expect(feed(watch, at, false, 0.001, 3_000)).toBe('muted')
  expect(feed(watch, at, false, 0.001, 2_000)).toBe('none')
})

test('a door that slams is not speech', () => {
  const watch = new LoudnessWatch()
  const at = { now: 1_000 }
  feed(watch, at, false, 0.001, 500)
  feed(watch, at, false, 0.5, 100)
  expect(feed(watch, at, false, 0.001, 1_000)).toBe('none')
})

test('switching on ends the word about being off', () => {
  const watch = new LoudnessWatch()
  const at = { now: 1_000 }
  expect(feed(watch, at, false, 0.1, 1_000)).toBe('muted')
  expect(feed(watch, at, true, 0.1, 50)).toBe('none')
})

test('no signal at all for 5 s while on', () => {
  const watch = new LoudnessWatch()
  const at = { now: 1_000 }
  expect(feed(watch, at, true, 0, 4_900)).toBe('none')
  expect(feed(watch, at, true, 0, 300)).toBe('silent')
  expect(feed(watch, at, true, 0.0002, 50)).toBe('none')
})

test('a quiet room is not silence', () => {
  const watch = new LoudnessWatch()
  expect(feed(watch, { now: 1 }, true, 0.0003, 20_000)).toBe('none')
})
