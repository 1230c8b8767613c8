// Calls of leader to leader: one is made in one action, and rings at the other side's desk. Pure.
import type { Joint, Language, Party, Summary, Words } from '../protocol.ts'

/** A call that is not answered rings for so long around its time; before and afterwards it stands among the consultations like any other. */
export const rings = 15 * 60_000
const minutes = 30

/** What is sent for a call of `own` to `other`, beginning now. */
export function callOf(own: Party, other: Party, now: Date): Joint {
  const languages = [...new Set<Language>([own.language, other.language])]
  const title: Words = Object.fromEntries(languages.map((each) => [each, `${nameIn(own, each)} – ${nameIn(other, each)}`]))
  return { title, parties: [own, other], startsAt: now.toISOString(), minutes, languages, agenda: [], kind: 'call', ceremony: true }
}

function nameIn(party: Party, language: Language): string {
  return party.names[language] ?? party.names[party.language] ?? party.id
}

/** The calls that ring at our desk now: made by another side, neither answered, put off nor ended. */
export function ringing(all: readonly Summary[], own: string, now: Date): Summary[] {
  return all.filter((summary) => summary.kind === 'call' && !summary.cancelled && summary.agreed[own] === undefined && summary.deferred?.[own] === undefined
    && Math.abs(now.getTime() - Date.parse(summary.startsAt)) < rings)
}
