// Terms while they are written: what is missing, and what is sent.
import type { Area, Language, Milestone, Terms, Words } from '../protocol.ts'

export const maxTitle = 300 // meeting.MaxTitle
export const maxText = 12_000 // meeting.MaxAgreementText
export const maxMilestones = 60 // meeting.MaxMilestones
export const knownAreas = ['transport', 'customs', 'trade', 'health', 'energy', 'agriculture', 'environment', 'education', 'culture', 'consular', 'security'] as const // meeting.KnownAreas

export function emptyTerms(): Terms {
  return { kind: 'project', title: {}, text: {}, areas: [], milestones: [] }
}

/** An id that none of them has. */
export function freshID(prefix: string, used: readonly string[]): string {
  for (let n = used.length + 1; ; n++) if (!used.includes(`${prefix}-${n}`)) return `${prefix}-${n}`
}

export function withMilestone(list: readonly Milestone[]): Milestone[] {
  return [...list, { id: freshID('m', list.map((one) => one.id)), title: {}, due: '' }]
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
  if (Object.keys(names).length > 0) areas.push({ id: freshID('area', areas.map((area) => area.id)), names })
  return {
    ...rest, title: kept(terms.title), text: kept(terms.text), areas, milestones: terms.milestones.map((one) => ({ ...one, title: kept(one.title) })),
    ...(terms.kind === 'protocol' && inForce ? { inForce } : {}),
  }
}

function kept(words: Words): Words {
  return Object.fromEntries(Object.entries(words).map(([each, text]) => [each, (text ?? '').trim()] as const).filter(([, text]) => text !== ''))
}
