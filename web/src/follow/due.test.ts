import { expect, test } from 'vitest'
import { calendarsOf, dayNumberOf, inWords, isoOfDay, isoOfNumber, restOn, weekdayOfISO } from './due.ts'

test.each([
  ['2026-11-23', '۲ آذر ۱۴۰۵', '23 noyabr 2026'],
  ['2027-03-20', '۲۹ اسفند ۱۴۰۵', '20 mart 2027'],
  ['2027-03-21', '۱ فروردین ۱۴۰۶', '21 mart 2027'],
  ['2024-02-29', '۱۰ اسفند ۱۴۰۲', '29 fevral 2024'],
])('%s in both calendars', (iso, solar, gregorian) => {
  expect(inWords(iso, 'persian', 'fa')).toBe(solar)
  expect(inWords(iso, 'gregory', 'az')).toBe(gregorian)
  expect(isoOfNumber(dayNumberOf(iso))).toBe(iso)
})

test('a Solar Hijri day becomes the Gregorian one that the node keeps', () => {
  expect(isoOfDay({ calendar: 'persian', year: 1404, month: 12, day: 10 })).toBe('2026-03-01')
  expect(isoOfDay({ calendar: 'persian', year: 1404, month: 12, day: 30 })).toBeUndefined()
  expect(calendarsOf('fa')).toEqual(['persian', 'gregory'])
})

test('a single day goes over the week', () => {
  const rest = { weekly: [0, 6], days: [{ date: '2026-11-21', working: true }, { date: '2026-11-23', name: 'Bayram' }] }
  expect(weekdayOfISO('2026-11-22')).toBe(0)
  expect(restOn(rest, '2026-11-22')).toEqual({ rests: true, name: '' })
  expect(restOn(rest, '2026-11-21')).toEqual({ rests: false, name: '' })
  expect(restOn(rest, '2026-11-23')).toEqual({ rests: true, name: 'Bayram' })
  expect(restOn(undefined, '2026-11-23').rests).toBe(false)
})
