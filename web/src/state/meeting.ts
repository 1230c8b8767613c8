// The meeting's state: apply lets one event change it, as Go's meeting.Apply does. Golden transcripts keep the two equal.
import type { Event, Meeting, Member, MemberID, PartyID, Role } from '../protocol.ts'
import { interpretation, languagesChanged, offAir } from './booth.ts'
import { changedBackRoom, withoutBackRoom } from './backroom.ts'
import { changedCeremony } from './ceremony.ts'
import { changedCourse, changedRounds } from './course.ts'
import { changedDocuments, withoutShown } from './documents.ts'
import { changedFloor, namedChair, withoutFloor } from './floor.ts'
import { changedMinutes } from './minutes.ts'
import { changedRecording } from './recording.ts'

/** Messages kept in the state; the same number as in Go. */
export const chatKept = 500
const helpKept = 40
const captionsKept = 3

export function apply(state: Meeting, event: Event): Meeting {
  return { ...changed(state, event), seq: event.seq }
}

function changed(state: Meeting, event: Event): Meeting {
  switch (event.type) {
    case 'consultation.called':
      return {
        ...state, joint: event.body.joint, openDoor: event.body.openDoor, convenedBy: event.party, version: 1,
        agreed: { ...state.agreed, [event.party]: 1 },
      }
    case 'consultation.changed':
      return languagesChanged({
        ...state, joint: event.body.joint, version: event.body.version,
        agreed: { ...state.agreed, [event.party]: event.body.version },
      })
    case 'consultation.agreed': {
      const { [event.party]: _told, ...deferred } = state.deferred ?? {}
      const { deferred: _all, ...rest } = state
      return { ...rest, ...(Object.keys(deferred).length > 0 ? { deferred } : {}), agreed: { ...state.agreed, [event.party]: event.body.version } }
    }
    case 'call.answer-deferred':
      return { ...state, deferred: { ...state.deferred, [event.party]: event.at } }
    case 'consultation.cancelled':
      return { ...state, cancelled: { party: event.party, at: event.at } }
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
    case 'chat.said': {
      const { to, text } = event.body
      return { ...state, chat: [...state.chat, { seq: event.seq, at: event.at, from: event.by, to, text }].slice(-chatKept) }
    }
    case 'caption.said': {
      const { language, text } = event.body
      const captions = [...state.captions, { seq: event.seq, at: event.at, by: event.by, language, text }]
      const kept = captions.filter((one) => one.language === language).slice(-captionsKept)
      return { ...state, captions: captions.filter((one) => one.language !== language || kept.includes(one)) }
    }
    case 'sound.checked':
      return change(state, event.body.member, { sound: event.body.result })
    case 'help.called': {
      const help = [...state.help, { seq: event.seq, at: event.at, member: event.body.member }]
      return { ...state, help: help.slice(-helpKept) } // all of one's own side
    }
    case 'help.answered': {
      const { call, member } = event.body
      return { ...state, help: state.help.map((one) => (one.seq === call ? { ...one, answeredBy: member, answeredAt: event.at } : one)) }
    }
    case 'interpreter.assigned': {
      const { member, booth } = event.body
      const free = offAir(state, member)
      const x = free.members[member]
      if (!x) return free
      const { booth: _before, ...rest } = x
      return { ...free, members: { ...free.members, [member]: booth === '' ? rest : { ...rest, booth, microphone: false } } }
    }
    default:
      return interpretation(state, event)
  }
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

const silent = { present: false, microphone: false, camera: false, screen: false } as const

function dismiss(state: Meeting, id: MemberID, standing: 'refused' | 'removed', at: string): Meeting {
  return offAir(withoutBackRoom(withoutFloor(change(state, id, { ...silent, standing }), id, at), id), id)
}

// Events about people whom this reader does not know change nothing.
function change(state: Meeting, id: MemberID, by: Partial<Member>): Meeting {
  const member = state.members[id]
  return member ? { ...state, members: { ...state.members, [id]: { ...member, ...by } } } : state
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

/** Stands in the lobby of the own side. */
export function waits(member: Member): boolean {
  return member.standing === 'invited' && member.present
}
