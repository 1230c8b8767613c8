import { expect, test } from 'vitest'
import type { Calendar, Day } from '../format/calendar.ts'
import { firstProposal, instantOfWhen, minutesOffered, whenOf, yearsAround } from './when.ts'

const day = (calendar: Calendar, year: number, month: number, date: number): Day => ({ calendar, year, month, day: date })

// Tehran is +03:30 all the year, Baku +04:00.
const table: [string, Day, number, number, string, string | undefined][] = [
  ['the first of Farvardin', day('persian', 1405, 1, 1), 10, 0, 'Asia/Tehran', '2026-03-21T06:30:00.000Z'],
  ['the same day, Gregorian', day('gregory', 2026, 3, 21), 10, 0, 'Asia/Tehran', '2026-03-21T06:30:00.000Z'],
  ['a Solar Hijri day on the clocks of Baku', day('persian', 1405, 9, 2), 0, 5, 'Asia/Baku', '2026-11-22T20:05:00.000Z'],
  ['the leap day', day('persian', 1403, 12, 30), 23, 59, 'Asia/Tehran', '2025-03-20T20:29:00.000Z'],
  ['no leap day in a common year', day('persian', 1404, 12, 30), 12, 0, 'Asia/Tehran', undefined],
  ['31 November', day('gregory', 2026, 11, 31), 12, 0, 'Asia/Baku', undefined],
  ['an hour that the clocks skip', day('gregory', 2027, 3, 28), 2, 30, 'Europe/Berlin', undefined],
]
test.each(table)('%s', (_, of, hour, minute, zone, want) => {
  expect(instantOfWhen({ day: of, hour, minute, zone })?.toISOString()).toBe(want)
})

test.each(['persian', 'gregory'] as const)('there and back: %s', (calendar) => {
  const instant = new Date('2026-11-23T06:30:00Z')
  expect(instantOfWhen(whenOf(instant, calendar, 'Asia/Tehran'))).toEqual(instant)
})

test('no day, no moment', () => expect(instantOfWhen({ day: undefined, hour: 1, minute: 1, zone: 'UTC' })).toBeUndefined())

test('the first proposal is a week ahead at ten', () => {
  const found = instantOfWhen(firstProposal(new Date('2026-11-23T23:00:00Z'), 'persian', 'Asia/Baku'))
  expect(found?.toISOString()).toBe('2026-12-01T06:00:00.000Z')
})

test('the years offered hold the one entered', () => {
  const now = new Date('2026-11-23T00:00:00Z')
  expect(yearsAround(now, undefined, 'persian', 'Asia/Tehran')).toEqual({ first: 1405, last: 1410 })
  expect(yearsAround(now, day('gregory', 2024, 1, 1), 'gregory', 'Asia/Tehran')).toEqual({ first: 2024, last: 2031 })
  expect(yearsAround(now, day('gregory', 2040, 1, 1), 'persian', 'Asia/Tehran')).toEqual({ first: 1405, last: 1418 })
})

test('a minute between the fifths stays', () => {
  expect(minutesOffered(35)).toHaveLength(12)
  expect(minutesOffered(37).slice(6, 10)).toEqual([30, 35, 37, 40])
})
