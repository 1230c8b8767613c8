// Moments in words: dates, clocks, durations. Pure; the language is an argument.
import { form, type Language } from '../text/words.ts'
import { dayOf, daysBetween, wallTimeOf, weekdayOf, type Calendar, type Zone } from './calendar.ts'
import { months, relativeDays, units, weekdays } from './names.ts'
import { digits, number } from './number.ts'

export interface How {
  readonly language: Language
  readonly calendar: Calendar
  readonly zone: Zone
}

/** "Monday, 23 November 2026", «دوشنبه ۲ آذر ۱۴۰۵». */
export function longDate(instant: Date, { language, calendar, zone }: How): string {
  const { year, month, day } = dayOf(instant, calendar, zone)
  const weekday = weekdays[language][weekdayOf(instant, zone)] ?? ''
  const name = months[calendar][language][month - 1] ?? ''
  switch (language) {
    case 'fa': return digits(`${weekday} ${day} ${name} ${year}`, 'fa')
    case 'az': return `${day} ${name} ${year}, ${weekday}`
    case 'en': return `${weekday}, ${day} ${name} ${year}`
    case 'ru': return `${weekday}, ${day} ${name} ${year}\u00A0г.`
  }
}

/** For lists: "23 Nov 2026", "23.11.2026", «۱۴۰۵/۰۹/۰۲». */
export function shortDate(instant: Date, { language, calendar, zone }: How): string {
  const { year, month, day } = dayOf(instant, calendar, zone)
  if (language === 'fa') return digits(`${year}/${two(month)}/${two(day)}`, 'fa')
  if (language !== 'en') return `${two(day)}.${two(month)}.${year}`
  const name = months[calendar].en[month - 1] ?? ''
  return `${day} ${calendar === 'gregory' ? name.slice(0, 3) : name} ${year}`
}

/** "2 Azar", «۲۳ نوامبر»: a day without its year. */
export function dayAndMonth(instant: Date, { language, calendar, zone }: How): string {
  const { month, day } = dayOf(instant, calendar, zone)
  return digits(`${day} ${months[calendar][language][month - 1] ?? ''}`, language)
}

/** The clock of a zone, 24 hours: "14:30", «۱۴:۳۰». */
export function clock(instant: Date, zone: Zone, language: Language): string {
  const { hour, minute } = wallTimeOf(instant, zone)
  return digits(`${two(hour)}:${two(minute)}`, language)
}

/** A span of milliseconds in its two largest units: "1 h 20 min"; below a minute in seconds. */
export function duration(milliseconds: number, language: Language): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000))
  const unit = units[language]
  const said = (n: number, name: string) => `${number(n, language)}\u00A0${name}`
  if (seconds < 60) return said(seconds, unit.second)
  const minutes = Math.round(seconds / 60)
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60]
  if (hours === 0) return said(minutes, unit.minute)
  return rest === 0 ? said(hours, unit.hour) : said(hours, unit.hour) + unit.and + said(rest, unit.minute)
}

/** A running watch: "4:05", "1:02:03". */
export function stopwatch(milliseconds: number, language: Language): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000))
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60]
  const tail = two(seconds % 60)
  return digits(hours > 0 ? `${hours}:${two(minutes)}:${tail}` : `${minutes}:${tail}`, language)
}

/** "today", "in 3 days": from the day of `now` to the day of the moment, in a zone. */
export function relativeDay(instant: Date, now: Date, zone: Zone, language: Language): string {
  const days = daysBetween(now, instant, zone)
  const table = relativeDays[language]
  const near = Math.abs(days) <= 2 ? table.near[days + 2] : undefined
  if (near !== undefined) return near
  const n = Math.abs(days)
  return ((days < 0 ? table.ago : table.ahead)[form(n, language)] ?? '').replace('{n}', number(n, language))
}

function two(n: number): string {
  return String(n).padStart(2, '0')
}
