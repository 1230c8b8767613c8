import { expect, test } from 'vitest'
import { Evenness } from './evenness.ts'

const rms = (db: number) => 10 ** (db / 20)
const after = (evenness: Evenness, db: number, seconds: number) => {
  for (let at = 0; at < seconds; at += 0.1) evenness.hear(rms(db), 0.1)
  return evenness.gain
}

test.each([[-24, 0], [-30, 6], [-40, 6], [-20, -4], [-10, -6]])('speech at %s dBFS gets %s dB', (db, want) => {
  expect(after(new Evenness(), db, 10)).toBeCloseTo(want, 1)
})

test('silence changes nothing', () => {
  const evenness = new Evenness()
  after(evenness, -30, 10)
  expect(after(evenness, -70, 60)).toBeCloseTo(6, 1)
})

test('never a jump', () => {
  const evenness = new Evenness()
  let before = 0
  for (const db of [-10, -10, -60, -40, -40, -12]) {
    const now = evenness.hear(rms(db), 0.1)
    expect(Math.abs(now - before)).toBeLessThanOrEqual(0.31)
    before = now
  }
})
