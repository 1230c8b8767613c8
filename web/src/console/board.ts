// What each function of the console does and how it stands, apart from how it looks.
import { languageName } from '../named.ts'
import { number } from '../format/number.ts'
import { language, t } from '../language.svelte.ts'
import type { Attending } from '../meet/attending.svelte.ts'
import type { Booth, Language, Meeting, Member } from '../protocol.ts'
import { boothOf, relayQuality } from '../state/hearing.ts'
import type { Function } from './keymap.ts'
import { turned } from './tone.ts'
import type { Tone } from '../call/mixer.ts'

export interface Desk {
  readonly attending: Attending
  readonly meeting: Meeting
  readonly me: Member
  readonly booth: Booth
  readonly own: Language // the booth's language: outgoing A
  readonly relays: readonly [Language, Language]
  readonly tone: Tone
  readonly settone: (tone: Tone) => void
  readonly chat: () => void
  readonly terms: (what: 'terms' | 'note') => void
}

export interface Standing {
  readonly state?: string | undefined
  readonly on?: boolean
  readonly live?: boolean
  readonly alert?: boolean
  readonly disabled?: boolean
}

/** The sign beside an incoming language: FLOOR, + or -, and what it means. */
function sign(meeting: Meeting, language: Language): string {
  const name = languageName(language)
  switch (relayQuality(meeting, language)) {
    case 'floor': return `${name} · ${t('booth.sign-floor')}`
    case '+': return `${name} + · ${t('booth.sign-once')}`
    case '-': return `${name} − · ${t('booth.sign-twice')}`
    default: return `${name} · ${t('booth.sign-none')}`
  }
}

// The mark keeps the sign before the figure in Persian too.
const decibels = (db: number) => `\u200e${db > 0 ? '+' : db < 0 ? '−' : ''}${number(Math.abs(db), language())}`

export function standing({ attending, meeting, me, booth, own, relays, tone }: Desk, what: Function): Standing {
  const { choice, hearing } = attending.view
  const mine = booth.onAir === me.id
  const floor = meeting.interpretation.floor
  const channel = choice.kind === 'channel' ? choice.language : undefined
  const help = meeting.help.findLast((call) => call.member === me.id)
  switch (what) {
    case 'microphone': return { live: mine, state: mine ? t('state.on') : t('state.off') }
    case 'cough': return { disabled: !mine }
    case 'outgoing-a': return { on: (mine ? booth.outgoing : own) === own, state: languageName(own) }
    case 'outgoing-b': return booth.second ? { on: mine && booth.outgoing === booth.second, state: languageName(booth.second) } : { disabled: true, state: t('booth.none') }
    case 'auto': return { on: choice.kind === 'mine', state: hearing.channel ? sign(meeting, hearing.channel) : floor ? sign(meeting, floor) : undefined }
    case 'floor': return { on: choice.kind === 'original', state: floor ? languageName(floor) : undefined }
    case 'relay-a': return { on: channel === relays[0], state: sign(meeting, relays[0]) }
    case 'relay-b': return { on: channel === relays[1], state: sign(meeting, relays[1]) }
    case 'own': return { on: channel !== undefined && channel === (booth.outgoing ?? own), disabled: mine }
    case 'offer': return { on: mine && booth.offered === true, disabled: !mine }
    case 'accept': return { alert: !mine && booth.offered === true, disabled: mine || !booth.offered }
    case 'take-over': return { disabled: mine || booth.onAir === undefined }
    case 'suspend': return { on: booth.suspended !== undefined, alert: booth.suspended !== undefined }
    case 'help': return help && !help.answeredBy ? { on: true, state: t('booth.help-called') } : help?.answeredBy ? { state: t('booth.help-answered', { name: meeting.members[help.answeredBy]?.name ?? '' }) } : {}
    case 'mark': return { state: floor ? languageName(floor) : undefined }
    case 'louder': case 'quieter': return { state: t('booth.volume', { db: decibels(tone.volume) }) }
    case 'bass-up': case 'bass-down': return { state: t('booth.bass', { db: decibels(tone.bass) }) }
    case 'treble-up': case 'treble-down': return { state: t('booth.treble', { db: decibels(tone.treble) }) }
    case 'slower': case 'chat': case 'terms': case 'note': return {}
  }
}

/** The language after this one, in the meeting's order: with two it changes to the other. */
function next(meeting: Meeting): Language {
  const { languages } = meeting.joint
  return languages[(languages.indexOf(meeting.interpretation.floor) + 1) % languages.length] ?? ''
}

export function press(desk: Desk, what: Function): void {
  const { attending, meeting, me, booth, own, relays, tone } = desk
  const { attendance } = attending
  const work = attendance.booth
  const { choice } = attending.view
  if (standing(desk, what).disabled) return
  switch (what) {
    case 'microphone': return void (booth.onAir === me.id ? work.goOffAir() : work.goOnAir(own))
    case 'cough': return work.cough(true)
    case 'outgoing-a': return void work.goOnAir(own)
    case 'outgoing-b': return void (booth.second && work.goOnAir(booth.second))
    case 'auto': return attendance.listenTo({ kind: 'mine', original: choice.original })
    case 'floor': return attendance.listenTo({ kind: 'original', original: choice.original })
    case 'relay-a': return attendance.listenTo({ kind: 'channel', language: relays[0], original: choice.original })
    case 'relay-b': return attendance.listenTo({ kind: 'channel', language: relays[1], original: choice.original })
    case 'own': return attendance.listenTo({ kind: 'channel', language: booth.outgoing ?? own, original: choice.original })
    case 'offer': return void work.ask('handover.offer', { on: !booth.offered })
    case 'accept': return void work.ask('handover.accept', {})
    case 'take-over': return void work.ask('air.take-over', booth.onAir === undefined ? {} : { from: booth.onAir })
    case 'suspend': return void (booth.suspended ? work.ask('interpretation.resume', {}) : work.ask('interpretation.suspend', { reason: 'sound' }))
    case 'slower': return void work.ask('speaker.ask-slower', {})
    case 'help': return void work.ask('help.call', {})
    case 'chat': return desk.chat()
    case 'terms': case 'note': return desk.terms(what)
    case 'mark': return void attendance.markLanguage(next(meeting))
    case 'louder': case 'quieter': return desk.settone(turned(tone, 'volume', what === 'louder'))
    case 'bass-up': case 'bass-down': return desk.settone(turned(tone, 'bass', what === 'bass-up'))
    case 'treble-up': case 'treble-down': return desk.settone(turned(tone, 'treble', what === 'treble-up'))
  }
}

export function release({ attending }: Desk, what: Function): void {
  if (what === 'cough') attending.attendance.booth.cough(false)
}

export function boothOfMine(meeting: Meeting, me: Member): { own: Language; booth: Booth } {
  const own = me.booth ?? ''
  return { own, booth: boothOf(meeting, own) }
}
