import { describe, expect, test } from 'vitest'
import { convert, dayOf, daysBetween, exists, instantOf, monthLength, type Calendar, type Day } from './calendar.ts'
import { order, sought } from './collate.ts'
import { clock, dayAndMonth, duration, longDate, relativeDay, shortDate, stopwatch } from './date.ts'
import { entryDirection } from './direction.ts'
import { digits, latinDigits, number } from './number.ts'
import { languages, type Language } from '../text/words.ts'

const tehran = 'Asia/Tehran'
const baku = 'Asia/Baku'
const solar = (year: number, month: number, day: number): Day => ({ calendar: 'persian', year, month, day })
const gregorian = (year: number, month: number, day: number): Day => ({ calendar: 'gregory', year, month, day })

describe('both calendars', () => {
  const same: [Day, Day][] = [
    [solar(1405, 9, 2), gregorian(2026, 11, 23)],
    [solar(1405, 1, 1), gregorian(2026, 3, 21)],
    [solar(1404, 12, 29), gregorian(2026, 3, 20)],
    [solar(1403, 12, 30), gregorian(2025, 3, 20)], // leap
    [solar(1404, 1, 1), gregorian(2025, 3, 21)],
    [solar(1399, 12, 30), gregorian(2021, 3, 20)], // leap
    [solar(1408, 12, 30), gregorian(2030, 3, 20)], // leap
    [solar(1409, 1, 1), gregorian(2030, 3, 21)],
    [solar(1403, 1, 1), gregorian(2024, 3, 20)],
    [solar(1405, 6, 31), gregorian(2026, 9, 22)],
    [solar(1405, 7, 1), gregorian(2026, 9, 23)],
    [solar(1357, 11, 22), gregorian(1979, 2, 11)],
    [solar(1406, 12, 10), gregorian(2028, 2, 29)],
  ]
  test.each(same)('%o is %o', (a, b) => {
    expect(convert(a, 'gregory')).toEqual(b)
    expect(convert(b, 'persian')).toEqual(a)
  })

  const wrong: Day[] = [
    solar(1404, 12, 30), solar(1405, 12, 30), solar(1405, 7, 31), solar(1405, 13, 1), solar(1405, 0, 1), solar(1405, 1, 0),
    solar(1405, 1, 32), solar(NaN, 1, 1), solar(1405, 1.5, 1), solar(99, 1, 1),
    gregorian(2026, 2, 29), gregorian(2026, 4, 31), gregorian(2026, 13, 1), gregorian(26, 1, 1),
  ]
  test.each(wrong)('%o does not exist', (day) => {
    expect(exists(day)).toBe(false)
    expect(convert(day, 'persian')).toBeUndefined()
  })

  test('every day of ten years goes there and back', () => {
    for (let at = Date.UTC(2023, 2, 18); at < Date.UTC(2033, 2, 24); at += 86_400_000) {
      const day = dayOf(new Date(at), 'persian', 'UTC')
      expect(instantOf(day, { hour: 0, minute: 0 }, 'UTC')?.getTime()).toBe(at)
    }
  })

  const lengths: [Calendar, number, number, number][] = [
    ['persian', 1403, 12, 30], ['persian', 1404, 12, 29], ['persian', 1405, 6, 31], ['persian', 1405, 7, 30],
    ['gregory', 2028, 2, 29], ['gregory', 2026, 2, 28], ['gregory', 2026, 4, 30],
  ]
  test.each(lengths)('%s %d-%d has %d days', (calendar, year, month, want) => expect(monthLength(calendar, year, month)).toBe(want))
})

