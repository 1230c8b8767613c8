import { expect, test } from 'vitest'
import type { Agreement, AgreementVersion, Terms } from '../protocol.ts'
import { compared, differences, inForceOn, steps } from './history.ts'

const terms = (due: string, text: string, inForce?: string): Terms => ({ kind: 'protocol', title: { az: 'Baytar qaydaları' }, text: { az: text }, areas: [], milestones: [{ id: 'm1', title: { az: 'Laboratoriya' }, due }], ...(inForce ? { inForce } : {}) })
const version = (seq: number, of: Terms, agreed: boolean): AgreementVersion => ({ seq, at: '2026-01-01T00:00:00Z', party: 'baku', terms: of, ...(agreed ? { effectAt: '2026-01-02T00:00:00Z' } : {}) })
const versions = [version(1, terms('2026-03-01', 'Ət 7 gün saxlanılır.', '2026-02-01'), true), version(2, terms('2026-03-01', 'Ət 10 gün saxlanılır.', '2026-06-01'), true),
  version(3, terms('2026-05-01', 'Ət 10 gün saxlanılır.', '2026-09-01'), false), version(4, terms('2026-07-01', 'Ət 10 gün saxlanılır.', '2026-12-01'), true)]
const agreement: Agreement = { id: 'a', versions, agreed: {}, effect: 4, obstacles: [], evidence: [], sides: { baku: { reports: [], met: { m1: '2026-07-03' } }, tehran: { reports: [], met: {} } } }

test('a date that moved is known by what all agreed to', () => {
  expect(steps(agreement, versions[3]!.terms, ['baku', 'tehran'])).toEqual([{ milestone: versions[3]!.terms.milestones[0], dues: ['2026-03-01', '2026-07-01'], met: undefined }])
  expect(steps(agreement, versions[3]!.terms, ['baku'])[0]?.met).toBe('2026-07-03')
})

test.each([['2026-01-31', undefined], ['2026-02-01', 1], ['2026-10-01', 2], ['2027-01-01', 4]])('on %s version %s is in force', (day, want) => {
  expect(inForceOn(versions, day)).toBe(want)
})

test.each([
  ['az', 'Ət 7 gün saxlanılır.', 'Ət 10 gün saxlanılır.', ['7'], ['10']],
  ['fa', 'گوشت هفت روز می‌ماند', 'گوشت ده روز می‌ماند', ['هفت'], ['ده']],
  ['ru', 'Мясо хранится 7 дней', 'Мясо хранится 10 дней', ['7'], ['10']],
])('words of %s that differ', (language, from, to, removed, added) => {
  const pieces = compared(from, to, language)
  expect(pieces.filter((piece) => piece.change === 'removed').map((piece) => piece.text)).toEqual(removed)
  expect(pieces.filter((piece) => piece.change === 'added').map((piece) => piece.text)).toEqual(added)
  expect(pieces.filter((piece) => piece.change !== 'added').map((piece) => piece.text).join('')).toBe(from)
})

test('only what differs is shown', () => {
  const found = differences(versions[0]!.terms, versions[3]!.terms, ['az', 'fa'], (part, of) => `${part} ${of ?? ''}`.trim(), (iso) => iso, () => '', () => '')
  expect(found.map((one) => one.name)).toEqual(['text az', 'in-force', 'due 1'])
})
