// The course of the agenda and the rounds of agreement, as Go's meeting/agenda.go and accord.go have them.
import type { Course, Decision, Event, ItemStatus, Meeting, Round } from '../protocol.ts'

type CourseEvent = Extract<Event, { type: `item.${string}` | `decision.${string}` }>
type RoundEvent = Extract<Event, { type: `text.${string}` }>

export function changedCourse(course: Course, event: CourseEvent): Course {
  switch (event.type) {
    case 'item.taken': {
      const { [event.body.item]: _before, ...status } = course.status
      return { ...left(course, event.at), item: event.body.item, since: event.at, status }
    }
    case 'item.closed': {
      const { item, status } = event.body
      const { [item]: _before, ...others } = course.status
      return { ...(item === course.item ? left(course, event.at) : course), status: status === 'open' ? others : { ...others, [item]: status } }
    }
    case 'decision.noted': {
      const { item, text } = event.body
      const decision: Decision = { seq: event.seq, at: event.at, by: event.by, ...(item ? { item } : {}), text }
      return { ...course, decisions: [...course.decisions, decision] }
    }
  }
}

/** Books the time of the current item. */
function left({ item, since, ...course }: Course, at: string): Course {
  if (item === undefined || since === undefined) return course
  const spent = (course.spent[item] ?? 0) + Math.max(0, Date.parse(at) - Date.parse(since))
  return { ...course, spent: { ...course.spent, [item]: spent } }
}

export function changedRounds(rounds: readonly Round[], event: RoundEvent): Round[] {
  if (event.type === 'text.put') {
    const { number, item, text } = event.body
    return [...rounds, { number, at: event.at, by: event.by, ...(item ? { item } : {}), text, answers: {} }]
  }
  return rounds.map((round) => {
    if (round.number !== event.body.number) return round
    return event.type === 'text.answered' ? { ...round, answers: { ...round.answers, [event.party]: event.body.answer } } : { ...round, withdrawn: true }
  })
}

// ---- reading --------------------------------------------------------------------------------------------------------

export function statusOf(course: Course, item: string): ItemStatus {
  return course.status[item] ?? 'open'
}

/** Milliseconds that an item has taken, those of now included. */
export function spentOn(course: Course, item: string, now: number): number {
  const running = course.item === item && course.since !== undefined ? Math.max(0, now - Date.parse(course.since)) : 0
  return (course.spent[item] ?? 0) + running
}

/** The round that waits for answers. */
export function openRound(state: Meeting): Round | undefined {
  const last = state.rounds.at(-1)
  return last && !last.withdrawn && Object.keys(last.answers).length < state.joint.parties.length ? last : undefined
}