describe('zones', () => {
  const table: [Day, number, number, string, string | undefined][] = [
    [solar(1405, 9, 2), 14, 0, tehran, '2026-11-23T10:30:00.000Z'],
    [gregorian(2026, 11, 23), 14, 30, baku, '2026-11-23T10:30:00.000Z'],
    [gregorian(2026, 7, 1), 14, 0, tehran, '2026-07-01T10:30:00.000Z'], // no summer time since 2023
    [gregorian(2022, 7, 1), 14, 0, tehran, '2022-07-01T09:30:00.000Z'], // and before, there was
    [solar(1405, 1, 1), 0, 0, tehran, '2026-03-20T20:30:00.000Z'],
    [gregorian(2026, 3, 29), 2, 30, 'Europe/Berlin', undefined], // skipped
    [gregorian(2026, 10, 25), 2, 30, 'Europe/Berlin', '2026-10-25T00:30:00.000Z'], // twice: the first
    [solar(1404, 12, 30), 12, 0, tehran, undefined],
    [gregorian(2026, 1, 1), 24, 0, tehran, undefined],
    [gregorian(2026, 1, 1), 0, 60, tehran, undefined],
  ]
  test.each(table)('%o %d:%d in %s is %s', (day, hour, minute, zone, want) => {
    expect(instantOf(day, { hour, minute }, zone)?.toISOString()).toBe(want)
  })
})

describe('dates in words', () => {
  const instant = new Date('2026-11-23T10:30:00Z')
  const table: [Language, Calendar, string, string, string][] = [
    ['fa', 'persian', 'دوشنبه ۲ آذر ۱۴۰۵', '۱۴۰۵/۰۹/۰۲', '۲ آذر'],
    ['fa', 'gregory', 'دوشنبه ۲۳ نوامبر ۲۰۲۶', '۲۰۲۶/۱۱/۲۳', '۲۳ نوامبر'],
    ['az', 'gregory', '23 noyabr 2026, bazar ertəsi', '23.11.2026', '23 noyabr'],
    ['az', 'persian', '2 azər 1405, bazar ertəsi', '02.09.1405', '2 azər'],
    ['en', 'gregory', 'Monday, 23 November 2026', '23 Nov 2026', '23 November'],
    ['en', 'persian', 'Monday, 2 Azar 1405', '2 Azar 1405', '2 Azar'],
    ['ru', 'gregory', 'понедельник, 23 ноября 2026\u00A0г.', '23.11.2026', '23 ноября'],
    ['ru', 'persian', 'понедельник, 2 азера 1405\u00A0г.', '02.09.1405', '2 азера'],
  ]
  test.each(table)('%s %s', (language, calendar, long, short, day) => {
    const how = { language, calendar, zone: tehran }
    expect(longDate(instant, how)).toBe(long)
    expect(shortDate(instant, how)).toBe(short)
    expect(dayAndMonth(instant, how)).toBe(day)
  })

  test('midnight comes to Baku half an hour before Tehran, also across the new year', () => {
    const newYear = new Date('2026-03-20T20:15:00Z')
    expect(longDate(newYear, { language: 'fa', calendar: 'persian', zone: tehran })).toBe('جمعه ۲۹ اسفند ۱۴۰۴')
    expect(longDate(newYear, { language: 'fa', calendar: 'persian', zone: baku })).toBe('شنبه ۱ فروردین ۱۴۰۵')
    expect(clock(newYear, tehran, 'fa')).toBe('۲۳:۴۵')
    expect(clock(newYear, baku, 'az')).toBe('00:15')
  })

  const near: [string, Language, string][] = [
    ['2026-11-23T20:29:00Z', 'fa', 'امروز'], ['2026-11-23T20:31:00Z', 'fa', 'فردا'],
    ['2026-11-22T10:00:00Z', 'az', 'dünən'], ['2026-12-14T10:00:00Z', 'az', '21 gün sonra'],
    ['2026-12-14T10:00:00Z', 'ru', 'через 21 день'], ['2026-11-20T10:00:00Z', 'ru', '3 дня назад'],
    ['2026-11-25T10:00:00Z', 'en', 'in 2 days'], ['2026-12-14T10:00:00Z', 'fa', '۲۱ روز دیگر'],
  ]
  test.each(near)('%s in %s is %s', (at, language, want) => {
    expect(relativeDay(new Date(at), instant, tehran, language)).toBe(want)
  })

  test('days are those of the zone', () => {
    expect(daysBetween(instant, new Date('2026-11-23T20:15:00Z'), tehran)).toBe(0)
    expect(daysBetween(instant, new Date('2026-11-23T20:15:00Z'), baku)).toBe(1)
  })
})

