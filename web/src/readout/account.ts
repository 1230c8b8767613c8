// A side's draft of its public account: how it begins, and what it is while somebody writes in it. Pure.
import { longDate } from '../format/date.ts'
import { worded } from '../named.ts'
import type { Account, Language, Meeting, Paragraph, ParagraphID, Party, PartyID, Principal, Words } from '../protocol.ts'
import { say } from '../text/say.ts'
import type { Tongue } from '../desk/letter.ts'
import { partyOf } from '../desk/consultation.svelte.ts'

/** A paragraph while it is written: its own text, or an agreed element. */
export interface DraftPart {
  key: number
  element: ParagraphID | undefined
  text: Record<Language, string>
}

export interface Draft {
  base: number
  languages: Language[]
  title: Record<Language, string>
  parts: DraftPart[]
}

const principal = ['head', 'delegate', 'adviser']

/** The account as it stands at the node. */
export function draftOf(account: Account | undefined, own: Party, others: readonly Party[]): Draft {
  const used = new Set<Language>([...Object.keys(account?.title ?? {}), ...(account?.parts ?? []).flatMap((part) => Object.keys(part.text ?? {}))])
  const languages = [own.language, ...[...used, ...(account ? [] : others.map((party) => party.language))].filter((tag) => tag !== own.language)]
  const kept = [...new Set(languages)]
  return {
    base: account?.revision ?? 0,
    languages: kept,
    title: filled(account?.title, kept),
    parts: (account?.parts ?? []).map((part, key) => ({ key, element: part.element, text: filled(part.text, kept) })),
  }
}

function filled(words: Words | undefined, languages: readonly Language[]): Record<Language, string> {
  return Object.fromEntries(languages.map((tag) => [tag, words?.[tag] ?? '']))
}

/** In how many places of a draft a language lacks its text. */
export function missing(draft: Draft, tag: Language): number {
  return [draft.title, ...draft.parts.filter((part) => part.element === undefined).map((part) => part.text)].filter((text) => !text[tag]?.trim()).length
}

export type ElementStanding = 'agreed' | 'waits' | 'asks' | 'declined'

/** Where a passage for all sides stands, as one side sees it. */
export function elementStanding(element: Paragraph, own: PartyID): ElementStanding {
  if (element.agreed && element.agreed.hash === element.hash) return 'agreed'
  const said = element.said.filter((word) => word.round === element.round && word.text !== '')
  if (said.some((word) => word.by.startsWith(own + '/'))) return 'waits'
  return said.length > 0 ? 'asks' : 'declined'
}

/** What is sent to be kept: no language that was taken out, no empty text. */
export function written(draft: Draft): { base: number; title: Words; parts: { element?: ParagraphID; text?: Words }[] } {
  const some = (text: Record<Language, string>): Words => Object.fromEntries(draft.languages.map((tag) => [tag, text[tag] ?? '']).filter(([, words]) => words?.trim()))
  return {
    base: draft.base,
    title: some(draft.title),
    parts: draft.parts.map((part) => (part.element === undefined ? { text: some(part.text) } : { element: part.element }))
      .filter((part) => part.element !== undefined || Object.keys(part.text ?? {}).length > 0),
  }
}

/** A first draft from the record: when, who, the agenda, what was decided and agreed. What is on record in one language is left to be translated. */
export function begun(meeting: Meeting, own: Party, languages: readonly Language[], tongues: readonly Tongue[]): Draft {
  const draft: Draft = { base: 0, languages: [...languages], title: {}, parts: [] }
  const texts: Words[] = []
  const all = (make: (tongue: Tongue) => string): Words =>
    Object.fromEntries(languages.map((tag) => [tag, tongueFor(tag, tongues)]).map(([tag, tongue]) => [tag, tongue ? make(tongue as Tongue) : '']))
  draft.title = { ...all(({ language }) => worded(meeting.joint.title, language)) } as Record<Language, string>
  texts.push(all(({ texts: t, language }) => {
    // In its own calendar a side's language; elsewhere the one that most readers count by.
    const side = meeting.joint.parties.find((party) => party.language === language)
    const date = longDate(new Date(meeting.joint.startsAt), { language, calendar: side?.calendar ?? 'gregory', zone: (side ?? own).zone })
    const parties = together(meeting.joint.parties.map((party) => worded(party.names, language, party.language)), t, language)
    return say(t['readout.start-held'], { date, parties, title: worded(meeting.joint.title, language) }, language)
  }))
  for (const party of meeting.joint.parties) {
    // Heads who were together in a ceremony belong to it also when they have left.
    const met = meeting.ceremony.met ?? {}
    const people = [
      ...Object.keys(met).filter((id) => partyOf(id) === party.id).sort().flatMap((id) => met[id] ?? []),
      ...Object.values(meeting.members).filter((member) => partyOf(member.id) === party.id && !met[member.id] && member.standing === 'admitted' && principal.includes(member.role))
        .sort((a, b) => principal.indexOf(a.role) - principal.indexOf(b.role) || a.place - b.place),
    ]
    if (people.length > 0) texts.push(all(({ texts: t, language }) =>
      say(t['readout.start-people'], { party: worded(party.names, language, party.language), people: together(people.map(named), t, language) }, language)))
  }
  if (meeting.joint.agenda.length > 0) texts.push(all(({ texts: t, language }) =>
    say(t['readout.start-agenda'], { items: meeting.joint.agenda.map((item) => worded(item.title, language)).join('; ').replaceAll(';', language === 'fa' ? '؛' : ';') }, language)))
  for (const paragraph of meeting.minutes.paragraphs) {
    const agreed = paragraph.agreed
    if (agreed && Object.keys(agreed.text).length > 0) texts.push(agreed.text)
  }
  const single = (tag: Language, key: 'readout.start-decided' | 'readout.start-agreed', text: string) => {
    const tongue = tongueFor(tag, tongues)
    if (tongue) texts.push({ [languages.includes(tag) ? tag : own.language]: say(tongue.texts[key], { text }, tongue.language) })
  }
  for (const decision of meeting.course.decisions) single(meeting.members[decision.by]?.language ?? own.language, 'readout.start-decided', decision.text)
  for (const round of meeting.rounds) {
    const answers = Object.values(round.answers)
    if (!round.withdrawn && answers.length >= meeting.joint.parties.length && answers.every((answer) => answer === 'agreed'))
      single(meeting.members[round.by]?.language ?? own.language, 'readout.start-agreed', round.text)
  }
  // Isolates keep names apart on the screen; in a text that people go on writing in they would only be in the way.
  draft.title = plain(filled(draft.title, languages))
  draft.parts = texts.map((text, key) => ({ key, element: undefined, text: plain(filled(text, languages)) }))
  return draft
}

function plain(text: Record<Language, string>): Record<Language, string> {
  return Object.fromEntries(Object.entries(text).map(([tag, words]) => [tag, words.replace(/[\u2066-\u2069]/g, '')]))
}

function tongueFor(tag: Language, tongues: readonly Tongue[]): Tongue | undefined {
  return tongues.find((tongue) => tongue.language === tag) ?? tongues.find((tongue) => tongue.language === 'en')
}

function named(person: Principal): string {
  return person.function ? `${person.name} (${person.function})` : person.name
}

function together(names: readonly string[], texts: Tongue['texts'], language: Tongue['language']): string {
  if (names.length < 2) return names[0] ?? ''
  return `${names.slice(0, -1).join(say(texts['list.comma'], {}, language) + ' ')} ${say(texts['list.and'], {}, language)} ${names.at(-1) ?? ''}`
}
