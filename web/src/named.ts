// Texts in several languages, and the names of the trade as the secretary reads them.
import { bare } from './text/bidi.ts'
import { language, t, tIfKnown } from './language.svelte.ts'
import type { Zone } from './format/calendar.ts'
import { isLanguage, type Language as Shown } from './text/words.ts'
import type { Calendar, Language, Party, Role, Words } from './protocol.ts'

/** The text in the language wanted, else in one that most can read, else in any. */
export function worded(words: Words, wanted: Language, ...then: Language[]): string {
  for (const each of [wanted, ...then, 'en', 'az', 'fa', 'ru']) {
    const text = words[each]
    if (text) return bare(text)
  }
  const any = Object.values(words).find((text) => text)
  return any === undefined ? '' : bare(any)
}

/** In the language of the screen. */
export function shown(words: Words): string {
  return worded(words, language())
}

export function partyName(party: Party): string {
  return worded(party.names, language(), party.language) || party.id
}

/** The name of a language in the language of the screen; its tag when we have no word for it. */
export function languageName(tag: Language): string {
  return tIfKnown(`language.${tag}`, {}) ?? tag
}

/** The same within a sentence: Azerbaijani and Russian write it small there. */
export function languageWithin(tag: Language): string {
  const name = languageName(tag)
  const small = language() === 'az' || language() === 'ru'
  return small ? name.charAt(0).toLocaleLowerCase(language()) + name.slice(1) : name
}

export function roleName(role: Role): string {
  return t(`role.${role}`)
}

export function interfaceLanguage(tag: Language): Shown {
  return isLanguage(tag) ? tag : 'en'
}


interface ClockSide {
  readonly name: string
  readonly zone: Zone
  readonly calendar: Calendar
}

/** The sides as TwoClocks shows them, ours first. */
export function clockSides(parties: readonly Party[], own: string): ClockSide[] {
  const sorted = [...parties.filter((party) => party.id === own), ...parties.filter((party) => party.id !== own)]
  return sorted.map((party) => ({ name: partyName(party), zone: party.zone, calendar: party.calendar }))
}

/** "A, B and C" in the language of the screen. */
export function listed(names: readonly string[]): string {
  if (names.length < 2) return names[0] ?? ''
  const head = names.slice(0, -1).join(t('list.comma') + ' ')
  return `${head} ${t('list.and')} ${names.at(-1) ?? ''}`
}
