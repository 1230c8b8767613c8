// Terms as screens show them.
import { order } from '../format/collate.ts'
import { language, t, tIfKnown } from '../language.svelte.ts'
import { partyName } from '../named.ts'
import type { GlossaryLine, Language, Names, Party, PartyID, Term, TermFacts } from '../protocol.ts'
import { keysOf } from './fold.ts'

/** The words that people go by: those that all agreed to, or the only ones that there are. */
export function inUse(term: Term): TermFacts {
  return term.standing ?? term.facts
}

/** The names in a language; of Azerbaijani those in Cyrillic letters where there are no others. */
export function namesIn(names: Names, wanted: Language): readonly string[] {
  return names[wanted] ?? (wanted === 'az' ? names['az-Cyrl'] : undefined) ?? []
}

const first = ['fa', 'az', 'az-Cyrl', 'en', 'ru']

/** The languages that terms have names in: the interface's first. */
export function languagesOf(list: readonly Names[]): Language[] {
  const rank = (tag: Language) => (first.includes(tag) ? first.indexOf(tag) : first.length)
  return [...new Set(list.flatMap((names) => Object.keys(names)))].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
}

/** Other languages call themselves so. */
export const further: Readonly<Record<Language, string>> = {
  tr: 'Türkçe', ar: 'العربية', ka: 'ქართული', hy: 'Հայերեն', tk: 'Türkmençe', uz: 'Oʻzbekcha', kk: 'Қазақша', tg: 'Тоҷикӣ', fr: 'Français', de: 'Deutsch', es: 'Español', zh: '中文',
}

export function tongueName(tag: Language): string {
  return tIfKnown(`language.${tag}`, {}) ?? further[tag] ?? tag
}

export function areaName(area: string): string {
  return tIfKnown(`followed.area.${area}`, {}) ?? area
}

/** How far it is agreed, in words. */
export function stateOf(line: GlossaryLine, parties: readonly Party[], own: PartyID): string {
  if (line.state === 'own') return line.term.party === own ? t('glossary.state.own') : t('glossary.noted')
  const by = partyOfTerm(line.term, line.state === 'changed')
  const party = parties.find((one) => one.id === by)
  return t(`glossary.state.${line.state}`, { party: party ? partyName(party) : by })
}

/** Who proposes the words as they stand now. */
function partyOfTerm(term: Term, changed: boolean): PartyID {
  return changed ? term.by.slice(0, term.by.indexOf('/')) : term.party
}

/** Our side has not yet said a word to its newest version. */
export function waitsForUs(line: GlossaryLine, own: PartyID): boolean {
  return (line.state === 'proposed' || line.state === 'changed') && line.term.agreed[own] !== line.term.version
}

export interface Entry {
  readonly line: GlossaryLine
  readonly facts: TermFacts
  readonly keys: string
}

/** Ready to be looked through, in the order of the names in the first of the languages that has one. */
export function entriesOf(list: readonly GlossaryLine[], languages: readonly Language[]): Entry[] {
  const compare = order(language())
  return list.map((line) => {
    const facts = inUse(line.term)
    const sort = languages.map((tag) => namesIn(facts.names, tag)[0]).find((name) => name !== undefined) ?? ''
    const names = [...Object.values(facts.names), ...Object.values(line.term.facts.names)].flatMap((some) => some ?? [])
    return { line, facts, keys: keysOf(names), sort }
  }).sort((a, b) => compare(a.sort, b.sort))
}

/** Lines of a field as names. */
export function linesOf(text: string): string[] {
  return text.split('\n').map((name) => name.trim()).filter((name) => name !== '')
}
