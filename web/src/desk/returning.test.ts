import { expect, test } from 'vitest'
import type { AgreementLine } from '../protocol.ts'
import { returning, withoutStrangers, withReturned } from './returning.ts'

const line = (id: string, parties: string[], returns: boolean) => ({
  consultation: 'c1', agreement: { id }, parties: parties.map((party) => ({ id: party })), terms: { title: { fa: 'راه', az: 'Yol' } }, review: { returns },
}) as unknown as AgreementLine
const lines = [line('late', ['tehran', 'baku'], true), line('good', ['tehran', 'baku'], false), line('three', ['tehran', 'baku', 'ankara'], true)]

test('what is late between the same sides comes back, once', () => {
  const found = returning(lines, ['baku', 'tehran'], [])
  expect(found.map((one) => one.agreement.id)).toEqual(['late'])
  const agenda = withReturned([{ id: 'item-2', title: { az: 'x' }, minutes: 5 }], found)
  expect(agenda[1]).toEqual({ id: expect.any(String), title: { fa: 'راه', az: 'Yol' }, minutes: 15, agreement: { consultation: 'c1', id: 'late' } })
  expect(returning(lines, ['baku', 'tehran'], agenda)).toEqual([])
})

test('when other sides are chosen, it goes again', () => {
  const agenda = withReturned([], returning(lines, ['baku', 'tehran'], []))
  expect(withoutStrangers(agenda, lines, ['baku', 'tehran', 'ankara'])).toEqual([])
  expect(withoutStrangers(agenda, lines, ['baku', 'tehran'])).toEqual(agenda)
})

test('an agenda has room for so many', () => {
  const full = Array.from({ length: 60 }, (_, n) => ({ id: `item-${n}`, title: {}, minutes: 0 }))
  expect(withReturned(full, returning(lines, ['baku', 'tehran'], full))).toHaveLength(60)
})
