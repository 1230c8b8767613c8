// The floor and the chairs as Go's meeting/floor.go and chair.go have them: how events change them, and what follows from them.
import type { Event, Floor, FloorRequest, Meeting, MemberID, PartyID, Role } from '../protocol.ts'
import { sends } from './roles.ts'
import { partyOf, roster } from './meeting.ts'

type FloorEvent = Extract<Event, { type: `floor.${string}` }>

export function changedFloor(state: Meeting, event: FloorEvent): Meeting {
  const { floor } = state
  switch (event.type) {
    case 'floor.asked': {
      const { member, point } = event.body
      const request: FloorRequest = { member, at: event.at, ...(point ? { point } : {}) }
      const before = point ? floor.queue.filter((one) => one.point) : floor.queue
      return { ...state, floor: { ...floor, queue: [...before, request, ...floor.queue.slice(before.length)] } }
    }
    case 'floor.withdrawn':
      return { ...state, floor: unasked(floor, event.body.member) }
    case 'floor.granted': {
      const { member } = event.body
      const turn = floor.turn + 1
      return { ...state, floor: { ...unasked(ended(floor, event.at), member), speaker: member, since: event.at, turn, last: partyOf(member) } }
    }
    case 'floor.taken-back':
    case 'floor.given-back':
      return { ...state, floor: ended(floor, event.at) }
    case 'floor.changed': {
      const { mode, alternate, limit } = event.body
      const { alternate: _a, limit: _l, ...rest } = mode === floor.mode ? floor : ended(floor, event.at)
      return { ...state, floor: { ...rest, mode, ...(alternate ? { alternate } : {}), ...(limit > 0 ? { limit } : {}) } }
    }
  }
}

function unasked(floor: Floor, member: MemberID): Floor {
  return { ...floor, queue: floor.queue.filter((request) => request.member !== member) }
}

/** Books the time of whoever has the floor on their side's account. */
function ended({ speaker, since, ...floor }: Floor, at: string): Floor {
  if (speaker === undefined || since === undefined) return floor
  const side = partyOf(speaker)
  const spoken = (floor.spoken[side] ?? 0) + Math.max(0, Date.parse(at) - Date.parse(since))
  return { ...floor, turn: floor.turn + 1, spoken: { ...floor.spoken, [side]: spoken } }
}

/** A member who is dismissed neither asks nor speaks. */
export function withoutFloor(state: Meeting, member: MemberID, at: string): Meeting {
  const floor = unasked(state.floor, member)
  return { ...state, floor: floor.speaker === member ? ended(floor, at) : floor }
}

export function namedChair(state: Meeting, side: PartyID, member: MemberID | undefined): Meeting {
  const { [side]: _before, ...chairs } = state.chairs
  return { ...state, chairs: member ? { ...chairs, [side]: member } : chairs }
}

// ---- reading --------------------------------------------------------------------------------------------------------

/** May ask for the floor and be given it. */
export function asksFloor(role: Role): boolean {
  return sends(role) && role !== 'interpreter' && role !== 'sign-interpreter'
}

/** Who chairs for a side: whom it named, else its head. */
export function chairOf(state: Meeting, side: PartyID): MemberID | undefined {
  const named = state.members[state.chairs[side] ?? '']
  if (named && named.standing === 'admitted' && asksFloor(named.role)) return named.id
  return roster(state, side).find((member) => member.role === 'head' && member.standing === 'admitted')?.id
}

export function isChair(state: Meeting, member: MemberID): boolean {
  return chairOf(state, partyOf(member)) === member
}

/** Place in the queue from 1; 0: does not ask. */
export function asking(state: Meeting, member: MemberID): number {
  return state.floor.queue.findIndex((request) => request.member === member) + 1
}

/** Whether what this member's microphone brings goes to all, as far as the floor's order says. An interpreter without a booth says another's words. */
export function hasFloor(state: Meeting, member: MemberID): boolean {
  const role = state.members[member]?.role
  if (state.floor.speaker === member) return true
  return state.floor.mode === 'moderated' ? role === 'interpreter' : role !== 'adviser'
}

/** Who is given the floor by the chair's one key. */
export function nextOnFloor(state: Meeting): MemberID | undefined {
  const here = state.floor.queue.filter(({ member }) => state.members[member]?.present)
  return (here.find(({ member, point }) => point || !state.floor.alternate || partyOf(member) !== state.floor.last) ?? here[0])?.member
}

/** Milliseconds that a side has spoken, the intervention that goes on included. */
export function spokenBy(state: Meeting, side: PartyID, now: number): number {
  const { speaker, since, spoken } = state.floor
  const running = speaker !== undefined && since !== undefined && partyOf(speaker) === side ? Math.max(0, now - Date.parse(since)) : 0
  return (spoken[side] ?? 0) + running
}
