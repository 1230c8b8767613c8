// What a person is sent: an invitation by mail in their own language, and an entry for their calendar. Pure.
import type { Calendar } from '../format/calendar.ts'
import { clock, longDate } from '../format/date.ts'
import { say } from '../text/say.ts'
import type { Key, Language, Message } from '../text/words.ts'
import type { ConsultationID, Joint, MemberID } from '../protocol.ts'
import { worded } from '../named.ts'

/** The language that the letter is in, with its texts. */
export interface Tongue {
  readonly language: Language
  readonly texts: Readonly<Record<Key, Message>>
}

export interface Invitation {
  readonly consultation: ConsultationID
  readonly member: MemberID
  readonly name: string
  readonly joint: Joint
  readonly link: string
  readonly expires: Date
}

export interface Letter {
  readonly subject: string
  readonly body: string
}

export function letterOf({ name, member, joint, link, expires }: Invitation, { language, texts }: Tongue): Letter {
  const title = worded(joint.title, language)
  const starts = new Date(joint.startsAt)
  const own = joint.parties.find((party) => member.startsWith(party.id + '/'))
  const moments = joint.parties.map((party) => {
    const how = { language, calendar: party.calendar, zone: party.zone }
    return say(texts['letter.moment'], { party: worded(party.names, language, party.language), date: longDate(starts, how), clock: clock(starts, party.zone, language) }, language)
  })
  const zone = own?.zone ?? 'UTC'
  const calendar: Calendar = own ? own.calendar : 'gregory'
  const until = say(texts['letter.until'], { date: longDate(expires, { language, calendar, zone }), clock: clock(expires, zone, language) }, language)
  const body = [
    say(texts['letter.greeting'], { name }, language), '',
    say(texts['letter.invite'], { title }, language), '',
    ...moments, '',
    say(texts['letter.link'], {}, language), link, '',
    say(texts['letter.personal'], {}, language), until, '',
    say(texts['letter.respect'], {}, language),
    ...(own ? [worded(own.names, language, own.language)] : []),
  ]
  return { subject: say(texts['letter.subject'], { title }, language), body: body.join('\n') }
}

/** A mail to be written; RFC 6068 wants lines to end with CR LF. The isolates of names are of no use in a subject line. */
export function mailto({ subject, body }: Letter): string {
  const plain = (text: string) => encodeURIComponent(text.replace(/[\u2068\u2069]/g, '').replace(/\r?\n/g, '\r\n'))
  return `mailto:?subject=${plain(subject)}&body=${plain(body)}`
}

/** A calendar entry, RFC 5545. `sequence` is the version of the consultation: a later file replaces an earlier one. */
export function calendarEntry(invitation: Invitation, tongue: Tongue, version: number, now: Date): string {
  const { joint, consultation, member, link } = invitation
  const starts = new Date(joint.startsAt)
  const ends = new Date(starts.getTime() + joint.minutes * 60_000)
  const { body } = letterOf(invitation, tongue)
  const lines = [
    'BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Astara//Astara//EN', 'CALSCALE:GREGORIAN', 'METHOD:PUBLISH',
    'BEGIN:VEVENT',
    // The same as in the file that the node hands out, so that either replaces the other.
    `UID:${consultation}.${member.replaceAll('/', '.')}@${new URL(link).hostname}`,
    `SEQUENCE:${version}`,
    `DTSTAMP:${stamp(now)}`, `DTSTART:${stamp(starts)}`, `DTEND:${stamp(ends)}`,
    `SUMMARY:${escaped(worded(joint.title, tongue.language))}`,
    `DESCRIPTION:${escaped(body)}`,
    `LOCATION:${link}`,
    `URL:${link}`,
    'BEGIN:VALARM', 'ACTION:DISPLAY', 'TRIGGER:-PT15M', `DESCRIPTION:${escaped(worded(joint.title, tongue.language))}`, 'END:VALARM',
    'END:VEVENT', 'END:VCALENDAR',
  ]
  return lines.map(foldedLine).join('\r\n') + '\r\n'
}

function stamp(moment: Date): string {
  return moment.toISOString().replace(/[-:]/g, '').replace(/\.\d+/, '')
}

function escaped(text: string): string {
  return text.replace(/[\u2068\u2069]/g, '').replace(/[\\;,]/g, '\\$&').replace(/\r?\n/g, '\\n')
}

// Section 3.1: at most 75 octets in a line, and no letter is cut.
function foldedLine(line: string): string {
  const encoder = new TextEncoder()
  let out = ''
  let room = 75
  for (const letter of line) {
    const size = encoder.encode(letter).length
    if (size > room) {
      out += '\r\n '
      room = 74
    }
    out += letter
    room -= size
  }
  return out
}
