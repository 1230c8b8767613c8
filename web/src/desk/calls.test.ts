import { expect, test } from 'vitest'
import type { Party, Summary } from '../protocol.ts'
import { callOf, ringing, rings } from './calls.ts'

const party = (id: string, language: string): Party => ({ id, names: { [language]: id.toUpperCase() }, language, zone: 'Asia/Baku', calendar: 'gregory' })
const at = new Date('2026-11-23T10:00:00Z')

test('a call is made of two sides and the present moment', () => {
  const joint = callOf(party('tehran', 'fa'), party('baku', 'az'), at)
  expect(joint).toMatchObject({ kind: 'call', ceremony: true, languages: ['fa', 'az'], agenda: [], startsAt: at.toISOString() })
  expect(joint.title).toEqual({ fa: 'TEHRAN – BAKU', az: 'TEHRAN – BAKU' })
})

test('it rings at the other side until it is answered, ended or old', () => {
  const summary = { id: 'c', kind: 'call', cancelled: false, agreed: { tehran: 1 }, startsAt: at.toISOString() } as unknown as Summary
  const calls = (one: Partial<Summary>, own = 'baku', later = 0) => ringing([{ ...summary, ...one }], own, new Date(at.getTime() + later)).length
  expect(calls({})).toBe(1)
  expect(calls({}, 'tehran')).toBe(0)
  expect(calls({ agreed: { tehran: 1, baku: 1 } })).toBe(0)
  expect(calls({ deferred: { baku: at.toISOString() } })).toBe(0)
  expect(calls({ cancelled: true })).toBe(0)
  expect(calls({}, 'baku', rings - 1)).toBe(1)
  expect(calls({}, 'baku', rings)).toBe(0)
  expect(calls({}, 'baku', -86_400_000), 'put to tomorrow').toBe(0)
  const { kind: _kind, ...meeting } = summary
  expect(ringing([meeting], 'baku', at)).toEqual([])
})
