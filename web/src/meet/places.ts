// Who has which place at the table. Pure: the same people give the same places, whoever speaks.
import { meets } from '../state/ceremony.ts'
import { partyOf, roster } from '../state/meeting.ts'
import { sends } from '../state/roles.ts'
import type { Meeting, Member, MemberID, PartyID } from '../protocol.ts'

export interface Place {
  readonly member: MemberID
  /** lead: the head, or the first of a side that has none, or whom I enlarge; seat: at the table; back: sound and name only. */
  readonly rank: 'lead' | 'seat' | 'back'
  readonly pinned: boolean
}

export interface Side {
  readonly party: PartyID
  readonly own: boolean
  readonly places: readonly Place[]
}

export interface Table {
  readonly sides: readonly Side[] // own side first
  readonly screen: MemberID | undefined // whose screen stands between the sides
}

/** Places with a picture on each side; whoever is beyond them sits behind, in words only. */
export const seatsASide = 6

/** `seen` are those who were at the table before: they keep their place while their line is away. */
export function tableOf(meeting: Meeting, you: MemberID, seen: ReadonlySet<MemberID>, pinned: MemberID | undefined): Table {
  const own = partyOf(you)
  const parties = [...new Set([own, ...meeting.joint.parties.map((party) => party.id)])]
  const sides = parties.map((party) => side((member) => !meets(meeting, you, member.id), meeting, party, party === own, seen, pinned))
  const screen = Object.values(meeting.members).find((member) => member.screen && member.present)?.id
  return { sides, screen }
}

/** `hides` are those whom one has not met: a principal who is apart sees the own side only. */
function side(hides: (member: Member) => boolean, meeting: Meeting, party: PartyID, own: boolean, seen: ReadonlySet<MemberID>, pinned: MemberID | undefined): Side {
  const there = roster(meeting, party).filter((member) => member.standing === 'admitted' && (own || !hides(member)) && (member.present || seen.has(member.id)))
  const front = there.filter(atTable)
  // Whom I enlarge takes the lead's place of their side, on my screen alone, and is never behind.
  const enlarged = front.find((member) => member.id === pinned)
  const lead = enlarged ?? front.find((member) => member.role === 'head') ?? front[0]
  const seated = front.slice(0, seatsASide)
  if (enlarged && !seated.includes(enlarged)) seated.splice(seated.length - 1, 1, enlarged)
  const places = there.map((member): Place => ({
    member: member.id,
    rank: member === lead ? 'lead' : seated.includes(member) ? 'seat' : 'back',
    pinned: member.id === pinned,
  }))
  const order = { lead: 0, seat: 1, back: 2 }
  return { party, own, places: places.sort((a, b) => order[a.rank] - order[b.rank]) }
}

/** Observers, technicians and captioners sit behind unless they send a picture; booths and sign-language interpreters have places of their own. */
function atTable(member: Member): boolean {
  if (member.booth || member.role === 'sign-interpreter') return false
  return member.camera || sends(member.role) && member.role !== 'technician'
}

/** Whether a change of the table moves somebody; a change that does not may be shown at once. */
export function sameTable(a: Table, b: Table): boolean {
  return a.screen === b.screen && a.sides.length === b.sides.length && a.sides.every((one, n) => {
    const other = b.sides[n]
    return other !== undefined && one.party === other.party && one.places.length === other.places.length
      && one.places.every((place, m) => {
        const twin = other.places[m]
        return twin !== undefined && place.member === twin.member && place.rank === twin.rank && place.pinned === twin.pinned
      })
  })
}

/** Milliseconds between two changes of the layout. */
export const calm = 3_000

/** When the next layout may be shown: at once after a quiet time, otherwise when the calm is over. */
export function waitFor(lastChange: number | undefined, now: number): number {
  return lastChange === undefined ? 0 : Math.max(0, lastChange + calm - now)
}
