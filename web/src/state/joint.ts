// What both sides agree on, as Go's meeting.Apply has it: title, date, agenda and languages in versions, and who has agreed to which.
import type { Event, Meeting } from '../protocol.ts'
import { languagesChanged } from './booth.ts'

type JointEvent = Extract<Event, { type: 'consultation.called' | 'consultation.changed' | 'consultation.agreed' | 'consultation.cancelled' | 'call.answer-deferred' }>

export function changedJoint(state: Meeting, event: JointEvent): Meeting {
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
  }
}
