// What the screens of the minutes need of wherever they stand: the desk, the meeting, or a head's own page.
import type { DeskCommands, Language, Meeting, MemberID, Paragraph, PartyID, Words } from '../protocol.ts'
import { brackets, settled, spoken, struck } from '../state/minutes.ts'
import { partyOf } from '../state/meeting.ts'
import type { Refusal } from '../state/session.ts'

type Kinds = Extract<keyof DeskCommands, `paragraph.${string}` | `comment.${string}` | `minutes.${string}`>

export interface Writing {
  readonly meeting: Meeting
  readonly you: MemberID
  /** Speaks for the own side: agrees, declines, remarks; the others read. */
  readonly writes: boolean
  /** Writes and orders the text here. A chair may too, but is not shown what a secretary does for them. */
  readonly edits: boolean
  /** The address under which copies are fetched. */
  readonly files: string
  /** The seat at which the chair signs; none at the desk. */
  readonly seat: string | undefined
  readonly send: <T extends Kinds>(type: T, body: DeskCommands[T]) => Promise<Refusal | undefined>
}

export type Standing = 'agreed' | 'struck' | 'ours' | 'theirs' | 'proposed' | 'draft'

/** Where a paragraph stands, as one side sees it. */
export function standingOf(one: Paragraph, own: PartyID): Standing {
  if (settled(one)) return struck(one) ? 'struck' : 'agreed'
  if (spoken(one, own)?.text) return 'ours'
  if (one.said.some((word) => word.round === one.round && word.text !== '')) return 'theirs'
  return one.proposed ? 'proposed' : 'draft'
}

export interface Whole { readonly all: number; readonly agreed: number; readonly toUs: number; readonly toThem: number; readonly brackets: number }

export function wholeOf(list: readonly Paragraph[], own: PartyID): Whole {
  const standings = list.map((one) => ({ one, standing: standingOf(one, own) }))
  const count = (want: (of: { one: Paragraph; standing: Standing }) => boolean) => standings.filter(want).length
  return {
    all: count(({ standing }) => standing !== 'struck'),
    agreed: count(({ standing }) => standing === 'agreed'),
    toUs: count(({ one, standing }) => standing === 'theirs' || (standing === 'proposed' && one.proposed !== undefined && partyOf(one.proposed.by) !== own)),
    toThem: count(({ one, standing }) => standing === 'ours' || (standing === 'proposed' && one.proposed !== undefined && partyOf(one.proposed.by) === own)),
    brackets: list.reduce((sum, one) => sum + brackets(one.text), 0),
  }
}

export interface Piece { readonly text: string; readonly open: boolean }

/** A text in pieces, what stands in brackets apart. */
export function pieces(text: string): Piece[] {
  return text.split(/(\[[^[\]]*\])/).filter((part) => part !== '').map((part) => ({ text: part, open: part.startsWith('[') }))
}

// Control characters and marks that change the direction of what follows: they come along when something is pasted, and nobody sees them.
const unseen = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufeff\u2028\u2029]/g // eslint-disable-line no-control-regex

/** A text as it may be kept: line breaks of office programs become plain ones, what cannot be seen falls away. */
export function plain(text: string): string {
  return text.replace(/\r\n?|\u000b|\u2028|\u2029/g, '\n').replace(unseen, '').trim() // eslint-disable-line no-control-regex
}

export interface Start { readonly key: string; readonly item: string | undefined; readonly text: Words }

/** What the meeting decided and agreed, as a start for the minutes: each in the language of the side that said it. What is written already is left out. */
export function fromRecord(meeting: Meeting): Start[] {
  const tongue = (by: MemberID): Language => meeting.joint.parties.find((party) => party.id === partyOf(by))?.language ?? 'en'
  const here = new Set(meeting.minutes.paragraphs.flatMap((one) => Object.values(one.text)))
  const sides = meeting.joint.parties.length
  const order = new Map(meeting.joint.agenda.map((item, n) => [item.id, n]))
  const decided = meeting.course.decisions.map((one) => ({ key: `d${one.seq}`, item: one.item, text: { [tongue(one.by)]: plain(one.text) } }))
  const agreed = meeting.rounds.filter((one) => Object.values(one.answers).filter((answer) => answer !== 'not-agreed').length === sides)
    .map((one) => ({ key: `r${one.number}`, item: one.item, text: { [tongue(one.by)]: plain(one.text) } }))
  return [...decided, ...agreed].filter((one) => !Object.values(one.text).some((text) => here.has(text ?? '')))
    .sort((a, b) => (order.get(a.item ?? '') ?? 99) - (order.get(b.item ?? '') ?? 99))
}
