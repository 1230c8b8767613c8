// The joint facts while they are being edited: what is missing, what the other side changed meanwhile, and both put together.
import type { Joint, Language, Party, Words } from '../protocol.ts'

export const maxTitle = 300 // meeting.MaxTitle
export const maxName = 120 // meeting.MaxName

/** A field, and what is wrong with it; `field` is a part of Joint, with the party, item or language after a slash. */
export interface Fault {
  readonly field: string
  readonly what: 'missing' | 'long' | 'two-parties' | 'no-language' | 'date' | 'length'
}

export function faultsOf(joint: Joint, instant: Date | undefined): Fault[] {
  const found: Fault[] = []
  const texts = (words: Words, needed: readonly Language[], field: string, max: number) => {
    for (const each of needed) if (!words[each]?.trim()) found.push({ field: `${field}/${each}`, what: 'missing' })
    for (const [each, text] of Object.entries(words)) {
      if ([...(text ?? '').trim()].length > max) found.push({ field: `${field}/${each}`, what: 'long' })
    }
  }
  texts(joint.title, joint.languages, 'title', maxTitle)
  if (joint.parties.length < 2) found.push({ field: 'parties', what: 'two-parties' })
  for (const party of joint.parties) texts(party.names, [party.language], `names/${party.id}`, maxName)
  if (!instant) found.push({ field: 'when', what: 'date' })
  if (!wholeMinutes(joint.minutes, 1)) found.push({ field: 'minutes', what: 'length' })
  if (joint.languages.length === 0) found.push({ field: 'languages', what: 'no-language' })
  for (const item of joint.agenda) {
    texts(item.title, joint.languages, `agenda/${item.id}`, maxTitle)
    if (!wholeMinutes(item.minutes, 0)) found.push({ field: `agenda/${item.id}/minutes`, what: 'length' })
  }
  return found
}

function wholeMinutes(n: number, least: number): boolean {
  return Number.isInteger(n) && n >= least && n <= 24 * 60
}

/** What a comparison tells apart. */
export type Part = 'title' | 'parties' | 'startsAt' | 'minutes' | 'languages' | 'agenda' | 'ceremony'
const parts: readonly Part[] = ['title', 'startsAt', 'minutes', 'languages', 'parties', 'agenda', 'ceremony']

export function changed(from: Joint, to: Joint): Part[] {
  return parts.filter((part) => !same(from[part], to[part], part))
}

/**
 * My changes on top of theirs: each part that I did not touch is theirs. `both` are the parts that both sides changed,
 * and differently: there mine stand.
 */
export function reapplied(base: Joint, mine: Joint, theirs: Joint): { joint: Joint; both: Part[] } {
  const my = changed(base, mine)
  const joint: Joint = { ...theirs }
  if (my.includes('title')) joint.title = mine.title
  if (my.includes('parties')) joint.parties = allParties(mine.parties, theirs.parties)
  if (my.includes('startsAt')) joint.startsAt = mine.startsAt
  if (my.includes('minutes')) joint.minutes = mine.minutes
  if (my.includes('languages')) joint.languages = mine.languages
  if (my.includes('agenda')) joint.agenda = mine.agenda
  if (my.includes('ceremony')) joint.ceremony = mine.ceremony ?? false
  const their = changed(base, theirs)
  return { joint, both: my.filter((part) => their.includes(part) && !same(mine[part], theirs[part], part)) }
}

// A party, once in, stays: the node refuses a change without it.
function allParties(mine: readonly Party[], theirs: readonly Party[]): Party[] {
  return [...mine, ...theirs.filter((party) => !mine.some((one) => one.id === party.id))]
}

function same(a: Joint[Part], b: Joint[Part], part: Part): boolean {
  if (part === 'ceremony') return Boolean(a) === Boolean(b)
  if (part === 'startsAt') return Date.parse(String(a)) === Date.parse(String(b))
  return canonical(a) === canonical(b)
}

// The order of keys says nothing, and an empty text is the same as none.
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) => {
    if (typeof each !== 'object' || each === null || Array.isArray(each)) return each
    return Object.fromEntries(Object.entries(each).filter(([, text]) => text !== '').sort(([a], [b]) => (a < b ? -1 : 1)))
  })
}

/** What is sent: texts trimmed, and none in languages that the meeting does not have. */
export function tidied(joint: Joint): Joint {
  return {
    ...joint,
    title: kept(joint.title, joint.languages),
    parties: joint.parties.map((party) => ({ ...party, names: kept(party.names) })),
    agenda: joint.agenda.map((item) => ({ ...item, title: kept(item.title, joint.languages) })),
  }
}

function kept(words: Words, languages?: readonly Language[]): Words {
  const entries = Object.entries(words).map(([each, text]) => [each, (text ?? '').trim()] as const)
  return Object.fromEntries(entries.filter(([each, text]) => text !== '' && (!languages || languages.includes(each))))
}

/** A new consultation of one side, before anything is entered. */
export function emptyJoint(own: Party, other: Party | undefined, startsAt: Date): Joint {
  const parties = other ? [own, other] : [own]
  const languages = [...new Set(parties.map((party) => party.language))]
  return { title: {}, parties, startsAt: startsAt.toISOString(), minutes: 90, languages, agenda: [] }
}
