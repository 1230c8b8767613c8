// Date and time as the secretary enters them: a day of either calendar and the clock of the own side.
import { convert, dayOf, instantOf, wallTimeOf, type Calendar, type Day, type Zone } from '../format/calendar.ts'

export interface When {
  readonly day: Day | undefined
  readonly hour: number
  readonly minute: number
  readonly zone: Zone
}

/** The moment entered; undefined for a day that the calendar lacks and a time that the zone skips. */
export function instantOfWhen({ day, hour, minute, zone }: When): Date | undefined {
  return day && instantOf(day, { hour, minute }, zone)
}

export function whenOf(instant: Date, calendar: Calendar, zone: Zone): When {
  return { day: dayOf(instant, calendar, zone), ...wallTimeOf(instant, zone), zone }
}

/** A week from now at ten in the morning: where the entry begins. */
export function firstProposal(now: Date, calendar: Calendar, zone: Zone): When {
  return { ...whenOf(new Date(now.getTime() + 7 * 86_400_000), calendar, zone), hour: 10, minute: 0 }
}

/** The years that can be chosen: from the one before now, or that of the day entered, to five years ahead. */
export function yearsAround(now: Date, day: Day | undefined, calendar: Calendar, zone: Zone): { first: number; last: number } {
  const year = dayOf(now, calendar, zone).year
  const entered = (day && convert(day, calendar)?.year) ?? year
  return { first: Math.min(year, entered), last: Math.max(year + 5, entered) }
}

/** The minutes that the list offers: each fifth, and the one that stands there already. */
export function minutesOffered(minute: number): number[] {
  const fifths = Array.from({ length: 12 }, (_, index) => index * 5)
  return fifths.includes(minute) ? fifths : [...fifths, minute].sort((a, b) => a - b)
}
