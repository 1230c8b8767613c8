import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Event, Meeting, MemberID } from '../protocol.ts'
import { noInterpretation } from './booth.ts'
import { asking } from './floor.ts'
import { noMinutes } from './minutes.ts'
import { noRecording } from './recording.ts'
import { apply, partyOf, roster } from './meeting.ts'
import { chatKept } from './words.ts'

interface Transcript {
  name: string
  readers: Record<MemberID, { start: Meeting; events: Event[]; end: Meeting }>
}

const transcripts = join(import.meta.dirname, '../../../meeting/testdata')
const names = existsSync(transcripts) ? readdirSync(transcripts).filter((name) => name.endsWith('.json')) : []

describe.each(names)('transcript %s', (name) => {
  const transcript = JSON.parse(readFileSync(join(transcripts, name), 'utf8')) as Transcript
  test.each(Object.keys(transcript.readers))('as %s saw it', (reader) => {
    const seen = transcript.readers[reader]!
    expect(seen.events.reduce(apply, seen.start)).toEqual(seen.end)
  })
})

const empty: Meeting = {
  id: 'c1', seq: 0, convenedBy: 'tehran', version: 1, agreed: {}, members: {}, chairs: {}, floor: { mode: 'open', turn: 0, queue: [], spoken: {} }, backRoom: { listening: [], whispering: [] }, chat: [], interpretation: noInterpretation, help: [], captions: [],
  ceremony: { ready: {} }, course: { status: {}, spent: {}, decisions: [] }, rounds: [], documents: [], minutes: noMinutes, recording: noRecording,
  joint: { title: {}, parties: [], startsAt: '2026-11-23T10:00:00Z', minutes: 60, languages: [], agenda: [] },
}
const member = (id: MemberID, place: number, role: 'head' | 'delegate') => ({
  id, name: id, role, language: 'fa', place, standing: 'admitted', present: true, microphone: true, camera: true, screen: false,
} as const)
const event = (seq: number, rest: Pick<Event, 'type' | 'body'>): Event => ({ seq, at: '2026-11-23T10:00:00Z', party: 'baku', by: 'baku/a', ...rest } as Event)

test('the state before an event stays as it was', () => {
  const before = apply(empty, event(1, { type: 'member.admitted', body: { member: member('baku/a', 1, 'head') } }))
  const after = apply(before, event(2, { type: 'member.left', body: { member: 'baku/a' } }))
  expect(before.members['baku/a']?.present).toBe(true)
  expect(after.members['baku/a']).toMatchObject({ present: false, microphone: false, camera: false })
  expect(after.seq).toBe(2)
})

test('a member who is removed asks for nothing', () => {
  let state = apply(empty, event(1, { type: 'member.admitted', body: { member: member('baku/a', 1, 'head') } }))
  state = apply(state, event(2, { type: 'floor.asked', body: { member: 'baku/a' } }))
  expect(asking(state, 'baku/a')).toBe(1)
  state = apply(state, event(3, { type: 'member.removed', body: { member: 'baku/a' } }))
  expect(state.floor.queue).toEqual([])
  expect(state.members['baku/a']?.standing).toBe('removed')
})

test('heads who were together are known as such when they have left, and after another time too', () => {
  const come = (state: Meeting, id: MemberID) => apply(state, event(1, { type: 'member.admitted', body: { member: member(id, 1, 'head') } }))
  let state = apply(come(come(empty, 'baku/a'), 'tehran/b'), event(2, { type: 'principals.left', body: {} }))
  expect(state.ceremony).toEqual({ ready: {}, met: { 'baku/a': { name: 'baku/a' }, 'tehran/b': { name: 'tehran/b' } } })
  state = apply(state, event(3, { type: 'principals.appeared', body: { principals: [member('tehran/c', 2, 'head')] } }))
  state = apply(state, event(4, { type: 'principals.left', body: {} }))
  expect(Object.keys(state.ceremony.met ?? {}).sort()).toEqual(['baku/a', 'tehran/b', 'tehran/c'])
})

test('events about people that one does not know change nothing but the number', () => {
  const state = apply(empty, event(7, { type: 'camera.changed', body: { member: 'tehran/x', on: true } }))
  expect(state).toEqual({ ...empty, seq: 7 })
})

test('the chat keeps its last messages', () => {
  let state = empty
  for (let seq = 1; seq <= chatKept + 3; seq++) state = apply(state, event(seq, { type: 'chat.said', body: { to: 'all', text: String(seq) } }))
  expect(state.chat.length).toBe(chatKept)
  expect(state.chat[0]?.text).toBe('4')
})

test('a side in its order', () => {
  const state = { ...empty, members: Object.fromEntries([member('baku/c', 3, 'delegate'), member('baku/b', 2, 'delegate'), member('baku/a', 9, 'head'), member('tehran/a', 1, 'head')].map((x) => [x.id, x])) }
  expect(roster(state, 'baku').map((x) => x.id)).toEqual(['baku/a', 'baku/b', 'baku/c'])
  expect(partyOf('baku/a')).toBe('baku')
})
