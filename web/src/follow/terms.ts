// Terms while they are written: what is missing, and what is sent.
import type { Area, Language, Milestone, Terms, Words } from '../protocol.ts'
import { newID } from '../state/id.ts'

export const maxTitle = 300 // meeting.MaxTitle
export const maxText = 12_000 // meeting.MaxAgreementText
export const maxMilestones = 60 // meeting.MaxMilestones
export const knownAreas = ['transport', 'customs', 'trade', 'health', 'energy', 'agriculture', 'environment', 'education', 'culture', 'consular', 'security'] as const // meeting.KnownAreas

export function emptyTerms(): Terms {
  return { kind: 'project', title: {}, text: {}, areas: [], milestones: [] }
}

export function withMilestone(list: readonly Milestone[]): Milestone[] {
  return [...list, { id: newID('m'), title: {}, due: '' }]
}

/** The id of an area of one's own follows from its names, so that agreements in one area stand together, and others do not. */
export function areaID(names: Words): string {
  let hash = 0xcbf29ce484222325n // FNV-1a, 64 bits
  const text = Object.entries(names).sort(([a], [b]) => (a < b ? -1 : 1)).map(([each, name]) => `${each}=${(name ?? '').normalize('NFKC').toLowerCase()}`).join('\n')
  for (const byte of new TextEncoder().encode(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n)
  return `area-${hash.toString(36)}`
}

export interface Fault { readonly field: string; readonly what: 'missing' | 'long' }

export function faultsOf(terms: Terms, languages: readonly Language[]): Fault[] {
  const found: Fault[] = []
  const needed = (words: Words, field: string) => {
    for (const each of languages) {
      const text = words[each]?.trim() ?? ''
      if (text === '') found.push({ field: `${field}/${each}`, what: 'missing' })
      else if ([...text].length > maxTitle) found.push({ field: `${field}/${each}`, what: 'long' })
    }
  }
  needed(terms.title, 'title')
  for (const [each, text] of Object.entries(terms.text)) if ([...(text ?? '')].length > maxText) found.push({ field: `text/${each}`, what: 'long' })
  for (const one of terms.milestones) {
    needed(one.title, `milestone/${one.id}`)
    if (one.due === '') found.push({ field: `milestone/${one.id}/due`, what: 'missing' })
  }
  return found
}

/** What is sent: no empty texts, the day of force only for protocols, and an area of one's own where one is named. */
export function tidied(terms: Terms, ownArea: Words): Terms {
  const { inForce, ...rest } = terms
  const names = kept(ownArea)
  const areas: Area[] = [...terms.areas]
  const id = areaID(names)
  if (Object.keys(names).length > 0 && !areas.some((area) => area.id === id)) areas.push({ id, names })
  return {
    ...rest, title: kept(terms.title), text: kept(terms.text), areas, milestones: terms.milestones.map((one) => ({ ...one, title: kept(one.title) })),
    ...(terms.kind === 'protocol' && inForce ? { inForce } : {}),
  }
}

function kept(words: Words): Words {
  return Object.fromEntries(Object.entries(words).map(([each, text]) => [each, (text ?? '').trim()] as const).filter(([, text]) => text !== ''))
}
