import { describe, expect, test } from 'vitest'
import type { Meeting, Member, MemberID, Role } from '../protocol.ts'
import { noInterpretation } from '../state/booth.ts'
import { noMinutes } from '../state/minutes.ts'
import { noRecording } from '../state/recording.ts'
import { calm, sameTable, tableOf, waitFor } from './places.ts'

const party = (id: string) => ({ id, names: {}, language: 'fa', zone: 'Asia/Tehran', calendar: 'persian' } as const)
const person = (id: MemberID, role: Role, place: number, more: Partial<Member> = {}): Member => ({
  id, name: id, role, language: 'fa', place, standing: 'admitted', present: true, microphone: true, camera: true, screen: false, ...more,
})
const meeting = (...members: Member[]): Meeting => ({
  id: 'c', seq: 1, convenedBy: 't', version: 1, agreed: {}, chairs: {}, floor: { mode: 'open', turn: 0, queue: [], spoken: {} }, backRoom: { listening: [], whispering: [] }, chat: [], interpretation: noInterpretation, help: [], captions: [],
  ceremony: { ready: {} }, course: { status: {}, spent: {}, decisions: [] }, rounds: [], documents: [], minutes: noMinutes, recording: noRecording,
  joint: { title: {}, parties: [party('t'), party('b')], startsAt: '', minutes: 60, languages: [], agenda: [] },
  members: Object.fromEntries(members.map((member) => [member.id, member])),
})
const none = new Set<MemberID>()
const places = (m: Meeting, you: MemberID, seen = none, pinned?: MemberID) =>
  tableOf(m, you, seen, pinned).sides.map((side) => side.places.map((place) => `${place.member}:${place.rank}`))

test('the own side comes first, heads lead, the others keep their order', () => {
  const m = meeting(person('t/d', 'delegate', 2), person('t/h', 'head', 5), person('b/s', 'secretary', 1), person('b/h', 'head', 2))
  expect(places(m, 'b/s')).toEqual([['b/h:lead', 'b/s:seat'], ['t/h:lead', 't/d:seat']])
  expect(places(m, 't/d')).toEqual([['t/h:lead', 't/d:seat'], ['b/h:lead', 'b/s:seat']])
})

test('a side without its head is led by the next', () => {
  expect(places(meeting(person('t/d', 'delegate', 2), person('t/a', 'adviser', 1)), 't/a')[0]).toEqual(['t/d:lead', 't/a:seat'])
})

test('who waits, was removed or never came has no place; whose line is away keeps it', () => {
  const m = meeting(person('t/h', 'head', 1), person('t/w', 'delegate', 2, { standing: 'invited' }), person('t/x', 'delegate', 3, { standing: 'removed', present: false }),
    person('t/n', 'delegate', 4, { present: false }), person('t/g', 'delegate', 5, { present: false }))
  expect(places(m, 't/h', new Set(['t/g']))[0]).toEqual(['t/h:lead', 't/g:seat'])
})

test('observers and technicians sit behind, and so does a crowd; whom I enlarge leads', () => {
  const crowd = Array.from({ length: 9 }, (_, n) => person(`t/d${n}`, 'delegate', n + 2))
  const m = meeting(person('t/h', 'head', 1), ...crowd, person('t/o', 'observer', 20, { camera: false }))
  const all = places(m, 't/h')[0]!
  expect(all.filter((x) => x.endsWith('back')).length).toBe(5)
  expect(all).toContain('t/d8:back')
  expect(places(m, 't/h', none, 't/d8')[0]).toEqual(expect.arrayContaining(['t/d8:lead', 't/h:seat']))
})

test('a screen stands between the sides', () => {
  expect(tableOf(meeting(person('t/h', 'head', 1), person('b/h', 'head', 1, { screen: true })), 't/h', none, undefined).screen).toBe('b/h')
})

test('the same table is not a change', () => {
  const m = meeting(person('t/h', 'head', 1), person('b/h', 'head', 1))
  const quiet = meeting(person('t/h', 'head', 1, { microphone: false }), person('b/h', 'head', 1, { camera: false }))
  expect(sameTable(tableOf(m, 't/h', none, undefined), tableOf(quiet, 't/h', none, undefined))).toBe(true)
  expect(sameTable(tableOf(m, 't/h', none, undefined), tableOf(m, 't/h', none, 'b/h'))).toBe(false)
})

describe('at most one change of layout in 3 s', () => {
  const table: [number | undefined, number, number][] = [[undefined, 5, 0], [0, 0, calm], [1_000, 2_000, 2_000], [1_000, 4_000, 0], [1_000, 9_000, 0]]
  test.each(table)('last at %s, now %s: wait %s', (last, now, want) => expect(waitFor(last, now)).toBe(want))
})
