// The ceremony as Go's meeting/ceremony.go has it: principals who are apart, and the one event in which they appear to each other.
import type { Event, Hearing, Meeting, Member, MemberID, PartyID, Principal } from '../protocol.ts'
import { chairOf, withoutFloor } from './floor.ts'
import { partyOf, roster } from './meeting.ts'
import { withoutBackRoom } from './backroom.ts'

type CeremonyEvent = Extract<Event, { type: 'principal.reported' | 'principals.appeared' | 'principals.left' }>

export function changedCeremony(state: Meeting, event: CeremonyEvent): Meeting {
  switch (event.type) {
    case 'principal.reported': {
      const { [event.party]: _before, ...ready } = state.ceremony.ready
      return { ...state, ceremony: { ...state.ceremony, ready: event.body.ready ? { ...ready, [event.party]: true } : ready } }
    }
    case 'principals.appeared':
      return {
        ...state, ceremony: { ...state.ceremony, ready: {}, together: event.at },
        members: { ...state.members, ...Object.fromEntries(event.body.principals.map((member) => [member.id, member])) },
      }
    case 'principals.left': {
      const gone = { standing: 'invited', present: false, microphone: false, camera: false, screen: false } as const
      const heads = Object.values(state.members).filter((member) => member.role === 'head' && member.standing === 'admitted')
      const met = { ...state.ceremony.met, ...Object.fromEntries(heads.map((head) => [head.id, principalOf(head)])) }
      const ceremony = { ready: {}, ...(Object.keys(met).length > 0 ? { met } : {}) }
      const left: Meeting = { ...state, ceremony, members: { ...state.members, ...Object.fromEntries(heads.map((member) => [member.id, { ...member, ...gone }])) } }
      return heads.reduce((meeting, { id }) => withoutBackRoom(withoutFloor(meeting, id, event.at), id), left)
    }
  }
}

function principalOf({ name, function: position }: Member): Principal {
  return position === undefined ? { name } : { name, function: position }
}

// ---- reading --------------------------------------------------------------------------------------------------------

/** The principals have not appeared to each other. */
export function apart(state: Meeting): boolean {
  return state.joint.ceremony === true && state.ceremony.together === undefined
}

/** A principal who waits for the go. */
export function behind(state: Meeting, member: Member | undefined): boolean {
  return apart(state) && member?.role === 'head'
}

/** A principal who was together with the others and has left; the minutes of it are theirs to read. */
export function met(state: Meeting, member: MemberID): boolean {
  const x = state.members[member]
  return x?.role === 'head' && (x.standing === 'invited' || x.standing === 'admitted') && state.ceremony.met?.[member] !== undefined
}

/** Whether a member signs for their side: its chair, and where that was a principal who has left, that principal. */
export function signs(state: Meeting, member: MemberID): boolean {
  const chair = chairOf(state, partyOf(member))
  return chair === undefined ? roster(state, partyOf(member)).find((one) => met(state, one.id))?.id === member : chair === member
}

/** Milliseconds from the go until the principals are shown at the latest, whatever has come. */
const curtainTime = 8_000

/**
 * How long the curtain still hangs before the principals of another side: on each screen until the same moment, which the node tells when
 * both have each other's picture. `now` is by the node's clock, and so is what it told; that of an earlier go does not count.
 */
export function curtainLeft(state: Meeting, now: number, told: number | undefined): number {
  const { together } = state.ceremony
  if (together === undefined) return 0
  const go = Date.parse(together)
  return Math.max(0, (told !== undefined && told >= go ? Math.min(told, go + curtainTime) : go + curtainTime) - now)
}

/** The principals of the other sides whose pictures are to come before the curtain rises. */
export function expected(state: Meeting, you: MemberID): Member[] {
  return Object.values(state.members).filter((member) => member.role === 'head' && partyOf(member.id) !== partyOf(you) && member.standing === 'admitted' && member.present && member.camera)
}

/** Who is not seen yet is not heard yet: the principals of another side while their curtain hangs. */
export function behindCurtain(state: Meeting, listener: MemberID, told: Hearing): Hearing {
  return { ...told, heard: told.heard.filter(({ member }) => state.members[member]?.role !== 'head' || partyOf(member) === partyOf(listener)) }
}

/** Whether two members may know of each other, see and hear each other. */
export function meets(state: Meeting, a: MemberID, b: MemberID): boolean {
  return partyOf(a) === partyOf(b) || !behind(state, state.members[a]) && !behind(state, state.members[b])
}

/** A side's principal is at the door of the table. */
export function principalWaits(state: Meeting, side: PartyID): boolean {
  return Object.values(state.members).some((member) => member.role === 'head' && partyOf(member.id) === side && member.standing === 'admitted' && member.present)
}
