// The recording as Go's meeting/recording.go has it: whose word it needs, where it stands, and what there is.
import type { BegunPart, Event, Meeting, MemberID, Recording } from '../protocol.ts'
import { partyOf } from './meeting.ts'

type RecordingEvent = Extract<Event, { type: `recording.${string}` | 'off-record.set' }>

export const noRecording: Recording = { stage: 'off', off: {}, part: 0, agreed: {}, words: {}, consents: {}, begun: [], parts: [], released: {} }

export function changedRecording(state: Meeting, event: RecordingEvent): Meeting {
  return { ...state, recording: changed(state.recording, event) }
}

function changed(recording: Recording, event: RecordingEvent): Recording {
  const { at } = event
  switch (event.type) {
    case 'recording.agreed': {
      const before = Object.keys(recording.agreed).length === 0 ? {} : recording.words
      return { ...recording, agreed: { ...recording.agreed, [event.party]: true }, words: { ...before, [event.party]: { by: event.by, at } } }
    }
    case 'recording.announced': {
      const { ended, ...rest } = recording
      return { ...rest, ...(ended === 'node' ? { ended } : {}), stage: 'announced', at, by: event.by, agreed: {} }
    }
    case 'recording.started': {
      const { ended: _ended, ...rest } = recording
      const { part } = event.body
      return { ...rest, stage: 'on', at, part, begun: [...recording.begun, { part, at, chairs: recording.words, interpreters: Object.keys(recording.consents).sort() }] }
    }
    case 'recording.stopped':
      return { ...recording, stage: 'off', at, ended: event.body.ended, agreed: {}, off: {} }
    case 'off-record.set': {
      if (event.body.off) return { ...recording, stage: 'off-the-record', at, off: { ...recording.off, [event.party]: true } }
      const { [event.party]: _back, ...off } = recording.off
      return { ...recording, off }
    }
    case 'recording.consented': {
      const { member, consent } = event.body
      const { [member]: _before, ...consents } = recording.consents
      const last = recording.begun.at(-1)
      const joins = consent && recording.stage === 'on' && last && !last.interpreters.includes(member)
      return {
        ...recording,
        consents: consent ? { ...consents, [member]: true } : consents,
        begun: joins ? [...recording.begun.slice(0, -1), { ...last, interpreters: [...last.interpreters, member] }] : recording.begun,
      }
    }
    case 'recording.filed': {
      const { part, files } = event.body
      return { ...recording, parts: [...recording.parts, { part, at, files }], released: files.length > 0 ? {} : recording.released }
    }
    case 'recording.released':
      return { ...recording, released: { ...recording.released, [event.party]: true } }
  }
}

// ---- reading --------------------------------------------------------------------------------------------------------

/** Something is written down now, or about to be: what the sign says. */
export function recordingSign(meeting: Meeting): 'announced' | 'on' | 'off-the-record' | undefined {
  const { stage } = meeting.recording
  return stage === 'off' ? undefined : stage
}

/** Is asked for their own consent: who interprets. */
export function asksConsent(meeting: Meeting, id: MemberID): boolean {
  const member = meeting.members[id]
  return member !== undefined && (member.booth !== undefined || member.role === 'interpreter' || member.role === 'sign-interpreter')
}

/** Those who came in and are asked for their own consent. */
export function interpretersOf(meeting: Meeting): MemberID[] {
  return Object.keys(meeting.members).filter((id) => meeting.members[id]?.standing === 'admitted' && asksConsent(meeting, id)).sort()
}

/** By whose word it is recorded now, or would be. */
export function agreedNow(meeting: Meeting): BegunPart {
  const { words, consents, part, at } = meeting.recording
  return { part, at: at ?? '', chairs: words, interpreters: Object.keys(consents).sort() }
}

/** This member's voice or picture is written down while the recording is on. */
export function isRecorded(meeting: Meeting, id: MemberID): boolean {
  return meeting.recording.stage === 'on' && (!asksConsent(meeting, id) || meeting.recording.consents[id] === true)
}

/** The sides that are off the record; only their own chairs bring the meeting back. */
export function offSides(meeting: Meeting): string[] {
  return meeting.joint.parties.filter((party) => meeting.recording.off[party.id]).map((party) => party.id)
}

/** Every side has released what was recorded. */
export function recordingOpen(meeting: Meeting): boolean {
  return meeting.recording.parts.some((part) => part.files.length > 0) && meeting.joint.parties.every((party) => meeting.recording.released[party.id])
}

/** The own side has said its word, and others have not. */
export function wordGiven(meeting: Meeting, you: MemberID): boolean {
  return meeting.recording.agreed[partyOf(you)] === true
}
