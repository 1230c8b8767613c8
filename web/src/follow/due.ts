// Days without a clock, as the node writes them ("2026-11-23", Gregorian), in the words of both calendars.
import { convert, dayOf, exists, type Calendar, type Day, type Zone } from '../format/calendar.ts'
import { months } from '../format/names.ts'
import { digits } from '../format/number.ts'
import type { ISODate, RestDays } from '../protocol.ts'
import type { Language } from '../text/words.ts'

const dayLength = 86_400_000

/** The day in its own calendar, the Gregorian one; undefined when the text is no day. */
export function dayOfISO(iso: ISODate): Day | undefined {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(iso)
  if (!parts) return undefined
  const day: Day = { calendar: 'gregory', year: Number(parts[1]), month: Number(parts[2]), day: Number(parts[3]) }
  return exists(day) ? day : undefined
}

export function isoOfDay(day: Day): ISODate | undefined {
  const found = day.calendar === 'gregory' ? (exists(day) ? day : undefined) : convert(day, 'gregory')
  return found && `${found.year}-${String(found.month).padStart(2, '0')}-${String(found.day).padStart(2, '0')}`
}

/** Days since 1970: a scale to draw on. */
export function dayNumberOf(iso: ISODate): number {
  return Date.parse(`${iso}T00:00:00Z`) / dayLength
}

export function isoOfNumber(n: number): ISODate {
  return new Date(n * dayLength).toISOString().slice(0, 10)
}

/** "2 Azar 1405", «۲ آذر ۱۴۰۵», "23 noyabr 2026". */
export function inWords(iso: ISODate, calendar: Calendar, language: Language): string {
  const gregorian = dayOfISO(iso)
  const day = gregorian && (calendar === 'gregory' ? gregorian : convert(gregorian, calendar))
  if (!day) return iso
  return digits(`${day.day} ${months[calendar][language][day.month - 1] ?? ''} ${day.year}`, language)
}

/** The calendar that a reader of the language counts by, and the other one. */
export function calendarsOf(language: Language): [Calendar, Calendar] {
  return language === 'fa' ? ['persian', 'gregory'] : ['gregory', 'persian']
}

/** 0 is Sunday. */
export function weekdayOfISO(iso: ISODate): number {
  return new Date(Date.parse(`${iso}T00:00:00Z`)).getUTCDay()
}

/** Whether a side rests on the day, and the name of the day if it has one. A single day goes over the days of every week. */
export function restOn(rest: RestDays | undefined, iso: ISODate): { rests: boolean; name: string } {
  const single = rest?.days.find((day) => day.date === iso)
  if (single) return { rests: !single.working, name: single.name ?? '' }
  return { rests: rest?.weekly.includes(weekdayOfISO(iso)) ?? false, name: '' }
}

/** The day on which something was said, on the clock of a side. */
export function dayOfMoment(at: string, zone: Zone): ISODate {
  return isoOfDay(dayOf(new Date(at), 'gregory', zone)) ?? at.slice(0, 10)
}
