// What a secretary says of a document, as the form holds it.
import { dayOf, instantOf, type Calendar, type Day } from '../format/calendar.ts'
import type { LibraryDocument, LibraryEntry, Party, Words } from '../protocol.ts'

export type Belongs = 'nothing' | 'programme' | 'always'

export interface Entry {
  title: Words
  about: Words
  source: string
  dated: boolean
  day: Day | undefined
  calendar: Calendar
  readers: string[] // other parties; none: our side only
  belongs: Belongs
  programme: string
}

const noon = { hour: 12, minute: 0 }

export function emptyEntry(own: Party): Entry {
  return { title: {}, about: {}, source: '', dated: false, day: dayOf(new Date(), own.calendar, 'UTC'), calendar: own.calendar, readers: [], belongs: 'nothing', programme: '' }
}

export function entryOf(document: LibraryDocument, own: Party): Entry {
  const { title, about, source, date } = document.facts
  const instant = dateOf(date)
  return {
    title: { ...title }, about: { ...about }, source: source ?? '', dated: instant !== undefined,
    day: dayOf(instant ?? new Date(), own.calendar, 'UTC'), calendar: own.calendar, readers: [...document.readers],
    belongs: document.programme ? 'programme' : document.always ? 'always' : 'nothing', programme: document.programme ?? '',
  }
}

/** A date without a time, as a moment in the middle of that day. */
export function dateOf(date: string | undefined): Date | undefined {
  const parts = /^(\d{4})-(\d\d)-(\d\d)$/.exec(date ?? '')
  return parts ? new Date(Date.UTC(Number(parts[1]), Number(parts[2]) - 1, Number(parts[3]), 12)) : undefined
}

export type Fault = 'title' | 'date' | 'programme'

export function faultsOf(entry: Entry): Fault[] {
  const found: Fault[] = []
  if (!Object.values(entry.title).some((text) => text?.trim())) found.push('title')
  if (entry.dated && !(entry.day && instantOf(entry.day, noon, 'UTC'))) found.push('date')
  if (entry.belongs === 'programme' && entry.programme.trim() === '') found.push('programme')
  return found
}

/** What is sent. The date goes in the Gregorian calendar, whichever it was entered in. */
export function sentOf(entry: Entry, upload?: string): LibraryEntry {
  const instant = entry.dated && entry.day ? instantOf(entry.day, noon, 'UTC') : undefined
  return {
    ...(upload === undefined ? {} : { upload }),
    facts: { title: filled(entry.title), about: filled(entry.about), source: entry.source, ...(instant ? { date: instant.toISOString().slice(0, 10) } : {}) },
    readers: [...entry.readers],
    ...(entry.belongs === 'programme' ? { programme: entry.programme } : {}),
    ...(entry.belongs === 'always' ? { always: true } : {}),
  }
}

function filled(words: Words): Words {
  return Object.fromEntries(Object.entries(words).filter(([, text]) => text?.trim()))
}
