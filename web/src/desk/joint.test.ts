import { expect, test } from 'vitest'
import type { Joint, Party } from '../protocol.ts'
import { changed, emptyJoint, faultsOf, reapplied, tidied } from './joint.ts'

const party = (id: string, language: string): Party => ({ id, names: { [language]: id }, language, zone: 'Asia/Baku', calendar: 'gregory' })
const base: Joint = {
  title: { fa: 'راه', az: 'Yol' }, parties: [party('iran', 'fa'), party('azerbaijan', 'az')], startsAt: '2026-12-01T06:30:00Z', minutes: 90,
  languages: ['fa', 'az'], agenda: [{ id: 'item-1', title: { fa: 'یک', az: 'Bir' }, minutes: 30 }],
}
const when = new Date(base.startsAt)

test('what is complete has no fault', () => expect(faultsOf(base, when)).toEqual([]))

const table: [string, Partial<Joint>, string][] = [
  ['a title in one language', { title: { fa: 'راه', az: ' ' } }, 'title/az missing'],
  ['a long title', { title: { fa: 'x'.repeat(301), az: 'Yol' } }, 'title/fa long'],
  ['300 letters, whatever their bytes', { title: { fa: '𝒳'.repeat(300), az: 'Yol' } }, ''],
  ['one side', { parties: base.parties.slice(0, 1) }, 'parties two-parties'],
  ['no language', { languages: [], agenda: [] }, 'languages no-language'],
  ['no length', { minutes: NaN }, 'minutes length'],
  ['0 minutes', { minutes: 0 }, 'minutes length'],
  ['24 hours', { minutes: 1440 }, ''],
  ['more than 24 hours', { minutes: 1441 }, 'minutes length'],
  ['an open item', { agenda: [{ id: 'a', title: { fa: 'یک', az: 'Bir' }, minutes: 0 }] }, ''],
  ['an item without words', { agenda: [{ id: 'a', title: { fa: 'یک' }, minutes: -1 }] }, 'agenda/a/az missing, agenda/a/minutes length'],
  ['a party without a name', { parties: [party('iran', 'fa'), { ...party('azerbaijan', 'az'), names: {} }] }, 'names/azerbaijan/az missing'],
]
test.each(table)('%s', (_, part, want) => {
  expect(faultsOf({ ...base, ...part }, when).map((fault) => `${fault.field} ${fault.what}`).join(', ')).toBe(want)
})

test('a time that does not exist', () => expect(faultsOf(base, undefined)).toEqual([{ field: 'when', what: 'date' }]))

test('what differs', () => {
  expect(changed(base, { ...base, startsAt: '2026-12-01T06:30:00.000Z', title: { az: 'Yol', fa: 'راه', en: '' } })).toEqual([])
  expect(changed(base, { ...base, minutes: 60, agenda: [] })).toEqual(['minutes', 'agenda'])
})

test('my change on top of theirs', () => {
  const mine = { ...base, title: { fa: 'راه‌آهن', az: 'Dəmir yolu' } }
  const theirs = { ...base, startsAt: '2026-12-02T06:30:00Z', minutes: 60 }
  expect(reapplied(base, mine, theirs)).toEqual({ joint: { ...theirs, title: mine.title }, both: [] })
})

test('both changed the same: mine stands, and it is said', () => {
  const mine = { ...base, minutes: 120 }
  const theirs = { ...base, minutes: 60, parties: [...base.parties, party('turkey', 'tr')] }
  expect(reapplied(base, mine, theirs)).toEqual({ joint: { ...theirs, minutes: 120 }, both: ['minutes'] })
  expect(reapplied(base, theirs, theirs).both).toEqual([])
})

test('a side that they added stays when I changed the sides too', () => {
  const mine = { ...base, parties: [base.parties[0]!, { ...base.parties[1]!, names: { az: 'X' } }] }
  const theirs = { ...base, parties: [...base.parties, party('turkey', 'tr')] }
  expect(reapplied(base, mine, theirs).joint.parties.map((each) => each.id)).toEqual(['iran', 'azerbaijan', 'turkey'])
})

test('tidied', () => {
  const joint = { ...base, title: { fa: ' راه ', az: 'Yol', ru: 'Дорога', en: '' } }
  expect(tidied(joint).title).toEqual({ fa: 'راه', az: 'Yol' })
})

test('a new one has the languages of its sides', () => {
  expect(emptyJoint(base.parties[0]!, base.parties[1], when)).toMatchObject({ languages: ['fa', 'az'], agenda: [], startsAt: '2026-12-01T06:30:00.000Z' })
  expect(emptyJoint(base.parties[0]!, undefined, when).parties).toHaveLength(1)
})
