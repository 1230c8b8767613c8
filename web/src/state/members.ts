// Who is here and what they send, as Go's meeting.Apply has it. Events about people whom this reader does not know change nothing.
import type { Event, Meeting, Member, MemberID } from '../protocol.ts'
import { withoutBackRoom } from './backroom.ts'
import { offAir } from './booth.ts'
import { withoutFloor } from './floor.ts'

type MemberEvent = Extract<Event, {
  type: 'member.invited' | 'member.admitted' | 'member.changed' | 'member.withdrawn' | 'member.refused' | 'member.removed' | 'member.came' | 'member.left'
    | 'microphone.changed' | 'camera.changed' | 'screen.changed' | 'sound.checked' | 'interpreter.assigned'
}>

export function changedMembers(state: Meeting, event: MemberEvent): Meeting {
  switch (event.type) {
    case 'member.invited':
    case 'member.admitted':
      return { ...state, members: { ...state.members, [event.body.member.id]: event.body.member } }
    case 'member.changed':
      return memberChanged(state, event.body.member)
    case 'member.withdrawn': {
      const { [event.body.member]: _gone, ...members } = state.members
      return { ...state, members }
    }
    case 'member.refused':
      return dismiss(state, event.body.member, 'refused', event.at)
    case 'member.removed':
      return dismiss(state, event.body.member, 'removed', event.at)
    case 'member.came':
      return change(state, event.body.member, { present: true })
    case 'member.left':
      return offAir(change(state, event.body.member, silent), event.body.member)
    case 'microphone.changed':
      return change(state, event.body.member, { microphone: event.body.on })
    case 'camera.changed':
      return change(state, event.body.member, { camera: event.body.on })
    case 'screen.changed':
      return change(state, event.body.member, { screen: event.body.on })
    case 'sound.checked':
      return change(state, event.body.member, { sound: event.body.result })
    case 'interpreter.assigned':
      return assigned(state, event.body.member, event.body.booth)
  }
}

const silent = { present: false, microphone: false, camera: false, screen: false } as const

function change(state: Meeting, id: MemberID, by: Partial<Member>): Meeting {
  const member = state.members[id]
  return member ? { ...state, members: { ...state.members, [id]: { ...member, ...by } } } : state
}

function memberChanged(state: Meeting, member: Member): Meeting {
  const old = state.members[member.id]
  let after = state
  if (old?.booth !== member.booth) after = offAir(state, member.id)
  else if (old?.language !== member.language) {
    const { [member.id]: _before, ...spoken } = state.interpretation.spoken
    after = { ...state, interpretation: { ...state.interpretation, spoken } }
  }
  return { ...after, members: { ...after.members, [member.id]: member } }
}

function dismiss(state: Meeting, id: MemberID, standing: 'refused' | 'removed', at: string): Meeting {
  return offAir(withoutBackRoom(withoutFloor(change(state, id, { ...silent, standing }), id, at), id), id)
}

function assigned(state: Meeting, member: MemberID, booth: string): Meeting {
  const free = offAir(state, member)
  const x = free.members[member]
  if (!x) return free
  const { booth: _before, ...rest } = x
  return { ...free, members: { ...free.members, [member]: booth === '' ? rest : { ...rest, booth, microphone: false } } }
}
