// What is written at the table, as Go's meeting.Apply has it: messages, captions, and calls for help.
import type { Event, Meeting } from '../protocol.ts'

/** Messages kept in the state; the same number as in Go. */
export const chatKept = 500
const helpKept = 40
const captionsKept = 3

type WordsEvent = Extract<Event, { type: 'chat.said' | 'caption.said' | 'help.called' | 'help.answered' }>

export function changedWords(state: Meeting, event: WordsEvent): Meeting {
  switch (event.type) {
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
    case 'help.called': {
      const help = [...state.help, { seq: event.seq, at: event.at, member: event.body.member }]
      return { ...state, help: help.slice(-helpKept) } // all of one's own side
    }
    case 'help.answered': {
      const { call, member } = event.body
      return { ...state, help: state.help.map((one) => (one.seq === call ? { ...one, answeredBy: member, answeredAt: event.at } : one)) }
    }
  }
}
