// The back room of the reader's side, as Go's meeting/backroom.go has it. Of another side nothing is ever told.
import type { BackRoom, Event, Meeting, MemberID } from '../protocol.ts'

type BackRoomEvent = Extract<Event, { type: 'backroom.entered' | 'backroom.left' | 'whisper.changed' }>

export function changedBackRoom(state: Meeting, event: BackRoomEvent): Meeting {
  const { listening, whispering } = state.backRoom
  const { member } = event.body
  switch (event.type) {
    case 'backroom.entered':
      return { ...state, backRoom: { listening: [...listening, member], whispering } }
    case 'backroom.left':
      return withoutBackRoom(state, member)
    case 'whisper.changed': {
      const others = whispering.filter((one) => one !== member)
      return { ...state, backRoom: { listening, whispering: event.body.on ? [...others, member] : others } }
    }
  }
}

export function withoutBackRoom(state: Meeting, member: MemberID): Meeting {
  const without = (all: readonly MemberID[]) => all.filter((one) => one !== member)
  const backRoom: BackRoom = { listening: without(state.backRoom.listening), whispering: without(state.backRoom.whispering) }
  return { ...state, backRoom }
}
