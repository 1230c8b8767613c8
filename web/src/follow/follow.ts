// Agreements as the desk shows them: fetched, sorted into what a minister asks first, and named in the language of the screen.
import { t, tIfKnown } from '../language.svelte.ts'
import { listed, partyName, shown } from '../named.ts'
import type { AgreementCommands, AgreementLine, Agreements, Area, Decider, ISODate, Party, PartyID, RestDays } from '../protocol.ts'
import { go } from '../route.ts'
import { call, Refusal } from '../state/session.ts'
import { restOn } from './due.ts'

export function pathOf(line: { consultation: string; agreement: { id: string } }): string {
  return `/desk/agreements/${encodeURIComponent(line.consultation)}/${encodeURIComponent(line.agreement.id)}`
}

/** Asks; who is not signed in is sent to the door. */
export async function fetched(path = '/api/desk/agreements'): Promise<Agreements | Refusal> {
  const answer = await call<Agreements>('GET', path)
  if (answer instanceof Refusal && answer.code === 'not-signed-in') go('/signin', { replace: true })
  return answer
}

export async function command<T extends keyof AgreementCommands>(consultation: string, type: T, body: AgreementCommands[T]): Promise<Agreements | Refusal> {
  return call<Agreements>('POST', `/api/desk/consultations/${encodeURIComponent(consultation)}/agreements`, { type, body })
}

/** What is asked first: late, blocked and by whom, where the sides differ, what waits for a word. One agreement may stand under several. */
export function sorted(list: readonly AgreementLine[]) {
  const alive = list.filter(({ review }) => review.state !== 'ended' && review.state !== 'done')
  return {
    late: alive.filter(({ review }) => review.late.length > 0).sort((a, b) => (b.review.late[0]?.days ?? 0) - (a.review.late[0]?.days ?? 0)),
    blocked: alive.filter(({ review }) => review.blocked.length > 0 || review.state === 'blocked'),
    differ: list.filter(({ review }) => review.state !== 'ended' && review.differ.length > 0),
    waiting: list.filter(({ review }) => review.waiting.length > 0),
    onTrack: list.filter(({ review }) => review.state === 'on-track'),
    done: list.filter(({ review }) => review.state === 'done'),
  }
}

export function areaName(area: Area): string {
  return tIfKnown(`followed.area.${area.id}`, {}) ?? (shown(area.names ?? {}) || area.id)
}

/** The areas that occur, each with its agreements, the fullest first. Those without any come last, under an empty id. */
export function byArea(list: readonly AgreementLine[]): { area: Area; lines: AgreementLine[] }[] {
  const found = new Map<string, { area: Area; lines: AgreementLine[] }>()
  for (const line of list) {
    for (const area of line.terms.areas.length > 0 ? line.terms.areas : [{ id: '' }]) {
      const known = found.get(area.id)
      if (known) known.lines.push(line)
      else found.set(area.id, { area, lines: [line] })
    }
  }
  return [...found.values()].sort((a, b) => Number(a.area.id === '') - Number(b.area.id === '') || b.lines.length - a.lines.length)
}

export function nameOf(id: PartyID, parties: readonly Party[]): string {
  const party = parties.find((one) => one.id === id)
  return party ? partyName(party) : id
}

export function namesOf(ids: readonly PartyID[], parties: readonly Party[]): string {
  return listed(ids.map((id) => nameOf(id, parties)))
}

export function deciderName(decider: Decider, parties: readonly Party[]): string {
  if (decider.party) return nameOf(decider.party, parties)
  return decider.body || t('follow.both-sides')
}

/** Our side first. */
export function ownFirst(parties: readonly Party[], own: PartyID): Party[] {
  return [...parties.filter((party) => party.id === own), ...parties.filter((party) => party.id !== own)]
}

/** What a day of rest says, one sentence a side. */
export function restWords(iso: ISODate, parties: readonly Party[], rest: Readonly<Record<PartyID, RestDays>>): string[] {
  return parties.flatMap((party) => {
    const { rests, name } = restOn(rest[party.id], iso)
    if (!rests) return []
    return [name ? t('follow.rest-named', { name, party: partyName(party) }) : t('follow.rest', { party: partyName(party) })]
  })
}
