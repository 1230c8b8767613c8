// What became of an agreement's terms from version to version: dates that moved, words that changed.
import { diffArrays } from 'diff'
import type { Agreement, AgreementVersion, ISODate, Milestone, PartyID, Terms } from '../protocol.ts'

/** A milestone with the days by which it was due, the first agreed one first; a day that was kept counts once. */
export interface Step {
  readonly milestone: Milestone
  readonly dues: readonly ISODate[]
  readonly met: ISODate | undefined // when the last side held it to be reached; undefined while one does not
}

export function steps(agreement: Agreement, terms: Terms, parties: readonly PartyID[]): Step[] {
  return terms.milestones.map((milestone) => {
    const dues: ISODate[] = []
    for (const version of agreement.versions) {
      const due = version.effectAt && version.terms.milestones.find((one) => one.id === milestone.id)?.due
      if (due && due !== dues.at(-1)) dues.push(due)
    }
    if (dues.length === 0) dues.push(milestone.due)
    const days = parties.map((party) => agreement.sides[party]?.met[milestone.id])
    return { milestone, dues, met: days.every((day) => day !== undefined) ? days.sort().at(-1) : undefined }
  })
}

export interface Piece {
  readonly text: string
  readonly change: 'same' | 'added' | 'removed'
}

/** The words of two texts, told apart. */
export function compared(from: string, to: string, language: string): Piece[] {
  // The library's own rule for words is one for Latin letters.
  const segmenter = new Intl.Segmenter(language || undefined, { granularity: 'word' })
  const words = (text: string) => Array.from(segmenter.segment(text), ({ segment }) => segment)
  return diffArrays(words(from), words(to)).map(({ value, added, removed }) => ({ text: value.join(''), change: added ? 'added' : removed ? 'removed' : 'same' }))
}

/** Where two versions differ, part by part; `name` tells which part it is. */
export function differences(from: Terms, to: Terms, languages: readonly string[], name: (part: 'title' | 'text' | 'milestone' | 'due' | 'in-force' | 'areas' | 'ended', of?: string) => string, day: (iso: ISODate) => string, areas: (terms: Terms) => string, ended: (terms: Terms) => string) {
  const found: { name: string; language: string; pieces: Piece[] }[] = []
  const add = (part: string, language: string, a = '', b = '') => {
    if (a === b) return
    // A day or a list is one thing: half of it struck through reads as neither.
    const whole: Piece[] = [{ text: a, change: 'removed' }, { text: b, change: 'added' }]
    found.push({ name: part, language, pieces: language ? compared(a, b, language) : whole.filter((piece) => piece.text !== '') })
  }
  for (const each of languages) add(name('title', each), each, from.title[each], to.title[each])
  for (const each of languages) add(name('text', each), each, from.text[each], to.text[each])
  add(name('areas'), '', areas(from), areas(to))
  add(name('in-force'), '', from.inForce && day(from.inForce), to.inForce && day(to.inForce))
  add(name('ended'), '', ended(from), ended(to))
  const ids = [...new Set([...from.milestones, ...to.milestones].map((one) => one.id))]
  for (const id of ids) {
    const [a, b] = [from, to].map((terms) => terms.milestones.find((one) => one.id === id))
    const index = String((to.milestones.findIndex((one) => one.id === id) + 1) || (from.milestones.findIndex((one) => one.id === id) + 1))
    for (const each of languages) add(name('milestone', index), each, a?.title[each], b?.title[each])
    add(name('due', index), '', a && day(a.due), b && day(b.due))
  }
  return found
}

/** The protocol's rules in force on a day: of the versions that all agreed to, the last whose day has come. */
export function inForceOn(versions: readonly AgreementVersion[], today: ISODate): number | undefined {
  for (let i = versions.length - 1; i >= 0; i--) {
    const version = versions[i]
    if (version?.effectAt && version.terms.inForce && version.terms.inForce <= today) return i + 1
  }
  return undefined
}
