// The meeting's state: apply lets one event change it, as Go's meeting.Apply does. Golden transcripts keep the two equal.
import type { Event, Meeting, Member, MemberID, PartyID, Role } from '../protocol.ts'
import { interpretation } from './booth.ts'
import { changedBackRoom } from './backroom.ts'
import { changedCeremony } from './ceremony.ts'
import { changedCourse, changedRounds } from './course.ts'
import { changedDocuments, withoutShown } from './documents.ts'
import { changedFloor, namedChair } from './floor.ts'
import { changedJoint } from './joint.ts'
import { changedMembers } from './members.ts'
import { changedMinutes } from './minutes.ts'
import { changedRecording } from './recording.ts'
import { changedWords } from './words.ts'

export function apply(state: Meeting, event: Event): Meeting {
  return { ...changed(state, event), seq: event.seq }
}

/** Each noun of the meeting changes by its own events. */
function changed(state: Meeting, event: Event): Meeting {
  switch (event.type) {
    case 'consultation.called':
    case 'consultation.changed':
    case 'consultation.agreed':
    case 'consultation.cancelled':
    case 'call.answer-deferred':
      return changedJoint(state, event)
    case 'member.invited':
    case 'member.admitted':
    case 'member.changed':
    case 'member.withdrawn':
    case 'member.refused':
    case 'member.removed':
    case 'member.came':
    case 'member.left':
    case 'microphone.changed':
    case 'camera.changed':
    case 'screen.changed':
    case 'sound.checked':
    case 'interpreter.assigned':
      return changedMembers(state, event)
    case 'principal.reported':
    case 'principals.appeared':
    case 'principals.left':
      return changedCeremony(state, event)
    case 'item.taken':
    case 'item.closed':
    case 'decision.noted': {
      const after = { ...state, course: changedCourse(state.course, event) }
      return after.course.item === state.course.item ? after : withoutShown(after)
    }
    case 'document.shared':
    case 'document.attached':
    case 'document.withdrawn':
    case 'document.shown':
    case 'document.turned':
    case 'document.hidden':
      return changedDocuments(state, event)
    case 'text.put':
    case 'text.answered':
    case 'text.withdrawn':
      return { ...state, rounds: changedRounds(state.rounds, event) }
    case 'paragraph.written':
    case 'paragraph.moved':
    case 'paragraph.removed':
    case 'paragraph.proposed':
    case 'paragraph.committed':
    case 'paragraph.declined':
    case 'paragraph.commented':
    case 'comment.settled':
    case 'signing-key.registered':
    case 'minutes.signed':
    case 'minutes.reopened':
      return changedMinutes(state, event)
    case 'recording.agreed':
    case 'recording.announced':
    case 'recording.started':
    case 'recording.stopped':
    case 'off-record.set':
    case 'recording.consented':
    case 'recording.filed':
    case 'recording.released':
      return changedRecording(state, event)
    case 'backroom.entered':
    case 'backroom.left':
    case 'whisper.changed':
      return changedBackRoom(state, event)
    case 'chair.named':
      return namedChair(state, event.party, event.body.member)
    case 'floor.asked':
    case 'floor.withdrawn':
    case 'floor.granted':
    case 'floor.taken-back':
    case 'floor.given-back':
    case 'floor.changed':
      return changedFloor(state, event)
    case 'chat.said':
    case 'caption.said':
    case 'help.called':
    case 'help.answered':
      return changedWords(state, event)
    default:
      return interpretation(state, event)
  }
}

// ---- reading the state ----------------------------------------------------------------------------------------------

export function partyOf(member: MemberID): PartyID {
  return member.slice(0, Math.max(0, member.indexOf('/')))
}

export const roles: readonly Role[] = ['head', 'delegate', 'adviser', 'interpreter', 'sign-interpreter', 'captioner', 'secretary', 'technician', 'observer']

/** The name of somebody who did something here; principals who have left are known by it still. */
export function nameOf(state: Meeting, id: MemberID): string {
  return (state.members[id] ?? state.ceremony.met?.[id])?.name ?? ''
}

/** The members of a side: heads first, then by role, then by place. */
export function roster(state: Meeting, party: PartyID): Member[] {
  return Object.values(state.members)
    .filter((member) => partyOf(member.id) === party)
    .sort((a, b) => roles.indexOf(a.role) - roles.indexOf(b.role) || a.place - b.place || (a.id < b.id ? -1 : 1))
}

/** How many are in the meeting, of all sides that the reader knows of. */
export function present(state: Meeting): number {
  return Object.values(state.members).filter((member) => member.standing === 'admitted' && member.present).length
}

/** Stands in the lobby of the own side. */
export function waits(member: Member): boolean {
  return member.standing === 'invited' && member.present
}
