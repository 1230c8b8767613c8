import { expect, test } from 'vitest'
import { SoundCheck } from './soundcheck.ts'

const bins = (upTo: number) => Float32Array.from({ length: 1024 }, (_, n) => (n / 1024 * 24_000 <= upTo ? -50 : -120))
const after = (looks: number, rms: number, peak: number, upTo: number) => {
  const check = new SoundCheck()
  for (let n = 0; n < looks; n++) check.look({ rms, peak, bins: bins(upTo), top: 24_000 })
  return check
}

test.each([
  ['passed', 0.1, 0.5, 12_000], ['clipped', 0.3, 1, 12_000], ['quiet', 0.012, 0.1, 12_000], ['narrow', 0.1, 0.5, 3_400],
])('%s', (want, rms, peak, upTo) => expect(after(60, rms, peak, upTo).result).toBe(want))

test('a few words are not enough', () => expect(after(39, 0.1, 0.5, 12_000).result).toBeUndefined())

test('the figures', () => {
  const { level, clipped, bandwidth } = after(50, 0.1, 0.5, 12_000).figures!
  expect(level).toBeCloseTo(-20, 5)
  expect(clipped).toBe(0)
  expect(Math.abs(bandwidth - 12_000)).toBeLessThan(50)
})
