// The booths in the meeting's state, as Go's meeting/booth.go changes them.
import type { Booth, Event, Interpretation, Language, Meeting, MemberID } from '../protocol.ts'

export const noInterpretation: Interpretation = { override: false, floor: '', speaker: '', spoken: {}, booths: {}, listening: {} }

export function interpretation(state: Meeting, event: Event): Meeting {
  const now = state.interpretation
  switch (event.type) {
    case 'booth.languages-set': {
      const { booth, from, second } = event.body
      return changeBooth(state, booth, ({ second: _before, ...rest }) => (second ? { ...rest, from, second } : { ...rest, from }))
    }
    case 'override.changed':
      return { ...state, interpretation: { ...now, override: event.body.on } }
    case 'air.went-on': {
      const { booth, member, outgoing } = event.body
      return changeBooth(state, booth, ({ offered: _before, ...rest }) => ({ ...rest, ...(rest.onAir === member ? {} : { since: event.at }), onAir: member, outgoing }))
    }
    case 'air.went-off':
      return changeBooth(state, event.body.booth, silenced)
    case 'handover.offered': {
      const { booth, on } = event.body
      return changeBooth(state, booth, ({ offered: _before, ...rest }) => (on ? { ...rest, offered: true } : rest))
    }
    case 'interpretation.suspended': {
      const { booth, reason } = event.body
      return changeBooth(state, booth, (before) => ({ ...before, suspended: reason }))
    }
    case 'interpretation.resumed':
      return changeBooth(state, event.body.booth, ({ suspended: _before, ...rest }) => rest)
    case 'hearing.chosen':
      return { ...state, interpretation: { ...now, listening: { ...now.listening, [event.body.member]: event.body.choice } } }
    case 'floor-language.marked': {
      const { speaker, language, ahead } = event.body
      const spoken = { ...now.spoken, [speaker]: language }
      return { ...state, interpretation: ahead ? { ...now, spoken } : { ...now, spoken, speaker, floor: language } }
    }
    case 'speaker.slower-asked':
      return { ...state, interpretation: { ...now, slower: event.at } }
  }
  return state
}

function changeBooth(state: Meeting, language: Language, to: (before: Booth) => Booth): Meeting {
  const { interpretation } = state
  const after = to(interpretation.booths[language] ?? { from: [] })
  return { ...state, interpretation: { ...interpretation, booths: { ...interpretation.booths, [language]: after } } }
}

function silenced({ onAir: _who, outgoing: _where, since: _when, offered: _offer, ...rest }: Booth): Booth {
  return rest
}

/** Ends a turn, if the member has one, and forgets what they listen to. */
export function offAir(state: Meeting, id: MemberID): Meeting {
  const { booths, listening } = state.interpretation
  const { [id]: _choice, ...others } = listening
  const after = Object.fromEntries(Object.entries(booths).map(([language, booth]) => [language, booth.onAir === id ? silenced(booth) : booth]))
  return { ...state, interpretation: { ...state.interpretation, booths: after, listening: others } }
}

/** Drops the booths of languages that are no longer the meeting's. */
export function languagesChanged(state: Meeting): Meeting {
  const has = (language: Language | undefined) => language !== undefined && state.joint.languages.includes(language)
  const booths = Object.fromEntries(Object.entries(state.interpretation.booths).filter(([language]) => has(language)).map(([language, booth]) => {
    if ((booth.second === undefined || has(booth.second)) && booth.from.every(has)) return [language, booth]
    const { second: _second, ...rest } = booth
    const kept = { ...rest, from: rest.from.filter(has) }
    return [language, kept.outgoing === language ? kept : silenced(kept)]
  }))
  return { ...state, interpretation: { ...state.interpretation, booths } }
}
