// Who hears what, and how loud: what Go's meeting.Hearing says, from the same state. A table in its testdata keeps the two equal.
import type { Booth, Choice, Heard, Hearing, HearingPlan, Language, Meeting, Member, MemberID } from '../protocol.ts'
import { behind, meets } from './ceremony.ts'
import { hasFloor } from './floor.ts'
import { partyOf } from './meeting.ts'
import { sends } from './roles.ts'

export const maxOriginal = 30 // percent
export const usual: Choice = { kind: 'mine', original: 10 }

export function hearing(state: Meeting, listener: MemberID, choice: Choice): Hearing {
  const me = state.members[listener]
  const inside = me?.standing === 'admitted'
  const waits = inside && behind(state, me) // hears the own side, which has no floor to ask for yet, and no interpretation
  const channel = inside && !waits ? wanted(state, me, choice) : undefined
  const { plan, voice } = channel === undefined ? { plan: 'floor' as HearingPlan, voice: undefined } : onChannel(state, channel, listener)
  const original = plan !== 'interpreter' ? 100 : me?.booth ? 0 : Math.min(maxOriginal, Math.max(0, choice.original))
  const heard: Heard[] = []
  for (const member of Object.values(state.members)) {
    if (!inside || member.id === listener || !meets(state, listener, member.id)) continue
    if (hearsWhisper(state, listener, member)) {
      heard.push({ member: member.id, sound: 'whisper', level: 100 })
    } else if (onFloor(member) && (waits || hasFloor(state, member.id))) {
      heard.push({ member: member.id, sound: 'microphone', level: original })
      if (member.screen) heard.push({ member: member.id, sound: 'screen-sound', level: original })
    } else if (member.id === voice) {
      heard.push({ member: member.id, sound: 'microphone', level: 100 })
    }
  }
  heard.sort((a, b) => compare(a.member, b.member) || compare(a.sound, b.sound))
  return channel === undefined ? { plan, heard } : { plan, channel, heard }
}

/** The node sends whispers of the own side only, and tells of no others. */
function hearsWhisper(state: Meeting, listener: MemberID, whisperer: Member): boolean {
  const { listening, whispering } = state.backRoom
  return listening.includes(listener) && whispering.includes(whisperer.id) && partyOf(listener) === partyOf(whisperer.id)
    && whisperer.standing === 'admitted' && speaks(whisperer) && !whisperer.booth
}

/** Whose voice is said to all: an interpreter with a booth speaks into a channel and never to the floor. */
export function onFloor(member: Member): boolean {
  return member.standing === 'admitted' && member.present && speaks(member) && !member.booth
}

export function speaks(member: Member): boolean {
  return sends(member.role)
}

/** There is interpretation: somebody who is admitted has a booth. */
export function interpreted(state: Meeting | undefined): boolean {
  return Object.values(state?.members ?? {}).some((member) => member.booth && member.standing === 'admitted')
}

const noBooth: Booth = { from: [] }

export function boothOf(state: Meeting, language: Language): Booth {
  return state.interpretation.booths[language] ?? noBooth
}

/** The booth whose microphone is the channel's sound now. */
export function feeder(state: Meeting, channel: Language): Language | undefined {
  return state.joint.languages.find((language) => {
    const booth = boothOf(state, language)
    return booth.onAir && booth.outgoing === channel && !booth.suspended
  })
}

export function understands(state: Meeting, booth: Language, language: Language): boolean {
  const { second, from } = boothOf(state, booth)
  return language === booth || language === second || from.includes(language)
}

function wanted(state: Meeting, me: Member, choice: Choice): Language | undefined {
  if (choice.kind === 'mine' && me.booth) return autoRelay(state, me.booth)
  const want = choice.kind === 'channel' ? choice.language : choice.kind === 'mine' && interpreted(state) ? me.language : undefined
  const { floor } = state.interpretation
  return floor === '' || want === floor ? undefined : want
}

function autoRelay(state: Meeting, mine: Language): Language | undefined {
  const { floor } = state.interpretation
  if (floor === '' || understands(state, mine, floor)) return undefined
  return boothOf(state, mine).from.find((language) => {
    const by = feeder(state, language)
    return by !== undefined && by !== mine && understands(state, by, floor)
  })
}

function onChannel(state: Meeting, channel: Language, listener: MemberID): { plan: HearingPlan; voice?: MemberID | undefined } {
  const by = feeder(state, channel)
  if (by !== undefined) {
    const voice = boothOf(state, by).onAir
    return voice === listener ? { plan: 'floor' } : { plan: 'interpreter', voice }
  }
  const suspended = state.joint.languages.some((language) => {
    const booth = boothOf(state, language)
    return booth.suspended && (language === channel || booth.second === channel)
  })
  return { plan: suspended ? 'suspended' : 'uninterpreted' }
}

/** The sign beside an incoming channel (ISO 20109): the floor itself, interpreted once, interpreted twice, or nobody on it. */
export function relayQuality(state: Meeting, language: Language): 'floor' | '+' | '-' | '' {
  if (language === state.interpretation.floor) return 'floor'
  const by = feeder(state, language)
  const voice = by === undefined ? undefined : boothOf(state, by).onAir
  if (voice === undefined) return ''
  return hearing(state, voice, state.interpretation.listening[voice] ?? usual).plan === 'interpreter' ? '-' : '+'
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