describe('numbers', () => {
  const table: [number, Language, string][] = [
    [0, 'fa', '۰'], [1234567.5, 'fa', '۱٬۲۳۴٬۵۶۷٫۵'], [-3, 'fa', '\u200E\u2212۳'],
    [999, 'az', '999'], [1000, 'az', '1.000'], [1234.56, 'az', '1.234,56'],
    [1234.5, 'en', '1,234.5'], [-0.001, 'en', '0'], [12345, 'ru', '12\u00A0345'], [0.995, 'ru', '0,99'],
  ]
  test.each(table)('%d in %s', (n, language, want) => expect(number(n, language)).toBe(want))

  test('digits', () => {
    expect(digits('7/12', 'fa')).toBe('۷/۱۲')
    expect(latinDigits('۱۴۰۵ ٢٣ 9')).toBe('1405 23 9')
  })

  const spans: [number, Language, string][] = [
    [0, 'en', '0 s'], [59_400, 'en', '59 s'], [60_000, 'en', '1 min'], [4_800_000, 'en', '1 h 20 min'], [3_599_900, 'en', '1 h'],
    [4_800_000, 'fa', '۱ ساعت و ۲۰ دقیقه'], [4_800_000, 'az', '1 saat 20 dəqiqə'], [7_200_000, 'ru', '2 ч'],
  ]
  test.each(spans)('%d ms in %s is %s', (span, language, want) => expect(duration(span, language).replaceAll('\u00A0', ' ')).toBe(want))

  test('a running watch', () => {
    expect(stopwatch(245_900, 'en')).toBe('4:05')
    expect(stopwatch(3_723_000, 'fa')).toBe('۱:۰۲:۰۳')
  })
})

describe('the order of names', () => {
  const sorted: Record<Language, string[]> = {
    az: ['10', 'Ağa', 'Cavid', 'Çingiz', 'Elçin', 'Əli', 'Gülnar', 'Hacı', 'Xəyal', 'Ilqar', 'İlqar', 'Kamil', 'Qasım', 'Leyla', 'Sabir', 'Şahin', 'Zaur', 'Борис'],
    fa: ['آرش', 'احمد', 'بابک', 'پرویز', 'چنگیز', 'ژاله', 'کامران', 'گیتی', 'ناصر', 'وحید', 'هادی', 'یاسر'],
    en: ['anna', 'Bella', 'Item 2', 'Item 10'],
    ru: ['Анна', 'Егор', 'Ёлкин', 'Жанна'],
  }
  test.each(languages)('%s', (language) => {
    const mixed = sorted[language].toReversed()
    expect(mixed.sort(order(language))).toEqual(sorted[language])
  })
})

test('what is typed runs as its first letter, and before it as its reader reads', () => {
  for (const [text, tongue, want] of [['', undefined, undefined], ['۱۲', undefined, undefined], ['', 'fa', 'rtl'], ['', 'az', 'auto'], ['12 km', undefined, 'auto'], ['سلام', 'az', 'auto']] as const)
    expect(entryDirection(text, tongue)).toBe(want)
})

test('what is looked for is found in whatever letters it was typed', () => {
  for (const [text, typed] of [['İdxal qaydaları', 'idxal'], ['ÜZÜM', 'uzum'], ['Şəhər', 'seher'], ['راه‌آهن', 'راه اهن'.replace(' ', '')], ['علي', 'علی'], ['Ёлка', 'елка']] as const)
    expect(sought(text)).toContain(sought(typed))
})
