import { expect, test } from 'vitest'
import { equalPower, guard } from './fade.ts'

test('two that cross keep their power', () => {
  const [out, in_] = [equalPower(1, 0), equalPower(0, 1)]
  out.forEach((gain, n) => expect(gain ** 2 + in_[n]! ** 2).toBeCloseTo(1, 4))
  expect([out[0], out.at(-1), in_[0], in_.at(-1)]).toEqual([1, 0, 0, 1])
})

test('from the middle of another fade', () => {
  const curve = equalPower(0.5, 0.1)
  expect(curve[0]).toBeCloseTo(0.5, 6)
  expect(curve.at(-1)).toBeCloseTo(0.1, 6)
  for (let n = 1; n < curve.length; n++) expect(curve[n]!).toBeLessThanOrEqual(curve[n - 1]!)
})

test('the guard changes nothing that is quiet enough and lets nothing above -3 dBFS', () => {
  const curve = guard()
  const at = (x: number) => curve[Math.round((x + 1) / 2 * (curve.length - 1))]!
  expect(at(0.5)).toBeCloseTo(0.5, 4)
  expect(at(-0.25)).toBeCloseTo(-0.25, 4)
  expect(Math.max(...curve.map(Math.abs))).toBeLessThan(10 ** (-3 / 20))
  for (let n = 1; n < curve.length; n++) expect(curve[n]!).toBeGreaterThanOrEqual(curve[n - 1]!)
})
