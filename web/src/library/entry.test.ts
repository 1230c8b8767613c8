import { expect, test } from 'vitest'
import type { Party } from '../protocol.ts'
import { emptyEntry, entryOf, faultsOf, sentOf } from './entry.ts'

const own: Party = { id: 'tehran', names: { fa: 'راه' }, language: 'fa', zone: 'Asia/Tehran', calendar: 'persian' }

test('a date entered in the Solar Hijri calendar is sent in the Gregorian one, and comes back', () => {
  const entry = { ...emptyEntry(own), title: { fa: 'قانون' }, dated: true, day: { calendar: 'persian' as const, year: 1405, month: 1, day: 1 } }
  const sent = sentOf(entry, 'u1')
  expect(sent.facts.date).toBe('2026-03-21')
  const back = entryOf({ id: 'u1', party: 'tehran', added: '', hash: '', size: 1, kind: 'pdf', file: 'a.pdf', facts: sent.facts, readers: [], places: [] }, own)
  expect(back.day).toEqual(entry.day)
})

test('a day that the calendar lacks, a missing title and a programme without a name are faults', () => {
  const entry = { ...emptyEntry(own), title: { fa: ' ' }, dated: true, day: { calendar: 'persian' as const, year: 1404, month: 12, day: 30 }, belongs: 'programme' as const }
  expect(faultsOf(entry)).toEqual(['title', 'date', 'programme'])
})

test('what is not known is not sent', () => {
  expect(sentOf({ ...emptyEntry(own), title: { fa: 'قانون', az: '' } })).toEqual({ facts: { title: { fa: 'قانون' }, about: {}, source: '' }, readers: [] })
})
