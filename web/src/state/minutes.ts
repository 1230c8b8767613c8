// The minutes of a consultation, as Go's meeting/minutes.go, paragraph.go and signing.go have them.
import type { AgreedText, Event, Language, Meeting, MemberID, Minutes, Paragraph, ParagraphID, PartyID, Spoken, Words } from '../protocol.ts'
import { partyOf } from './meeting.ts'

type MinutesEvent = Extract<Event, { type: `paragraph.${string}` | `comment.${string}` | `minutes.${string}` | `signing-key.${string}` }>

export const noMinutes: Minutes = { paragraphs: [], comments: [], keys: [], signatures: [] }

export function changedMinutes(state: Meeting, event: MinutesEvent): Meeting {
  return { ...state, minutes: changed(state, state.minutes, event) }
}

function changed(state: Meeting, minutes: Minutes, event: MinutesEvent): Minutes {
  const { at, by, party, seq } = event
  switch (event.type) {
    case 'paragraph.written':
      return { ...minutes, paragraphs: written(minutes.paragraphs, event) }
    case 'paragraph.moved': {
      const { paragraph, before } = event.body
      const moved = minutes.paragraphs.find((one) => one.id === paragraph)
      if (!moved || before === paragraph) return minutes
      return { ...minutes, paragraphs: put(minutes.paragraphs.filter((one) => one !== moved), moved, before) }
    }
    case 'paragraph.removed': {
      const { paragraph } = event.body
      return {
        ...minutes, paragraphs: minutes.paragraphs.filter((one) => one.id !== paragraph),
        comments: minutes.comments.filter((one) => one.paragraph !== paragraph),
      }
    }
    case 'paragraph.proposed':
      return inParagraph(minutes, event.body.paragraph, (one) => ({ ...one, proposed: { at, by } }))
    case 'paragraph.committed': {
      const { round, text } = event.body
      return inParagraph(minutes, event.body.paragraph, (one) => committed(state, { ...one, said: [...one.said, { at, by, round, text }] }, at))
    }
    case 'paragraph.declined': {
      const { round } = event.body
      return inParagraph(minutes, event.body.paragraph, ({ proposed: _ended, ...one }) => ({ ...one, said: [...one.said, { at, by, round, text: '' }], round: round + 1 }))
    }
    case 'paragraph.commented':
      return { ...minutes, comments: [...minutes.comments, { seq, at, by, paragraph: event.body.paragraph, text: event.body.text }] }
    case 'comment.settled':
      return { ...minutes, comments: minutes.comments.filter((one) => one.seq !== event.body.comment || partyOf(one.by) !== party) }
    case 'signing-key.registered':
      return { ...minutes, keys: [...minutes.keys, { id: event.body.id, by, public: event.body.public }] }
    case 'minutes.signed':
      return { ...minutes, signatures: [...minutes.signatures, { at, by, ...event.body }] }
    case 'minutes.reopened':
      return { ...minutes, signatures: [] }
  }
}

function inParagraph(minutes: Minutes, id: ParagraphID, change: (one: Paragraph) => Paragraph): Minutes {
  return { ...minutes, paragraphs: minutes.paragraphs.map((one) => (one.id === id ? change(one) : one)) }
}

function put(list: readonly Paragraph[], one: Paragraph, before: ParagraphID | undefined): Paragraph[] {
  const at = list.findIndex((other) => other.id === before)
  return at < 0 ? [...list, one] : [...list.slice(0, at), one, ...list.slice(at)]
}

function written(list: readonly Paragraph[], { at, by, party, body }: Extract<Event, { type: 'paragraph.written' }>): Paragraph[] {
  const { paragraph: id, revision, text, hash, item, before } = body
  if (revision === 1) {
    return put(list, { id, ...(item ? { item } : {}), text, hash, revision, at, by, sides: [party], version: 1, round: 1, said: [] }, before)
  }
  return list.map((one) => {
    if (one.id !== id) return one
    const { proposed: _ended, ...rest } = one
    return { ...rest, text, hash, revision, at, by, sides: one.sides.includes(party) ? one.sides : [...one.sides, party] }
  })
}

function committed(state: Meeting, one: Paragraph, at: string): Paragraph {
  const words = state.joint.parties.map((party) => spoken(one, party.id))
  if (words.some((word) => word?.text !== one.hash)) return one
  const agreed: AgreedText = { version: one.version, at, text: one.text, hash: one.hash, by: words.flatMap((word) => (word ? [word.by] : [])) }
  const { proposed: _ended, ...rest } = one
  return { ...rest, agreed, version: one.version + 1, round: 1, said: [] }
}

// ---- reading --------------------------------------------------------------------------------------------------------

/** A side's word in the round that is open. */
export function spoken(one: Paragraph, side: PartyID): Spoken | undefined {
  return one.said.find((word) => word.round === one.round && partyOf(word.by) === side)
}

/** The draft is what was agreed last. */
export function settled(one: Paragraph): boolean {
  return one.agreed?.hash === one.hash
}

/** The sides agreed to strike it. */
export function struck(one: Paragraph): boolean {
  return one.agreed !== undefined && Object.keys(one.agreed.text).length === 0
}

/** Open words: what stands in square brackets. A bracket without its fellow counts too. */
export function brackets(words: Words): number {
  let n = 0
  for (const text of Object.values(words)) {
    let deep = 0
    for (const letter of text ?? '') {
      if (letter === '[') { n++; deep++ } else if (letter === ']') { if (deep > 0) deep--; else n++ }
    }
  }
  return n
}

/** The sides' languages, those of one's own side first: none is before another, and each reads its own at the beginning. */
export function authentic(state: Meeting, own: PartyID): Language[] {
  const parties = [...state.joint.parties].sort((a, b) => Number(b.id === own) - Number(a.id === own))
  return [...new Set(parties.map((party) => party.language))]
}

/** Whether somebody writes the minutes for their side: its secretaries and its chair. */
export function drafts(state: Meeting, who: MemberID, chair: boolean): boolean {
  return state.members[who]?.role === 'secretary' || chair
}
