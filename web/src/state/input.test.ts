import { expect, test } from 'vitest'
import type { Line } from '../protocol.ts'
import { inputFaults } from './input.ts'

const line = (input: Line['input'], lossUp = 0): Line => ({ quality: 'good', rttMs: 20, lossUp, lossDown: 0, transport: 'udp', ...(input ? { input } : {}) })

test.each([
  [line({ level: -22, clipped: 0, bandwidth: 12_000 }), []],
  [line({ level: -40, clipped: 0, bandwidth: 12_000 }), ['quiet']],
  [line({ level: -10, clipped: 0.2, bandwidth: 3_400 }, 0.05), ['clipped', 'narrow', 'lossy']],
  [line(undefined), undefined],
])('%j', (given, want) => expect(inputFaults(given)).toEqual(want))

test.each([[300, []], [301, ['lips']], [-125, []], [-126, ['lips']], [undefined, []]])('a picture %s ms behind the sound', (behind, want) => {
  expect(inputFaults(line({ level: -22, clipped: 0, bandwidth: 12_000 }), behind)).toEqual(want)
})
