// Days in two calendars and moments in time zones. The zones and the Solar Hijri calendar are the browser's
// (its numeric parts are right); the names of months are ours, in names.ts.

export const calendars = ['persian', 'gregory'] as const
export type Calendar = (typeof calendars)[number]

/** An IANA zone, such as Asia/Tehran or Asia/Baku. */
export type Zone = string

/** A day of a calendar; month and day count from 1. */
export interface Day {
  readonly calendar: Calendar
  readonly year: number
  readonly month: number
  readonly day: number
}

/** What the clock on the wall shows. */
export interface WallTime {
  readonly hour: number
  readonly minute: number
}

const dayLength = 86_400_000

// Making a format costs about a tenth of a millisecond, and lists show many.
const made = new Map<string, Intl.DateTimeFormat>()

function format(calendar: Calendar | 'time', zone: Zone): Intl.DateTimeFormat {
  const name = calendar + zone
  let known = made.get(name)
  if (!known) {
    known = calendar === 'time'
      ? new Intl.DateTimeFormat('en-u-ca-gregory-nu-latn', {
          timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric',
        })
      : new Intl.DateTimeFormat(`en-u-ca-${calendar}-nu-latn`, {
          timeZone: zone, year: 'numeric', month: 'numeric', day: 'numeric',
        })
    made.set(name, known)
  }
  return known
}

function parts(of: Intl.DateTimeFormat, instant: Date): Record<string, number> {
  return Object.fromEntries(of.formatToParts(instant).map((part) => [part.type, Number(part.value)]))
}

/** The day that a moment falls on, in a zone. */
export function dayOf(instant: Date, calendar: Calendar, zone: Zone): Day {
  const { year = NaN, month = NaN, day = NaN } = parts(format(calendar, zone), instant)
  return { calendar, year, month, day }
}

export function wallTimeOf(instant: Date, zone: Zone): WallTime {
  const { hour = NaN, minute = NaN } = parts(format('time', zone), instant)
  return { hour, minute }
}

/** 0 is Sunday. */
export function weekdayOf(instant: Date, zone: Zone): number {
  return new Date(dayNumber(dayOf(instant, 'gregory', zone)) * dayLength).getUTCDay()
}

/** The same day in the other calendar; undefined when there is no such day. */
export function convert(day: Day, to: Calendar): Day | undefined {
  const midnight = utcMidnight(day)
  return midnight && dayOf(midnight, to, 'UTC')
}

export function exists(day: Day): boolean {
  return utcMidnight(day) !== undefined
}

export function monthLength(calendar: Calendar, year: number, month: number): number {
  for (let day = 31; day > 28; day--) if (exists({ calendar, year, month, day })) return day
  return 28
}

/** Whole days from one moment's day to another's, as a zone counts days. */
export function daysBetween(from: Date, to: Date, zone: Zone): number {
  return dayNumber(dayOf(to, 'gregory', zone)) - dayNumber(dayOf(from, 'gregory', zone))
}

function dayNumber(day: Day): number {
  return Date.UTC(day.year, day.month - 1, day.day) / dayLength
}

/**
 * The moment at which the clocks of a zone show this day and time; undefined for a day that the calendar lacks
 * and for a time that the zone skips. Of a time that comes twice, the first.
 */
export function instantOf(day: Day, time: WallTime, zone: Zone): Date | undefined {
  const midnight = utcMidnight(day)
  if (!midnight || !isWallTime(time)) return undefined
  const wall = midnight.getTime() + (time.hour * 60 + time.minute) * 60_000
  // The offset a day before and a day after: they differ only around a change of clocks.
  const candidates = [-dayLength, dayLength].map((aside) => wall - offset(wall + aside, zone)).sort((a, b) => a - b)
  for (const candidate of candidates) if (candidate + offset(candidate, zone) === wall) return new Date(candidate)
  return undefined
}

function isWallTime({ hour, minute }: WallTime): boolean {
  return Number.isInteger(hour) && hour >= 0 && hour < 24 && Number.isInteger(minute) && minute >= 0 && minute < 60
}

/** Milliseconds that the zone's clocks are ahead of UTC. */
function offset(instant: number, zone: Zone): number {
  const { year = NaN, month = NaN, day = NaN, hour = NaN, minute = NaN, second = NaN } = parts(format('time', zone), new Date(instant))
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instant / 1000) * 1000
}

/** 00:00 UTC of the day, if its calendar has it. */
function utcMidnight(day: Day): Date | undefined {
  const { year, month, day: date } = day
  if (![year, month, date].every(Number.isInteger) || month < 1 || month > 12 || date < 1 || date > 31) return undefined
  // Outside these years Date.UTC reads two digits as 19xx, or the calendars are not used.
  if (year < 1000 || year > 3000) return undefined
  return day.calendar === 'gregory' ? gregorianMidnight(day) : solarMidnight(day)
}

function gregorianMidnight(day: Day): Date | undefined {
  const found = new Date(Date.UTC(day.year, day.month - 1, day.day))
  return found.getUTCMonth() === day.month - 1 ? found : undefined
}

// The year begins on 20, 21 or 22 March: compute from the 21st, then look at the days around. Asking the forward
// conversion makes both directions agree, and refuses the 30th of Esfand of common years.
function solarMidnight(day: Day): Date | undefined {
  const before = day.month <= 7 ? (day.month - 1) * 31 : 186 + (day.month - 7) * 30
  const near = Date.UTC(day.year + 621, 2, 21) + (before + day.day - 1) * dayLength
  for (const aside of [0, -1, 1, -2, 2]) {
    const candidate = new Date(near + aside * dayLength)
    const found = dayOf(candidate, 'persian', 'UTC')
    if (found.year === day.year && found.month === day.month && found.day === day.day) return candidate
  }
  return undefined
}
